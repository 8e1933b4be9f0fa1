"""Adding and withdrawing lists."""

from datetime import date

import pytest

from minerals.origins.models import RiskArea, RiskList
from minerals.origins.services import AreaRow, add_list, withdraw_list
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests.factories import cast

pytestmark = pytest.mark.django_db
FACTS = {"name": "Own list", "kind": "cahra", "source": "Board, May 2026", "as_of": date(2026, 5, 1)}


@pytest.fixture
def people():
    return cast()


def add(people, *rows, **facts):
    return add_list(owner=people.buyer, rows=rows or [AreaRow("MM")], actor=people.erin, **{**FACTS, **facts})


def test_a_list_is_kept_with_its_areas_and_in_the_trail(people):
    kept = add(people, AreaRow("MM", "Kachin", "high", "Ore"), AreaRow("PE", grade="watch"))

    assert list(kept.areas.order_by("pk").values_list("country", "region", "grade", "note")) == [
        ("MM", "Kachin", "high", "Ore"),
        ("PE", "", "watch", ""),
    ]
    assert Entry.objects.filter(deed="add_risk_list").values_list("actor", "organisation_id", "detail").get() == (
        people.erin.pk,
        people.buyer.pk,
        {"name": "Own list", "areas": 2},
    )


def test_two_lists_of_a_kind_and_a_day_contradict_each_other(people):
    add(people)

    with pytest.raises(DomainError) as caught:
        add(people)

    assert (caught.value.code, RiskList.objects.count(), RiskArea.objects.count()) == ("known", 1, 1)
    assert caught.value.message == (
        "There is a list “Conflict-affected and high-risk areas” as of 1 May 2026 already. "
        "Withdraw it first, or give this one another day."
    )


def test_another_kind_or_day_stands_beside_it(people):
    add(people)
    add(people, kind="sanction")
    add(people, as_of=date(2026, 5, 2))

    assert RiskList.objects.count() == 3


def test_an_empty_list_is_refused(people):
    with pytest.raises(DomainError):
        add_list(owner=people.buyer, rows=[], actor=people.erin, **FACTS)


def test_a_withdrawn_list_makes_room_and_is_withdrawn_once(people):
    first = add(people)
    withdraw_list(first, actor=people.dave)
    first.refresh_from_db()
    add(people)

    assert (first.withdrawn_by, first.changed_at) == (people.dave, first.withdrawn_at)
    with pytest.raises(DomainError) as caught:
        withdraw_list(first, actor=people.dave)
    assert caught.value.code == "withdrawn"
