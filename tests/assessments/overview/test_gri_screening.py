"""GRI 414-1 and 308-1: new suppliers of a year and those screened by its end, with the lists behind both."""

import json
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.overview.queries.gri import Screening
from assessments.questionnaires.document import dump_json
from assessments.responses.models import Submission
from tests.assessments.overview.test_reports import exported
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.factories import (
    cast,
    hand_in,
    make_audit,
    make_membership,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
    make_version,
)

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 1
SOCIAL = json.loads(dump_json(make_document(make_question("A1-ONE"), code="labour")))
ENVIRONMENTAL = json.loads(dump_json(make_document(make_question("C1-ONE", provision="C1"), code="nature")))
NEITHER = json.loads(dump_json(make_document(make_question("E1-ONE", provision="E1"), code="system")))


@pytest.fixture
def world():
    """Five new suppliers of last year by how they were screened, one of the year before, one without a day."""
    people = cast()
    bonds = {}

    def add(name, started_on, supplier=None):
        bonds[name] = make_relationship(
            people.buyer, supplier or make_organisation(name), vendor_code=name, started_on=started_on
        )
        return bonds[name]

    def answer(bond, version, day):
        if bond.supplier != people.supplier:
            make_membership(people.alice, bond.supplier)
        response = make_response(bond, make_site(bond.supplier), version)
        code = json.loads(version.document)["sections"][0]["questions"][0]["code"]
        submission = hand_in(response, {code: "yes"}, people.alice)
        moment = timezone.make_aware(datetime.combine(day, datetime.min.time()) + timedelta(hours=12))
        Submission.objects.filter(pk=submission.pk).update(submitted_at=moment)

    labour, nature, system = make_version(SOCIAL), make_version(ENVIRONMENTAL), make_version(NEITHER)
    answer(add("Labour", date(YEAR, 5, 1)), labour, date(YEAR - 1, 12, 1))  # before the relationship began
    answer(add("Nature", date(YEAR, 1, 1)), nature, date(YEAR, 12, 31))
    answer(add("Late", date(YEAR, 12, 31)), labour, date(YEAR + 1, 1, 1))
    answer(add("System", date(YEAR, 6, 1)), system, date(YEAR, 7, 1))
    audited = add("Audited", date(YEAR, 2, 2))
    make_audit(audited, make_site(audited.supplier), state="closed", released_on=date(YEAR, 3, 3))
    answer(add("Old", date(YEAR - 1, 6, 1)), labour, date(YEAR, 2, 1))
    answer(add("Unknown", None), labour, date(YEAR, 2, 1))
    add("Own", date(YEAR, 4, 4), supplier=people.buyer)
    return SimpleNamespace(bonds=bonds, **vars(people))


@pytest.fixture
def page(world, client):
    client.force_login(world.erin)

    def fetch(name, query, *args):
        answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer

    return fetch


def names(answer):
    return [entry["line"].relationship.vendor_code for entry in answer.context["lines"]]


def test_new_suppliers_are_screened_by_the_end_of_the_year(page):
    found = [entry["screening"] for entry in page("report_gri", f"?year={YEAR}").context["screenings"]]
    assert found == [
        Screening("414-1", "social", new=5, screened=2),
        Screening("308-1", "environmental", new=5, screened=2),
    ]
    assert [one.share for one in found] == [40.0, 40.0]


def test_a_year_without_new_suppliers_has_no_share(page):
    found = page("report_gri", f"?year={YEAR - 2}").context["screenings"][0]["screening"]
    assert (found.new, found.screened, found.share) == (0, 0, None)


@pytest.mark.parametrize(
    ("dimension", "figure", "listed"),
    [
        ("social", "new", ["Audited", "Labour", "Late", "Nature", "System"]),
        ("social", "screened", ["Audited", "Labour"]),
        ("environmental", "new", ["Audited", "Labour", "Late", "Nature", "System"]),
        ("environmental", "screened", ["Audited", "Nature"]),
    ],
)
def test_both_figures_open_their_suppliers(page, dimension, figure, listed):
    assert names(page("report_gri_rows", f"?year={YEAR}", dimension, figure)) == listed


def test_the_list_says_since_when_and_how(page):
    answer = page("report_gri_rows", f"?year={YEAR}", "social", "new")
    reasons = {entry["line"].relationship.vendor_code: entry["reasons"] for entry in answer.context["lines"]}
    assert answer.context["title"] == "414-1 new suppliers"
    assert reasons["Labour"] == [
        f"The relationship began on 1 May {YEAR}.",
        f"1 self-assessment handed in, the last on 1 Dec {YEAR - 1}",
    ]
    assert reasons["Audited"][1:] == [f"1 audit released, the last on 3 Mar {YEAR}"]
    assert reasons["Late"][1:] == ["Not screened by the end of the year"]


def test_the_workbook_holds_figures_and_suppliers(client, world):
    book = exported(client, world, "gri", f"year={YEAR}")
    assert [row[0:4] for row in book["New suppliers"][1:]] == [
        ["414-1", "New suppliers screened using social criteria", 5, 2],
        ["308-1", "New suppliers screened using environmental criteria", 5, 2],
    ]
    screened = [row for row in book["Suppliers"][1:] if row[0] == "414-1" and row[2] == "new suppliers screened"]
    assert [row[3] for row in screened] == ["Audited", "Labour"]


def test_what_was_assessed_in_the_year_stays_as_it_was(page):
    """The wider window of 414-1 is not that of 414-2."""
    assert names(page("report_gri_rows", f"?year={YEAR}", "social", "assessed")) == ["Audited", "Old", "Unknown"]
