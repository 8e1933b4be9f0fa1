"""Rows to smelters: in order, in a constant number of queries, with cases that remember."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from minerals.smelters.enums import CaseState, How, NameKind
from minerals.smelters.matching import fold_name
from minerals.smelters.models import NameCase, SmelterName
from minerals.smelters.services.matching import Match, match_rows
from tests.factories import make_organisation
from tests.minerals.world import make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_organisation(name="Example Buyer")


def name_it(smelter, name, kind=NameKind.ALIAS):
    return SmelterName.objects.create(smelter=smelter, name=name, folded=fold_name(name), kind=kind)


def test_rows_are_matched_in_order(owner):
    tin = make_smelter(owner)
    gold = make_smelter(owner, "Gold", "CID900100", name="Example Refinery")
    name_it(tin, "ETW")
    rows = [
        make_smelter_row(5),
        make_smelter_row(6, lookup="Smelter not listed", name="ETW", standard_name="", cid="", listed=False),
        make_smelter_row(7, lookup="Smelter not yet identified", name="Unknown", standard_name="", cid=""),
        make_smelter_row(8, metal="GOLD", lookup="", name="example refinery", standard_name="", cid=""),
        make_smelter_row(9, lookup="", name="Nobody Knows It", standard_name="", cid="", country="Japan"),
        make_smelter_row(10, lookup="Another Name", name="Another Name", standard_name=""),
        make_smelter_row(11, lookup="", name="", standard_name="", cid=""),
    ]
    matches = match_rows(owner_id=owner.pk, rows=rows)
    case = NameCase.objects.get()
    assert matches == [
        Match(tin.pk, None, How.ID),
        Match(tin.pk, None, How.ALIAS),
        Match(None, None, How.NONE),
        Match(gold.pk, None, How.STANDARD),
        Match(None, case.pk, How.CASE),
        Match(tin.pk, None, How.ID_OTHER_NAME),
        Match(None, None, How.NONE),
    ]
    assert (case.metal, case.name, case.folded, case.cid, case.country_text, case.state, case.suggestions) == (
        "Tin",
        "Nobody Knows It",
        "nobody knows it",
        "",
        "JAPAN",
        CaseState.OPEN,
        [],
    )


def test_rows_that_ask_the_same_share_one_case(owner):
    smelter = make_smelter(owner)
    first = make_smelter_row(5, lookup="", name="Exampel Tin Works", standard_name="", cid="", country="MALAYSIA")
    second = make_smelter_row(9, lookup="", name="exampel tin-works", standard_name="", cid="", country="Malaysia ")
    one, two = match_rows(owner_id=owner.pk, rows=[first, second])
    (again,) = match_rows(owner_id=owner.pk, rows=[second])
    case = NameCase.objects.get()
    assert one == two == again == Match(None, case.pk, How.CASE)
    assert case.suggestions == [{"smelter": smelter.pk, "how": "alike", "score": 94}]


def test_a_known_id_is_never_matched_through_the_registry_of_another_company(owner):
    other = make_organisation(name="Other Buyer")
    make_smelter(other)
    (match,) = match_rows(owner_id=owner.pk, rows=[make_smelter_row()])
    assert match == Match(None, NameCase.objects.get(owner=owner).pk, How.CASE)
    assert NameCase.objects.get().suggestions == []


@pytest.mark.parametrize(
    ("state", "how"),
    [(CaseState.MATCHED, How.DECIDED), (CaseState.UNKNOWN, How.KEPT), (CaseState.REJECTED, How.REJECTED)],
)
def test_a_decision_holds_for_the_next_declaration(owner, state, how):
    smelter = make_smelter(owner)
    row = make_smelter_row(5, lookup="", name="Nobody Knows It", standard_name="", cid="")
    match_rows(owner_id=owner.pk, rows=[row])
    case = NameCase.objects.get()
    case.state, case.decided_at = state, timezone.now()
    case.smelter = smelter if state == CaseState.MATCHED else None
    case.save()
    assert match_rows(owner_id=owner.pk, rows=[row]) == [Match(case.smelter_id, case.pk, how)]
    assert NameCase.objects.count() == 1


def test_the_id_of_another_metal_is_a_suggestion(owner):
    smelter = make_smelter(owner)
    rows = [make_smelter_row(metal="Gold", lookup="", standard_name="", name="")]
    assert match_rows(owner_id=owner.pk, rows=rows)[0].smelter_id is None
    assert NameCase.objects.get().suggestions == [{"smelter": smelter.pk, "how": "other_metal", "score": 90}]


def test_nothing_is_read_for_no_rows(owner, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert match_rows(owner_id=owner.pk, rows=[]) == []


def test_queries_do_not_grow_with_the_rows(owner):
    make_smelter(owner)

    def count(names):
        rows = [make_smelter_row(5, lookup="", name=name, standard_name="", cid="") for name in names]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            match_rows(owner_id=owner.pk, rows=[*rows, make_smelter_row()])
        return len(queries)

    assert count(["Nobody A"]) == count([f"Nobody {letter}" for letter in "BCDEFGHIJ"]) <= 7
