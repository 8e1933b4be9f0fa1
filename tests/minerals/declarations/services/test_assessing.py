"""Red flags are kept, made anew when something they rest on changes, and told to the roll-up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.services import apply_cases, assess_declaration, assess_stale
from minerals.smelters.enums import CaseState, ListKind, ListState, Status
from minerals.smelters.models import NameCase, SmelterList
from tests.factories import make_relationship
from tests.minerals.world import (
    make_accepted,
    make_declared,
    make_received,
    make_risk_list,
    make_smelter,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db


def codes(declaration: Declaration) -> list[str]:
    """The codes of red flags that come from what is known of smelters and countries."""
    ours = ("smelter_", "origin_covered", "origin_risky", "missing_")
    return sorted(code for code in declaration.flags.values_list("code", flat=True) if code.startswith(ours))


def test_a_status_that_changed_is_seen_by_the_sweep():
    bond = make_relationship()
    smelter = make_smelter(bond.buyer)
    declaration = make_received(bond)
    assert codes(declaration) == []

    smelter.status = Status.NON_CONFORMANT
    smelter.save()
    now = timezone.now()
    SmelterList.objects.create(
        owner=bond.buyer, kind=ListKind.FILE, name="List", as_of=now.date(), state=ListState.APPLIED,
        decided_at=now + timedelta(seconds=1),
    )  # fmt: skip

    assert (assess_stale(), codes(declaration)) == (1, ["smelter_not_conformant"])


def test_a_risk_list_that_came_in_is_seen_by_the_sweep():
    bond = make_relationship()
    make_smelter(bond.buyer)
    declaration = make_received(bond, make_declared(smelters=[make_smelter_row(mine_countries="Peru")]))
    Declaration.objects.update(assessed_at=timezone.now() - timedelta(hours=1))

    make_risk_list(bond.buyer, ["PE"])

    assert (assess_stale(), assess_stale(), codes(declaration)) == (1, 0, ["origin_risky"])


def test_one_that_cannot_be_assessed_does_not_hold_up_the_others(caplog):
    broken, sound = make_received(), make_received()
    broken.current.issues = [{"no": "issue"}]
    broken.current.save(update_fields=["issues"])
    Declaration.objects.update(assessed_at=None)

    assert assess_stale() == 1
    assert Declaration.objects.get(assessed_at=None) == broken and sound.pk
    assert f"Declaration {broken.pk} could not be assessed" in caplog.text


def test_a_mineral_that_was_asked_for_and_is_not_declared_is_a_red_flag():
    declaration = make_received(minerals=["Tin", "Cobalt"])

    assert list(declaration.flags.filter(code="mineral_missing").values_list("mineral", flat=True)) == ["Cobalt"]


def test_a_flag_that_stays_keeps_that_its_finding_was_raised():
    declaration = make_received()
    raised = timezone.now()
    RedFlag.objects.update(raised_at=raised)

    assess_declaration(Declaration.objects.get(pk=declaration.pk))

    assert set(RedFlag.objects.values_list("raised_at", flat=True)) == {raised}


def test_a_decision_on_a_name_reaches_every_row_that_waits_for_it_and_the_roll_up():
    bond = make_relationship()
    smelter = make_smelter(bond.buyer, cid="CID900005", name="Known Works")
    unknown = make_smelter_row(cid="", lookup="Smelter not listed", name="Nobody Knows", standard_name="")
    first = make_received(bond, make_declared(smelters=[unknown]))
    second = make_accepted(make_relationship(bond.buyer))
    Declaration.objects.filter(pk=first.pk).update(state="accepted", counted=True)
    case = NameCase.objects.get(name="Nobody Knows")
    NameCase.objects.filter(pk=case.pk).update(state=CaseState.MATCHED, smelter=smelter)

    assert (apply_cases(), apply_cases()) == (1, 0)

    row = Declaration.objects.get(pk=first.pk)
    assert (row.counted, row.unknown_smelters, row.smelters) == (False, 0, 1)
    assert row.current.smelters.get().smelter == smelter
    assert second.pk != first.pk

    NameCase.objects.filter(pk=case.pk).update(state=CaseState.OPEN, smelter=None)
    assert apply_cases() == 1
    assert Declaration.objects.get(pk=first.pk).unknown_smelters == 1
