"""States of lists and names: every move, allowed or not."""

import datetime as dt

import pytest

from minerals.smelters.enums import CaseState, ListState
from minerals.smelters.lifecycle import advance_cases, advance_list
from minerals.smelters.models import NameCase, SmelterList
from portal.lib.errors import ConflictError
from tests.factories import make_organisation, make_user
from tests.minerals.world import make_smelter

pytestmark = pytest.mark.django_db

LISTS = {("preview", "applied"), ("preview", "discarded")}
CASES = {("open", "matched"), ("open", "unknown"), ("open", "rejected")} | {
    (state, "open") for state in ("matched", "unknown", "rejected")
}


@pytest.mark.parametrize("source", ListState)
@pytest.mark.parametrize("target", ListState)
def test_advance_list(source, target):
    row = SmelterList.objects.create(
        owner=make_organisation(), kind="file", name="L", as_of=dt.date(2026, 1, 1), state=source
    )
    actor = make_user()
    if (source, target) in LISTS:
        advance_list(row, target, actor=actor)
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (target, actor)
    else:
        with pytest.raises(ConflictError):
            advance_list(row, target, actor=actor)
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (source, None)


@pytest.mark.parametrize("source", CaseState)
@pytest.mark.parametrize("target", CaseState)
def test_advance_cases(source, target):
    smelter = make_smelter(make_organisation())
    matched = smelter if source == CaseState.MATCHED else None
    case = NameCase.objects.create(
        owner=smelter.owner, metal="Tin", name="X", folded="x", state=source, smelter=matched
    )
    columns = {"smelter": smelter} if target == CaseState.MATCHED else {}
    moved = advance_cases([case.pk], target, actor=None, **columns)
    case.refresh_from_db()
    allowed = (source, target) in CASES
    assert (moved, case.state) == ((1, target) if allowed else (0, source))
    assert (case.decided_at is not None) == (allowed and target != CaseState.OPEN)
