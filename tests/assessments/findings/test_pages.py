"""The pages of findings: list, one finding, close and reopen, export."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

import assessments.findings.tasks  # noqa: F401  registers the runner of the export
from assessments.findings.models import Finding
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import (
    SMALL_ANSWERS,
    cast,
    hand_in,
    make_finding,
    make_membership,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def rows(world):
    """Four findings of erin's buyer, one of them closed, and one of trent's."""
    other = make_relationship(world.buyer, make_organisation("Alpha"), region="Europe", business_unit="Optics", tier=2)
    bad = make_site(world.supplier, name="=HYPERLINK(1)", country="TH")
    return {
        "minor": make_finding(world.relationship, world.site, severity="minor", provision="B2"),
        "priority": make_finding(world.relationship, bad, severity="priority", provision="A1"),
        "major": make_finding(other, make_site(other.supplier, country="DE"), provision="C8"),
        "closed": make_finding(world.relationship, world.site, state="closed", close_reason="mended", provision="A2"),
        "foreign": make_finding(world.other_relationship, world.other_site),
    }


def listed(client, query=""):
    response = client.get(reverse("finding_list") + query)
    assert response.status_code == 200
    return list(response.context["page"])


# 1. The list --------------------------------------------------------------------------------------
def test_list_shows_the_buyers_findings_worst_first(client, world, rows):
    client.force_login(world.dave)
    assert listed(client) == [rows["priority"], rows["major"], rows["closed"], rows["minor"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?state=open", ["priority", "major", "minor"]),
        ("?state=closed", ["closed"]),
        ("?severity=minor", ["minor"]),
        ("?provision=C8", ["major"]),
        ("?country=DE", ["major"]),
        ("?region=Europe", ["major"]),
        ("?business_unit=Optics&state=open", ["major"]),
        ("?tier=2", ["major"]),
        ("?category=Parts&severity=priority", ["priority"]),
        ("?q=alpha", ["major"]),
        ("?q=V-1+plant", ["closed", "minor"]),
        ("?provision=E12", []),
        ("?state=nonsense&tier=9", ["priority", "major", "closed", "minor"]),
        ("?sort=provision", ["priority", "closed", "minor", "major"]),
        ("?sort=-severity", ["minor", "major", "closed", "priority"]),
    ],
)
def test_list_is_narrowed_and_sorted_by_the_address(client, world, rows, query, names):
    client.force_login(world.erin)
    assert [row.pk for row in listed(client, query)] == [rows[name].pk for name in names]


def test_filter_stays_chosen_and_can_be_cleared(client, world, rows):
    client.force_login(world.erin)
    html = client.get(reverse("finding_list") + "?region=Europe").content.decode()
    assert '<option value="Europe" selected>' in html and "Clear filters" in html
    empty = client.get(reverse("finding_list") + "?provision=E12").content.decode()
    assert "No finding matches these filters." in empty


def test_supplier_sees_findings_at_its_own_sites_only(client, world, rows):
    client.force_login(world.bob)
    assert {row.pk for row in listed(client)} == {rows[name].pk for name in ("minor", "priority", "closed")}
    client.force_login(world.mallory)
    assert [row.pk for row in listed(client)] == [rows["foreign"].pk]


def test_membership_narrowed_to_a_region_sees_and_filters_only_its_rows(client, world, rows):
    person = make_user("europe@test.example")
    make_membership(person, world.buyer, Role.BUYER_READER, scopes={"region": ["Europe"]})
    client.force_login(person)
    assert [row.pk for row in listed(client)] == [rows["major"].pk]
    assert "Asia" not in client.get(reverse("finding_list")).content.decode()
    assert client.get(reverse("finding_detail", args=[rows["minor"].pk])).status_code == 404


def test_empty_list_says_when_findings_appear(client, world):
    client.force_login(world.erin)
    assert "No findings. They appear here" in client.get(reverse("finding_list")).content.decode()


def test_query_count_is_the_same_for_one_and_three_rows(client, world, django_assert_num_queries):
    make_finding(world.relationship, world.site)
    client.force_login(world.erin)
    listed(client)
    with django_assert_num_queries(7):
        listed(client)
    for _ in range(2):
        make_finding(world.relationship, make_site(world.supplier))
    with django_assert_num_queries(7):
        assert len(listed(client)) == 3


# 2. One finding -----------------------------------------------------------------------------------
def test_page_names_reason_advice_and_the_answers_behind_it(client, world):
    response = make_response(world.relationship, world.site)
    hand_in(response, SMALL_ANSWERS, world.alice)
    client.force_login(world.alice)
    html = client.get(reverse("finding_detail", args=[Finding.objects.get().pk])).content.decode()
    assert "Longest week 66.5" in html and "Plan the work so that weeks stay short." in html
    assert reverse("result", args=[response.pk]) + "#flag-A3-OVER-60" in html
    assert "Close this finding" not in html


def test_buyer_closes_and_reopens(client, world, rows):
    client.force_login(world.dave)
    move = reverse("finding_move", args=[rows["minor"].pk])
    assert client.post(move, {"reason": "mended", "note": "Rotas seen."}).status_code == 302
    html = client.get(reverse("finding_detail", args=[rows["minor"].pk])).content.decode()
    assert "Rotas seen." in html and "Mended and checked" in html and "Reopen finding" in html
    client.post(move, {"note": "It is back."})
    assert Finding.objects.get(pk=rows["minor"].pk).state == "open"


@pytest.mark.parametrize("data", [{}, {"reason": "mended", "note": ""}, {"reason": "corrected", "note": "x"}])
def test_close_without_reason_or_note_is_refused_with_a_sentence(client, world, rows, data):
    client.force_login(world.erin)
    Finding.objects.update(confirmed_at=timezone.now())
    response = client.post(reverse("finding_move", args=[rows["minor"].pk]), data)
    assert response.status_code == 422 and "Please correct the following" in response.content.decode()
    assert Finding.objects.get(pk=rows["minor"].pk).state == "open"


# 3. Export ----------------------------------------------------------------------------------------
def exported(client, person, **filters):
    client.force_login(person)
    client.post(reverse("finding_export"), filters)
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values), job


def test_export_holds_the_rows_of_the_list_with_formulas_neutralised(client, world, rows):
    (head, *lines), job = exported(client, world.erin, state="open", back="/findings/?state=open")
    assert head[:5] == ("Number", "Severity", "Provision", "Title", "Vendor code")
    assert [line[0] for line in lines] == [rows[name].pk for name in ("priority", "major", "minor")]
    assert lines[0][6] == "'=HYPERLINK(1)" or lines[0][6] == "=HYPERLINK(1)"
    assert job.params == {"filters": {"state": "open"}} and job.return_path == "/findings/?state=open"
    assert Entry.objects.filter(deed="export_findings", actor=world.erin).count() == 1


def test_no_cell_of_the_export_is_a_formula(client, world, rows):
    client.force_login(world.erin)
    _lines, job = exported(client, world.erin)
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active for cell in row]
    assert {cell.data_type for cell in cells} & {"f"} == set()


def test_export_of_another_person_holds_only_their_rows(client, world, rows):
    (_head, *lines), _job = exported(client, world.mallory)
    assert [line[0] for line in lines] == [rows["foreign"].pk]
    (_head, *lines), _job = exported(client, world.carol)
    assert lines == []
