"""Decisions about names: they hold, teach a name, and can be undone."""

import pytest

from minerals.smelters.enums import CaseState, How, NameKind, Rejection
from minerals.smelters.models import NameCase
from minerals.smelters.services import names
from minerals.smelters.services.matching import Match, match_rows
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import make_organisation, make_user
from tests.minerals.world import make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_user()


@pytest.fixture
def smelter():
    return make_smelter(make_organisation(name="Example Buyer"))


def row_of(name, cid="", country="MALAYSIA", metal="Tin"):
    return make_smelter_row(5, lookup="", name=name, standard_name="", cid=cid, country=country, metal=metal)


def open_case(smelter, *args, **fields):
    (match,) = match_rows(owner_id=smelter.owner_id, rows=[row_of(*args, **fields)])
    return NameCase.objects.get(pk=match.case_id)


def test_a_match_holds_and_teaches_the_name(smelter, actor):
    case = open_case(smelter, "Tinny")
    elsewhere = open_case(smelter, "TINNY", country="JAPAN")
    assert names.match_case(case, smelter, actor=actor) is True
    assert (case.state, case.smelter, case.decided_by) == (CaseState.MATCHED, smelter, actor)
    assert list(smelter.names.filter(kind=NameKind.ALIAS).values_list("name", "case")) == [("Tinny", case.pk)]
    elsewhere.refresh_from_db()
    assert (elsewhere.state, elsewhere.smelter, elsewhere.decided_by) == (CaseState.MATCHED, smelter, None)
    matches = match_rows(owner_id=smelter.owner_id, rows=[row_of("tinny"), row_of("tinny", country="PERU")])
    assert matches == [Match(smelter.pk, case.pk, How.ALIAS)] * 2
    assert Entry.objects.get(deed="match_smelter_name").detail == {
        "name": "Tinny",
        "smelter": "Example Tin Works (CID900001)",
    }


def test_a_match_without_the_alias_holds_for_the_same_row_only(smelter, actor):
    case = open_case(smelter, "Tinny")
    assert names.match_case(case, smelter, add_alias=False, actor=actor) is False
    matches = match_rows(owner_id=smelter.owner_id, rows=[row_of("Tinny"), row_of("Tinny", country="PERU")])
    assert matches[0] == Match(smelter.pk, case.pk, How.DECIDED)
    assert matches[1].how == How.CASE


def test_an_old_id_is_learnt(smelter, actor):
    case = open_case(smelter, "Tinny", cid="2MYS001")
    names.match_case(case, smelter, actor=actor)
    assert match_rows(owner_id=smelter.owner_id, rows=[row_of("Else", cid="2mys001")]) == [
        Match(smelter.pk, case.pk, How.OLD_ID)
    ]


@pytest.mark.parametrize("name", ["N/A", "Second Example"])
def test_junk_and_names_of_others_are_not_learnt(smelter, actor, name):
    make_smelter(smelter.owner, cid="CID900002", name="Second Example")
    case = open_case(smelter, name, cid="CID900777")
    assert names.match_case(case, smelter, actor=actor) is False
    assert not smelter.names.filter(kind=NameKind.ALIAS).exists()


def test_a_smelter_of_another_company_is_refused(smelter, actor):
    other = make_smelter(make_organisation(name="Other Buyer"))
    with pytest.raises(DomainError, match="your own registry"):
        names.match_case(open_case(smelter, "Tinny"), other, actor=actor)


@pytest.mark.parametrize("deed", ["keep", "reject"])
def test_a_decided_name_stays_as_it_is(smelter, actor, deed):
    case = open_case(smelter, "Tinny")
    names.keep_unknown(case, reason="Asked the supplier", actor=actor)
    assert (case.state, case.reason) == (CaseState.UNKNOWN, "Asked the supplier")
    with pytest.raises(ConflictError, match="decided by somebody else"):
        if deed == "keep":
            names.keep_unknown(case, actor=actor)
        else:
            names.reject_case(case, Rejection.MINE, actor=actor)


def test_a_rejection_names_its_reason(smelter, actor):
    case = open_case(smelter, "Tinny")
    with pytest.raises(DomainError, match="Write the reason"):
        names.reject_case(case, Rejection.OTHER, actor=actor)
    names.reject_case(case, Rejection.TRADER, actor=actor)
    assert (case.state, case.rejection) == (CaseState.REJECTED, Rejection.TRADER)


def test_undoing_takes_back_the_alias_and_what_followed_from_it(smelter, actor):
    case, elsewhere = open_case(smelter, "Tinny"), open_case(smelter, "TINNY", country="JAPAN")
    names.match_case(case, smelter, actor=actor)
    assert names.reopen_case(case, actor=actor) == 2
    elsewhere.refresh_from_db()
    assert [(one.state, one.smelter, one.decided_at) for one in (case, elsewhere)] == [(CaseState.OPEN, None, None)] * 2
    assert not smelter.names.filter(kind=NameKind.ALIAS).exists()
    with pytest.raises(ConflictError, match="open already"):
        names.reopen_case(case, actor=actor)


def test_the_obvious_is_rejected_at_once(smelter, actor):
    cases = [open_case(smelter, name) for name in ("N/A", "Gold", "Example Trading Co.", "Somebody Real")]
    assert names.reject_obvious(cases, actor=actor) == 3
    assert list(NameCase.objects.order_by("pk").values_list("state", "rejection")) == [
        ("rejected", "no_name"),
        ("rejected", "metal"),
        ("rejected", "trader"),
        ("open", ""),
    ]


def test_only_a_clear_first_suggestion_is_matched_at_once(smelter, actor):
    for cid in ("CID900300", "CID900301"):
        make_smelter(smelter.owner, cid=cid, name="Twin Example Metals")
    cases = [open_case(smelter, name) for name in ("Exampel Tin Works", "Twin Example Metals", "Somebody Real")]
    assert names.match_first(cases, actor=actor) == 1
    assert [(case.state, case.smelter) for case in NameCase.objects.order_by("pk")] == [
        (CaseState.MATCHED, smelter),
        (CaseState.OPEN, None),
        (CaseState.OPEN, None),
    ]


def test_many_are_kept_as_unknown_with_one_entry_in_the_trail(smelter, actor):
    cases = [open_case(smelter, name) for name in ("One Of Many", "Two Of Many")]
    assert names.keep_many_unknown(cases, actor=actor) == 2
    assert Entry.objects.get(deed="decide_smelter_names").detail == {"count": 2, "state": "unknown"}
