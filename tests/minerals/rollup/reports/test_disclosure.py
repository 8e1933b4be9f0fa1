"""The facts of the yearly report and of the list of smelters, from known declarations."""

import datetime

import pytest

from minerals.rollup.queries.figures import find_rollup
from minerals.rollup.reports import disclosure_facts, smelter_csv, smelter_sheets
from minerals.rollup.reports.consolidated import neutral
from minerals.rollup.reports.statuses import Standing, standings_of
from minerals.rollup.services import refresh_rollup
from minerals.smelters.models import NameCase, SmelterStatus
from tests.factories import cast, make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_declaration, make_declared, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def people():
    """One supplier names a conformant smelter, a name nobody knows and a rejected one; another is silent."""
    people = cast()
    make_smelter(people.buyer)
    rows = [
        make_smelter_row(5, mines="Example Mine"),
        make_smelter_row(6, cid="", name="=Example Hut"),
        make_smelter_row(7, cid="", name="Trader"),
    ]
    build_accepted(people.relationship, make_declared(("Tin",), smelters=rows), origins=["MY", "CD"])
    NameCase.objects.filter(name="Trader").update(state="rejected", rejection="trader", reason="Sells only")
    NameCase.objects.filter(name="=Example Hut").update(state="unknown")
    make_declaration(make_relationship(people.buyer, make_organisation("Silent supplier")))
    refresh_rollup()
    return people


def test_the_report_tells_what_is_known_and_what_is_not(people):
    facts = disclosure_facts(people.buyer, "CMRT", None, as_of=TODAY, answered=3)
    assert facts["response"] == {
        "answered": 1,
        "silent": 1,
        "asked": 2,
        "rate": 50.0,
        "states": [("Requested", 1), ("Accepted", 1)],
    }
    assert [(line.metal, line.cells, line.total, line.unnamed) for line in facts["metals"]] == [
        ("Tin", [1, 0, 0, 0], 1, 1)
    ]
    assert facts["facilities"] == [
        {
            "metal": "Tin",
            "name": "Example Tin Works",
            "cid": "CID900001",
            "place": "Malaysia",
            "status": "Conformant",
            "light": "green",
            "as_of": None,
            "only_whole": True,
        }
    ]
    assert facts["places"] == [("Malaysia", 1)]
    assert [(line["name"], line["covered"]) for line in facts["origins"]] == [
        ("Democratic Republic of the Congo", True),
        ("Malaysia", False),
    ]
    assert facts["unknowns"] == ["1 supplier has not answered.", "1 name is on no list of smelters."]
    assert [(step.number, step.title) for step in facts["steps"]] == [
        (1, "Strong management systems"),
        (2, "Identify and assess risks in the supply chain"),
        (3, "Respond to the risks"),
        (4, "Independent audits of smelters and refiners"),
        (5, "Report every year"),
    ]
    assert facts["steps"][3].lines == ["1 of 1 smelters are conformant or recognised by another programme."]
    assert facts["steps"][4].lines[1] == "3 customers' requests were answered in 2026."


def test_a_report_before_anybody_answered(django_assert_max_num_queries):
    people = cast()
    with django_assert_max_num_queries(40):
        facts = disclosure_facts(people.buyer, "CMRT", None, as_of=TODAY)
    assert (facts["response"]["rate"], facts["metals"], facts["facilities"], facts["origins"]) == (None, [], [], [])


def test_the_status_is_the_one_of_that_day(people):
    smelter = make_smelter(people.buyer, cid="CID900002", status="active", status_as_of=TODAY)
    for day, status in ((datetime.date(2024, 1, 1), "conformant"), (TODAY, "active")):
        SmelterStatus.objects.create(smelter=smelter, status=status, text=status, as_of=day, source="List")
    then = standings_of([smelter], datetime.date(2025, 6, 1))
    assert then == {smelter.pk: Standing("conformant", "conformant", datetime.date(2024, 1, 1), "List")}
    assert standings_of([smelter], TODAY)[smelter.pk].status == "active"
    assert standings_of([smelter], datetime.date(2020, 1, 1)) == {}


def test_the_list_names_its_sources_and_what_is_left_out(people):
    listed, sources, left = smelter_sheets(find_rollup(people.buyer.pk, "CMRT"), TODAY)
    assert [[row[1], row[2], row[3], row[4], row[7], row[12]] for row in listed.rows] == [
        ["CID900001", "Example Tin Works", "Malaysia", "Conformant", 1, "Supplier"],
        ["", "=Example Hut", "MALAYSIA", "", 1, "Supplier"],
    ]
    assert [[row[1], row[3], row[6], row[7], row[9]] for row in sources.rows] == [
        ["CID900001", "Supplier", 5, "Example Tin Works", "Example Mine"],
        ["", "Supplier", 6, "=Example Hut", ""],
    ]
    assert [[row[1], row[3]] for row in left.rows] == [["Trader", 1]]


def test_csv_holds_no_formula(people):
    text = smelter_csv(find_rollup(people.buyer.pk, "CMRT"), TODAY).decode("utf-8-sig")
    assert "'=Example Hut" in text
    assert [neutral(cell) for cell in ("=1", " +1", "-1", "@a", "a=1", -1, None)] == [
        "'=1",
        "' +1",
        "'-1",
        "'@a",
        "a=1",
        -1,
        "",
    ]
