"""The list of findings and its export."""

import io
from datetime import datetime, time, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

import assessments.findings.tasks  # noqa: F401  registers the runner of the export
from assessments.findings.models import FindingInspector
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import (
    cast,
    make_finding,
    make_membership,
    make_organisation,
    make_relationship,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def rows(world):
    """Four findings of erin's buyer, one of them closed and one of an audit, and one of trent's."""
    other = make_relationship(world.buyer, make_organisation("Alpha"), region="Europe", business_unit="Optics", tier=2)
    bad = make_site(world.supplier, name="=HYPERLINK(1)", country="TH")
    today, now = timezone.localdate(), timezone.now()
    found = {
        "minor": make_finding(
            world.relationship, world.site, severity="minor", provision="B2", opened_at=now - timedelta(days=40),
            next_due="plan", next_due_on=today,
        ),
        "priority": make_finding(
            world.relationship, bad, severity="priority", provision="A1", opened_at=now - timedelta(days=180, hours=1)
        ),
        "major": make_finding(
            other, make_site(other.supplier, country="DE"), provision="C8", source="audit", source_id=7,
            confirmed_at=now, opened_at=now - timedelta(days=1), next_due="done", next_due_on=today - timedelta(days=1),
        ),
        "closed": make_finding(world.relationship, world.site, state="closed", close_reason="mended", provision="A2"),
        "foreign": make_finding(world.other_relationship, world.other_site),
    }  # fmt: skip
    found["major"].recurrence_of = found["closed"]
    found["major"].save()
    return found


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
        ("?standing=open", ["priority", "major", "minor"]),
        ("?standing=settled", ["closed"]),
        ("?standing=overdue", ["major"]),
        ("?source=audit", ["major"]),
        ("?source=audit&source_id=7", ["major"]),
        ("?source=audit&source_id=8", []),
        ("?source_id=8", ["priority", "major", "closed", "minor"]),
        ("?age=0", ["major", "closed"]),
        ("?age=30", ["minor"]),
        ("?age=90", []),
        ("?age=180", ["priority"]),
        ("?recurrence=yes", ["major"]),
        ("?confirmed=no", ["priority", "minor"]),
        ("?confirmed=yes", ["major"]),
        ("?sort=due", ["major", "minor", "priority", "closed"]),
        ("?sort=-due", ["minor", "major", "priority", "closed"]),
        ("?sort=opened", ["priority", "minor", "major", "closed"]),
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


def test_audit_firm_lists_the_findings_of_its_audits_without_vendor_codes(client, world):
    mine = make_finding(world.relationship, world.site, source="audit", firm=world.audit_firm)
    other = make_finding(world.relationship, world.site, source="audit", source_id=99, firm=world.audit_firm)
    make_finding(world.relationship, world.site)
    FindingInspector.objects.create(finding=mine, user=world.carol)
    client.force_login(world.carol)
    assert listed(client) == [mine] and listed(client, "?q=V-1") == []
    html = client.get(reverse("finding_list")).content.decode()
    assert "vendor code" not in html and 'name="confirmed"' not in html and 'name="country"' not in html
    client.force_login(world.frank)
    assert listed(client, "?q=supplier") == [mine, other]


def test_list_says_when_what_is_due_and_what_waits(client, world, rows):
    client.force_login(world.erin)
    html = client.get(reverse("finding_list")).content.decode()
    assert all(word in html for word in ("1 day late", "Action done", "due today", "Waits to be confirmed"))
    assert html.count("Recurrence</span>") >= 1 and "Enter a finding" in html
    client.force_login(world.alice)
    assert "Enter a finding" not in client.get(reverse("finding_list")).content.decode()


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


# 2. Export ----------------------------------------------------------------------------------------
def exported(client, person, **filters):
    client.force_login(person)
    client.post(reverse("finding_export"), filters)
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.values), job


def as_moment(day):
    """A day as openpyxl reads it."""
    return datetime.combine(day, time.min)


def test_export_of_an_audit_firm_has_no_vendor_codes(client, world):
    make_finding(world.relationship, world.site, source="audit", firm=world.audit_firm)
    (head, *lines), _job = exported(client, world.frank)
    assert [line[head.index("Vendor code")] for line in lines] == [None]


def test_export_holds_the_rows_of_the_list_with_formulas_neutralised(client, world, rows):
    (head, *lines), job = exported(client, world.erin, state="open", back="/findings/?state=open")
    today = timezone.localdate()
    facts = dict(zip(head, lines[1], strict=True))
    assert facts == {
        "Number": rows["major"].pk,
        "Severity": "Major",
        "Provision": "C8",
        "Title": "Energy Consumption and Greenhouse Gas Emissions",
        "Vendor code": rows["major"].relationship.vendor_code,
        "Supplier": "Alpha",
        "Site": rows["major"].site.name,
        "Country": "Germany",
        "Source": "Audit",
        "Why it was raised": "Longest week 66.5 hours.",
        "What to do, or the cause the auditors see": "Plan shorter weeks.",
        "Law": None,
        "State": "Open",
        "Reason": None,
        "Raised": as_moment(rows["major"].opened_at.date()),
        "Confirmed on": as_moment(rows["major"].confirmed_at.date()),
        "Closed": None,
        "Recurrence of": rows["closed"].pk,
        "Waits for": "Action done",
        "Due": as_moment(today - timedelta(days=1)),
        "Plan due": None,
        "Done on": None,
        "Verified on": None,
        "Rule": rows["major"].rule,
        "RBA Code of Conduct 8.0": "C8",
        "RBA Code of Conduct 7.0": "C8",
        "SA8000:2014": None,
        "JEITA RBC Guidelines 2020": "4-2",
        "GRI Standards": "302-1, 302-3, 302-4, 305-1, 305-2, 305-3, 305-4, 305-5",
    }
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
