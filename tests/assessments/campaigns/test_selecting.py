"""Which sites a selection means."""

import datetime as dt

import pytest
from django.utils import timezone

from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import (
    Codes,
    check_codes,
    chosen_sites,
    count_selection,
    largest_meant,
    selection_choices,
    size_words,
)
from assessments.campaigns.selection import Selection
from suppliers.organisations.enums import EndReason, Role
from suppliers.organisations.models import Relationship, Site
from tests.factories import (
    SMALL_DOCUMENT,
    make_membership,
    make_organisation,
    make_relationship,
    make_site,
    make_user,
    make_version,
)

TODAY = dt.date(2026, 6, 1)


def codes_of(world, **selection):
    sites = chosen_sites(world.buyer, Selection.from_data(selection), world.erin)
    codes = {bond.supplier_id: code for code, bond in world.bonds.items()}
    return sorted(codes.get(site.organisation_id, "own") for site in sites)


@pytest.mark.parametrize(
    ("selection", "codes"),
    [
        ({}, ["A", "B", "C", "D"]),
        ({"countries": ["JP"]}, ["A"]),
        ({"countries": ["JP", "TH"]}, ["A", "B"]),
        ({"regions": ["South"]}, ["B"]),
        ({"tiers": [2]}, ["B"]),
        ({"tiers": [1], "countries": ["TH"]}, []),
        ({"business_units": ["Imaging"], "tiers": [1]}, ["A", "C", "D"]),
        ({"categories": ["Parts"]}, ["A", "B", "C", "D"]),
        ({"categories": ["Other"]}, []),
        ({"sectors": ["components"]}, ["A", "B", "C", "D"]),
        ({"sectors": ["metals"]}, []),
        ({"own_sites": "with"}, ["A", "B", "C", "D", "own"]),
        ({"own_sites": "only"}, ["own"]),
        ({"vendor_codes": ["A", "C", "A"]}, ["A", "C"]),
        ({"vendor_codes": ["A"], "countries": ["TH"]}, ["A"]),
        ({"vendor_codes": ["OWN"]}, ["own"]),
        ({"vendor_codes": ["a"]}, []),
        ({"vendor_codes": ["nothing"]}, []),
    ],
)
def test_a_selection_means_these_sites(world, selection, codes):
    make_relationship(world.buyer, world.buyer, vendor_code="OWN")
    make_site(world.buyer)
    assert codes_of(world, **selection) == codes


@pytest.mark.parametrize(
    ("low", "high", "codes"),
    [
        (None, None, ["A", "B", "C", "D"]),
        (0, None, ["A", "B", "C"]),
        (250, None, ["B", "C"]),
        (251, None, ["C"]),
        (None, 250, ["A", "B"]),
        (None, 249, ["A"]),
        (50, 250, ["B"]),
        (900, 1000, []),
    ],
)
def test_a_size_means_sites_with_a_number_in_its_limits(world, low, high, codes):
    for code, workers in {"A": 49, "B": 250, "C": 251, "D": None}.items():
        Site.objects.filter(pk=world.sites[code].pk).update(workers=workers)
    assert codes_of(world, workers_from=low, workers_to=high) == codes
    assert codes_of(world, workers_from=low, workers_to=high, vendor_codes=["D"]) == ["D"]


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(), ""),
        (Selection(workers_to=250, vendor_codes=("A",)), ""),
        (Selection(workers_from=1000), "Sites with 1,000 workers or more"),
        (Selection(workers_to=250), "Sites with at most 250 workers"),
        (Selection(workers_from=0, workers_to=250), "Sites with 0 to 250 workers"),
    ],
)
def test_a_size_is_said_in_words(selection, words):
    assert size_words(selection) == words


def test_the_short_questionnaire_and_what_extends_it_are_meant_for_small_sites(world):
    def meant(**fields):
        return largest_meant(Campaign(buyer=world.buyer, **fields))

    short = make_version({**SMALL_DOCUMENT, "code": "facility-short"})
    ours = make_version({**SMALL_DOCUMENT, "code": "ours"}, owner=world.buyer, base=short)
    named_alike = make_version({**SMALL_DOCUMENT, "code": "facility-short"}, owner=world.buyer)
    found = [meant(version=version) for version in (short, ours, named_alike, make_version())]
    assert found == [250, 250, None, None]
    assert meant(kind="declaration", template="CMRT") is None


def test_a_site_is_chosen_once_and_all_open_sites_of_a_supplier_are(world):
    first = world.sites["A"]
    second = make_site(first.organisation)
    make_site(first.organisation, closed_on=timezone.localdate())
    sites = list(chosen_sites(world.buyer, Selection(vendor_codes=("A",)), world.erin).order_by("pk"))
    assert sites == [first, second]
    assert count_selection(world.buyer, Selection(vendor_codes=("A",)), world.erin) == (2, 1)


def test_suppliers_of_other_buyers_are_never_asked(world):
    other = make_organisation()
    make_relationship(other, make_site().organisation, vendor_code="X")
    make_relationship(other, world.sites["A"].organisation, vendor_code="Y")
    assert codes_of(world) == ["A", "B", "C", "D"]
    assert codes_of(world, vendor_codes=["X", "Y"]) == []


@pytest.mark.parametrize(("days", "codes"), [(-1, []), (0, []), (1, ["A"])])
def test_an_ended_relationship_is_not_asked(world, days, codes):
    end = timezone.localdate() + dt.timedelta(days=days)
    Relationship.objects.filter(vendor_code="A").update(ended_on=end, end_reason=EndReason.COMMERCIAL)
    assert codes_of(world, vendor_codes=["A"]) == codes


def test_codes_that_ask_nobody_are_listed_with_the_reason(world):
    Relationship.objects.filter(vendor_code="B").update(ended_on=dt.date(2020, 1, 1), end_reason=EndReason.CLOSED)
    Site.objects.filter(pk=world.sites["C"].pk).update(closed_on=dt.date(2020, 1, 1))
    selection = Selection(vendor_codes=("Z", "A", "B", "C", "Y"))
    assert check_codes(world.buyer, selection, world.erin) == Codes(
        unknown=("Z", "Y"), ended=("B",), without_sites=("C",)
    )


def test_filters_have_no_codes_to_check(world, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert check_codes(world.buyer, Selection(countries=("JP",)), world.erin) == Codes()


def test_a_narrowed_reader_chooses_within_the_scope(world):
    dave = make_user("dave@test.example")
    make_membership(dave, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["South"]})
    sites = chosen_sites(world.buyer, Selection(), dave)
    assert list(sites) == [world.sites["B"]]
    assert check_codes(world.buyer, Selection(vendor_codes=("A", "B")), dave).unknown == ("A",)


def test_choices_come_from_running_relationships(world):
    assert selection_choices(world.buyer, world.erin) == {
        "business_unit": ["Imaging"],
        "region": ["Asia", "South"],
        "category": ["Parts"],
        "tier": [1, 2],
        "country": ["CN", "JP", "TH", "VN"],
        "sector": ["components"],
    }
