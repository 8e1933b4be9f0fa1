"""Which lists count on a day, and who sees them."""

from datetime import date

import pytest
from django.utils import timezone

from minerals.origins.core import Risk, base_areas
from minerals.origins.enums import AreaGrade, ListKind
from minerals.origins.queries import areas_for, covered_countries, lists_in_force, visible_lists
from tests.factories import cast
from tests.minerals.world import make_risk_list

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def people():
    return cast()


def test_without_a_company_there_are_only_the_covered_countries(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert areas_for(None, DAY) == base_areas()


def test_the_newest_list_of_each_kind_counts(people):
    make_risk_list(people.buyer, ["MM", "AF"], as_of=date(2025, 1, 1))
    newer = make_risk_list(people.buyer, ["AF"], as_of=date(2026, 1, 1))
    other = make_risk_list(people.buyer, ["RU"], as_of=date(2024, 1, 1), kind=ListKind.SANCTION, name="Sanctions")
    make_risk_list(people.buyer, ["PE"], as_of=date(2026, 7, 1))
    make_risk_list(people.buyer, ["CL"], as_of=date(2026, 5, 1), withdrawn_at=timezone.now())
    make_risk_list(people.trent.memberships.get().organisation, ["CN"])

    assert {one.pk for one in lists_in_force(people.buyer.pk, DAY)} == {newer.pk, other.pk}
    assert areas_for(people.buyer.pk, DAY).risky == {
        "AF": Risk(grade="high", lists=("Risky areas",)),
        "RU": Risk(grade="high", lists=("Sanctions",)),
    }


def test_the_worst_grade_and_all_regions_are_joined(people):
    make_risk_list(people.buyer, ["CO", "PE"], region="Chocó", grade=AreaGrade.WATCH)
    make_risk_list(people.buyer, ["CO"], kind=ListKind.OTHER, region="Nariño", grade=AreaGrade.ELEVATED, name="Other")
    make_risk_list(people.buyer, ["PE"], kind=ListKind.RED_FLAG, name="Flags")

    assert areas_for(people.buyer.pk, DAY).risky == {
        "CO": Risk(grade="elevated", regions=("Chocó", "Nariño"), lists=("Risky areas", "Other")),
        "PE": Risk(grade="high", lists=("Risky areas", "Flags")),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_areas_take_two_queries(people, django_assert_num_queries, count):
    for number in range(count):
        make_risk_list(people.buyer, ["MM"], as_of=date(2026, 1, 1 + number))

    with django_assert_num_queries(2):
        areas_for(people.buyer.pk, DAY)


def test_lists_are_seen_by_their_buyer_alone(people):
    risk_list = make_risk_list(people.buyer)

    seen = {
        name: list(visible_lists(getattr(people, name)))
        for name in ("alice", "carol", "dave", "erin", "mallory", "trent")
    }
    assert seen == {"alice": [], "carol": [], "dave": [risk_list], "erin": [risk_list], "mallory": [], "trent": []}


def test_covered_countries_are_in_the_order_of_their_names():
    assert [country.code for country in covered_countries()] == [
        "AO",
        "BI",
        "CF",
        "CG",
        "CD",
        "RW",
        "SS",
        "TZ",
        "UG",
        "ZM",
    ]
