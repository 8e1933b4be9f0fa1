"""GRI 414-2 and 308-2 of a year: figures counted by hand, the suppliers behind them, the workbook."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

import assessments.overview.tasks
from assessments.findings.models import ActionChange, CorrectiveAction, Finding
from assessments.overview.queries.gri import ImpactLine
from tests.assessments.overview.world import exported
from tests.factories import (
    SMALL_ANSWERS,
    hand_in,
    make_audit,
    make_finding,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
    make_version,
)

pytestmark = pytest.mark.django_db
assert assessments.overview.tasks  # registers the runner of the export
TODAY = date.today()
YEAR = TODAY.year
SUMMER = timezone.make_aware(datetime(YEAR, 1, 2, 12))


@pytest.fixture
def year(world):
    """Supplier is assessed with actual impacts and a plan; Two has potential ones; Three was ended for them."""
    three = make_relationship(
        world.buyer, make_organisation("Three"), vendor_code="V-3", ended_on=date(YEAR, 1, 20), end_reason="social"
    )
    response = make_response(world.relationship, world.site, make_version())
    hand_in(response, {**SMALL_ANSWERS, "A3-LONGEST-WEEK": 44}, world.alice)
    make_audit(world.two, world.site_two, state="closed", released_on=date(YEAR, 1, 5))
    make_audit(world.two, world.site_two, state="closed", released_on=date(YEAR - 1, 5, 5))
    confirmed = {"confirmed_at": SUMMER, "opened_at": SUMMER}
    agreed = make_finding(world.relationship, world.site, provision="A3", source="audit", **confirmed)
    action = CorrectiveAction.objects.create(finding=agreed, state="accepted", updated_at=SUMMER)
    ActionChange.objects.create(action=action, source="submitted", target="accepted")
    make_finding(world.relationship, world.sites[1], provision="A3", **confirmed)
    make_finding(world.relationship, world.site, provision="C1", severity="priority", **confirmed)
    make_finding(world.relationship, world.site, provision="E6", **confirmed)  # neither social nor environmental
    make_finding(world.relationship, world.site, provision="B2", severity="minor", **confirmed)  # not significant
    make_finding(world.two, world.site_two, provision="B2", opened_at=SUMMER)  # a flag nobody confirmed
    dropped = {"state": "closed", "closed_at": SUMMER, "close_reason": "not_confirmed", **confirmed}
    make_finding(world.two, world.site_two, provision="A1", **dropped)
    before = timezone.make_aware(datetime(YEAR - 1, 3, 3))
    settled = {"state": "verified", "verified_on": date(YEAR - 1, 8, 8), "confirmed_at": before, "opened_at": before}
    make_finding(world.two, world.site_two, provision="A4", **settled)  # of last year
    make_finding(three, make_site(three.supplier), provision="A1", confirmed_at=before, opened_at=before)
    return SimpleNamespace(three=three, **vars(world))


def test_gri_counts_suppliers_of_the_year(page, year):
    social, environmental = (part["disclosure"] for part in page("report_gri").context["parts"])
    assert (social.number, {str(key): count for key, count in social.counts.items()}) == (
        "414-2", {"assessed": 2, "impacts": 3, "actual": 2, "potential": 1, "agreed": 1, "ended": 1},
    )  # fmt: skip
    assert (round(social.agreed_share, 1), round(social.ended_share, 1)) == (33.3, 33.3)
    assert social.impacts == [
        ImpactLine("rba-8.0", "A1", 1, 1, 0),
        ImpactLine("rba-8.0", "A3", 1, 1, 0),
        ImpactLine("rba-8.0", "B2", 1, 0, 1),
    ]
    assert (environmental.number, {str(key): count for key, count in environmental.counts.items()}) == (
        "308-2", {"assessed": 1, "impacts": 1, "actual": 1, "potential": 0, "agreed": 0, "ended": 0},
    )  # fmt: skip
    assert environmental.impacts == [ImpactLine("rba-8.0", "C1", 1, 1, 0)]


def test_gri_of_the_year_before(page, year):
    social = page("report_gri", f"?year={YEAR - 1}").context["parts"][0]["disclosure"]
    assert {str(key): count for key, count in social.counts.items()} == {
        "assessed": 1, "impacts": 2, "actual": 2, "potential": 0, "agreed": 1, "ended": 0,
    }  # fmt: skip


def test_what_is_significant_can_be_chosen(page, year):
    def impacts(least):
        parts = page("report_gri", f"?least={least}").context["parts"]
        return [part["disclosure"].counts["impacts"] for part in parts]

    assert {least: impacts(least) for least in ("priority", "major", "minor")} == {
        "priority": [0, 1], "major": [3, 1], "minor": [3, 1],
    }  # fmt: skip


@pytest.mark.parametrize("dimension", ["social", "environmental"])
def test_every_gri_figure_opens_its_suppliers(page, year, dimension):
    parts = page("report_gri").context["parts"]
    counts = next(part["disclosure"].counts for part in parts if part["disclosure"].dimension == dimension)
    opened = {
        figure: page("report_gri_rows", "", dimension, figure).context["page"].paginator.count for figure in counts
    }
    assert opened == counts


def test_each_impact_opens_its_own_suppliers_under_two_versions_of_a_code(page, year):
    Finding.objects.filter(provision="A1").update(code_of_conduct="rba-7.0", provision="A3")

    parts = page("report_gri").context["parts"]

    lines = [line for line in parts[0]["disclosure"].impacts if line.provision == "A3"]
    assert {line.code_of_conduct for line in lines} == {"rba-7.0", "rba-8.0"}
    opened = {
        line: page(
            "report_gri_rows", f"?provision={line.provision}&code={line.code_of_conduct}", "social", "impacts"
        ).context["page"]
        for line in lines
    }
    assert {line: rows.paginator.count for line, rows in opened.items()} == {line: line.suppliers for line in lines}
    assert "?provision=A3&amp;code=rba-7.0&amp;" in page("report_gri").content.decode()


def test_rows_say_why_a_supplier_counts(page, year):
    assessed = page("report_gri_rows", "", "social", "assessed").context["lines"]
    assert [(entry["line"].relationship.supplier.name, len(entry["reasons"])) for entry in assessed] == [
        ("Supplier", 1),
        ("Two", 1),
    ]
    assert assessed[1]["reasons"] == [f"1 audit released, the last on 5 Jan {YEAR}"]
    impacts = page("report_gri_rows", "?provision=A3", "social", "impacts").context["lines"]
    assert [(entry["line"].relationship.vendor_code, len(entry["line"].findings)) for entry in impacts] == [("V-1", 2)]
    ended = page("report_gri_rows", "", "social", "ended").content.decode()
    assert "Three" in ended and "Social impacts" in ended


def test_gri_as_a_workbook(client, year):
    book = exported(client, year, "gri")
    assert [row[:4] for row in book["Figures"][1:3]] == [
        ["414-2", "a", "suppliers assessed", 2],
        ["414-2", "b", "suppliers with significant impacts", 3],
    ]
    ended = [row for row in book["Suppliers"][1:] if row[1] == "e"]
    assert [(row[3], row[4], row[6]) for row in ended] == [("V-3", "Three", "Social impacts")]
