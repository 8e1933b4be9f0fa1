"""Red flags of declarations as findings: raised, refreshed, confirmed, closed by themselves."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.findings.enums import CloseReason, FindingState, Severity, Source
from assessments.findings.models import Finding
from assessments.findings.queries import visible_findings
from assessments.findings.services import confirm_finding
from assessments.findings.services.declared import raise_declared_findings
from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.models import Declaration, RedFlag
from minerals.declarations.services import assess_declaration, return_declaration
from minerals.smelters.enums import Status
from tests.factories import cast
from tests.minerals.world import make_declaration, make_received, make_smelter

pytestmark = pytest.mark.django_db
RULE = "smelter_unknown:Tin"


def flag(declaration: Declaration, code: str = "smelter_unknown", **fields) -> RedFlag:
    """A red flag straight in the table."""
    values = {"grade": "flag", "mineral": "Tin", "params": {"count": 1, "names": ["Nobody Knows Works"]}}
    return RedFlag.objects.create(declaration=declaration, code=code, **{**values, **fields})


def test_a_red_flag_becomes_an_unconfirmed_finding_in_every_language():
    people = cast()
    declaration = make_received(people.relationship)

    assert (raise_declared_findings(), raise_declared_findings()) == (1, 0)

    finding = Finding.objects.get(rule=RULE)
    assert (finding.source, finding.source_id, finding.site, finding.relationship) == (
        Source.DECLARATION,
        declaration.pk,
        declaration.site,
        people.relationship,
    )
    assert (finding.code_of_conduct, finding.provision, finding.severity) == ("rba-8.0", "D7", Severity.MINOR)
    assert (finding.state, finding.confirmed_at, finding.is_unconfirmed_flag) == (FindingState.OPEN, None, True)
    assert set(finding.text) == {"en", "ja", "zh-hans", "th"}
    assert "Example Tin Works (CID900001)" in finding.text["en"]
    assert not RedFlag.objects.filter(grade="flag", raised_at=None).exists()


def test_a_smelter_that_is_not_conformant_is_a_major_finding():
    people = cast()
    make_smelter(people.buyer, status=Status.NON_CONFORMANT)
    make_received(people.relationship)

    raise_declared_findings()

    assert Finding.objects.get().severity == Severity.MAJOR


def test_a_site_that_cannot_be_read_does_not_hold_up_the_others(caplog):
    broken, sound = make_received(), make_received()
    flag(broken, code="no_such_code", params={"count": "many"})

    raise_declared_findings()

    assert set(Finding.objects.values_list("source_id", flat=True)) == {sound.pk}
    assert f"({broken.site_id}, {broken.relationship_id})" in caplog.text


def test_warnings_and_what_was_not_handed_in_raise_nothing():
    declaration = make_declaration(state=State.RECEIVED)
    flag(declaration, "smelter_not_assessed", grade="warning")
    flag(make_declaration(state=State.REQUESTED))

    assert (raise_declared_findings(), Finding.objects.count()) == (0, 0)


def test_a_flag_that_is_gone_closes_its_finding_and_one_that_comes_back_opens_it():
    people = cast()
    declaration = make_received(people.relationship)
    raise_declared_findings()
    smelter = make_smelter(people.buyer)
    row = declaration.current.smelters.get()
    row.smelter = smelter
    row.save()
    assess_declaration(declaration)

    raise_declared_findings()
    finding = Finding.objects.get()
    assert (finding.state, finding.close_reason) == (FindingState.CLOSED, CloseReason.CORRECTED)

    row.smelter = None
    row.save()
    assess_declaration(declaration)
    raise_declared_findings()
    assert Finding.objects.get().state == FindingState.OPEN


def test_a_returned_declaration_takes_its_unconfirmed_findings_back_until_it_comes_again():
    people = cast()
    declaration = make_received(people.relationship)
    raise_declared_findings()
    return_declaration(declaration, subject="Mend it", body="Who is this?", actor=people.dave)

    raise_declared_findings()
    assert Finding.objects.get().state == FindingState.CLOSED

    Declaration.objects.update(state=State.RECEIVED)
    raise_declared_findings()
    assert Finding.objects.get().state == FindingState.OPEN


def test_a_confirmed_finding_stays_when_its_flag_goes():
    people = cast()
    declaration = make_received(people.relationship)
    raise_declared_findings()
    confirm_finding(finding=Finding.objects.get(), actor=people.dave)

    RedFlag.objects.filter(declaration=declaration).delete()
    raise_declared_findings()

    assert Finding.objects.get().state == FindingState.OPEN


def test_two_declarations_of_a_site_share_a_finding_and_it_goes_with_the_last():
    people = cast()
    first = make_declaration(people.relationship, state=State.ACCEPTED, submitted_at=timezone.now())
    second = make_declaration(people.relationship, state=State.RECEIVED, template="EMRT")
    flag(first)
    twin = flag(second)
    raise_declared_findings()
    assert Finding.objects.get().source_id == second.pk

    twin.delete()
    raise_declared_findings()
    finding = Finding.objects.get()
    assert (finding.source_id, finding.state) == (first.pk, FindingState.OPEN)


def test_gaps_are_told_apart_by_template():
    people = cast()
    for template in ("CMRT", "EMRT"):
        declaration = make_declaration(people.relationship, state=State.RECEIVED, template=template)
        flag(declaration, "missing_items", grade="error", mineral="", params={"count": 2})

    raise_declared_findings()

    assert sorted(Finding.objects.values_list("rule", flat=True)) == ["missing_items:CMRT", "missing_items:EMRT"]


def test_a_supplier_reads_it_only_once_a_person_has_confirmed_it():
    people = cast()
    make_received(people.relationship)
    raise_declared_findings()
    assert (visible_findings(people.alice).count(), visible_findings(people.dave).count()) == (0, 1)

    confirm_finding(finding=Finding.objects.get(), actor=people.dave)

    assert visible_findings(people.alice).count() == 1


def test_the_page_of_the_finding_leads_to_the_declaration(client):
    people = cast()
    declaration = make_received(people.relationship)
    raise_declared_findings()
    client.force_login(people.dave)

    page = client.get(reverse("finding_detail", args=[Finding.objects.get().pk])).content.decode()

    assert reverse("declaration_detail", args=[declaration.pk]) in page
    assert "confirm what the declaration showed" in page
    listed = client.get(reverse("finding_list"), {"source": "declaration", "source_id": declaration.pk})
    assert "Responsible Sourcing of Minerals" in listed.content.decode()
