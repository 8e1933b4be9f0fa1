"""The list of audits, its export and the calendar."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import assessments.audits.tasks  # noqa: F401  registers the runner of the export
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import cast, make_audit, make_membership, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def rows(world):
    """Four audits of erin's buyer, one of them with the firm of carol, and one of trent's."""
    today = timezone.localdate()
    far = make_relationship(world.buyer, region="Europe", business_unit="Optics", vendor_code="V-77")
    return {
        "asked": make_audit(world.relationship, make_site(world.supplier, name="Anan"), preferred_on=date(2030, 1, 5)),
        "site": make_audit(
            world.relationship,
            make_site(world.supplier, name="=HYPERLINK(1)"),
            firm=world.audit_firm,
            auditors=[world.carol],
            state="in_progress",
            starts_on=date(2029, 3, 1),
            ends_on=date(2029, 3, 2),
            priority=2,
        ),
        "open": make_audit(
            far,
            make_site(far.supplier, name="Jena", country="DE"),
            programme="sa8000-style",
            kind="initial",
            state="actions_open",
            starts_on=date(2028, 3, 1),
            ends_on=date(2028, 3, 2),
            valid_until=today + timedelta(days=30),
            priority=1,
            score=150,
        ),
        "over": make_audit(
            far,
            make_site(far.supplier, name="Ulm", country="DE"),
            state="expired",
            starts_on=date(2020, 3, 1),
            valid_until=today - timedelta(days=1),
        ),
        "foreign": make_audit(world.other_relationship, world.other_site),
    }


def listed(client, rows, query=""):
    answer = client.get(reverse("audit_list") + query)
    assert answer.status_code == 200
    names = {audit.pk: name for name, audit in rows.items()}
    return [names[audit.pk] for audit in answer.context["page"]]


# 1. The list --------------------------------------------------------------------------------------
def test_everybody_lists_what_their_workspace_has(client, world, rows):
    found = {}
    for name, person in world.people.items():
        if name != "anonymous":
            client.force_login(person)
            found[name] = listed(client, rows)
    mine = ["asked", "site", "open", "over"]
    assert found == {
        "alice": ["asked", "site"],
        "bob": ["asked", "site"],
        "carol": ["site"],
        "frank": ["site"],
        "dave": mine,
        "erin": mine,
        "mallory": ["foreign"],
        "trent": ["foreign"],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=in_progress", ["site"]),
        ("?status=planned", ["asked", "site"]),
        ("?status=expiring", ["open"]),
        ("?status=expired", ["over"]),
        ("?status=valid", []),
        ("?programme=sa8000-style", ["open"]),
        ("?kind=initial&country=DE", ["open", "over"]),
        ("?business_unit=Optics", ["open", "over"]),
        ("?grade=priority", ["open"]),  # what is not released counts nowhere yet
        ("?q=v-77+jena", ["open"]),
        ("?sort=date", ["over", "open", "site", "asked"]),
        ("?sort=site", ["site", "asked", "open", "over"]),
        ("?state=nonsense&sort=nonsense&page=99", ["asked", "site", "open", "over"]),
    ],
)
def test_filters_search_and_order(client, world, rows, query, found):
    client.force_login(world.dave)
    assert listed(client, rows, query) == found


def test_the_firm_filter_offers_the_firms_there_are(client, world, rows):
    client.force_login(world.dave)
    assert listed(client, rows, f"?firm={world.audit_firm.pk}") == ["site"]


def test_an_audit_firm_reads_and_searches_nothing_of_the_buyers_own_words(client, world, rows):
    client.force_login(world.carol)
    page = client.get(reverse("audit_list"))
    assert "business_unit" not in [bar["name"] for bar in page.context["filters"]]
    assert (listed(client, rows, "?q=V-1"), listed(client, rows, "?q=hyperlink")) == ([], ["site"])


def test_a_buyer_narrowed_to_a_region_lists_its_audits(client, world, rows):
    narrow = make_user("narrow@test.example")
    make_membership(narrow, world.buyer, Role.BUYER_READER, scopes={"region": ["Europe"]})
    client.force_login(narrow)
    assert listed(client, rows) == ["open", "over"]


def count_queries(client, path):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["audit_list", "audit_calendar"])
def test_one_row_costs_what_three_cost(client, world, name):
    client.force_login(world.dave)
    day = timezone.localdate()
    make_audit(world.relationship, world.site, firm=world.audit_firm, starts_on=day, ends_on=day)
    one = count_queries(client, reverse(name))
    for _ in range(2):
        bond = make_relationship(world.buyer)
        make_audit(bond, make_site(bond.supplier), firm=world.audit_firm, starts_on=day, ends_on=day)
    assert count_queries(client, reverse(name)) == one <= 14


# 2. The export ------------------------------------------------------------------------------------
def cells(client, world, person, **filters):
    client.force_login(person)
    answer = client.post(reverse("audit_export"), filters)
    job = Job.objects.latest("created_at")
    assert answer.url == reverse("job_detail", args=[job.pk])
    run_job(str(job.pk))
    content = b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    head, *lines = [list(row) for row in sheet.iter_rows(values_only=True)]
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_the_export_holds_the_list_as_it_is_filtered(client, world, rows):
    found = cells(client, world, world.dave, country="DE", sort="date")
    assert [(row["Site"], row["State"], row["Score"], row["Priority"]) for row in found] == [
        ("Ulm", "Expired", None, 0),
        ("Jena", "Actions open", 150, 1),
    ]
    assert Entry.objects.get(deed="export_audits").detail == {"filters": {"country": "DE", "sort": "date"}}


def test_figures_before_the_release_are_the_firms_alone(client, world, rows):
    [row] = cells(client, world, world.dave, state="in_progress")
    assert (row["Priority"], row["Vendor code"], row["Site"]) == (None, "V-1", "=HYPERLINK(1)")
    [row] = cells(client, world, world.frank)
    assert (row["Priority"], "Vendor code" in row) == (2, False)


# 3. The calendar ----------------------------------------------------------------------------------
def on_days(client, query=""):
    weeks = client.get(reverse("audit_calendar") + query).context["weeks"]
    days = [day for week in weeks for day in week]
    assert len(days) % 7 == 0 and days[0].day.weekday() == 0
    return {
        day.day.isoformat(): [(entry.audit.site.name, entry.what) for entry in day.entries]
        for day in days
        if day.entries
    }


def test_a_month_shows_wishes_days_on_site_and_ends_of_validity(client, world, rows):
    client.force_login(world.dave)
    assert on_days(client, "?month=2029-03") == {
        "2029-03-01": [("=HYPERLINK(1)", "on_site")],
        "2029-03-02": [("=HYPERLINK(1)", "on_site")],
    }
    assert on_days(client, "?month=2030-01") == {"2030-01-05": [("Anan", "wished")]}
    assert on_days(client, "?month=2028-02") == {
        "2028-03-01": [("Jena", "done")],
        "2028-03-02": [("Jena", "done")],
    }
    end = rows["open"].valid_until
    assert on_days(client, f"?month={end:%Y-%m}")[end.isoformat()] == [("Jena", "expires")]


def test_what_was_called_off_is_not_in_the_calendar(client, world):
    for state in ("cancelled", "declined"):
        make_audit(world.relationship, world.site, state=state, preferred_on=date(2030, 1, 5))
    client.force_login(world.dave)
    assert on_days(client, "?month=2030-01") == {}


def test_a_full_day_folds_what_does_not_fit(client, world):
    for _ in range(6):
        make_audit(world.relationship, world.site, preferred_on=date(2030, 1, 5))
    client.force_login(world.dave)
    assert "2 more" in client.get(reverse("audit_calendar") + "?month=2030-01").content.decode()


@pytest.mark.parametrize("month", ["", "2026-13", "nonsense", "1066-01", "9999-12"])
def test_nonsense_shows_this_month(client, world, month):
    client.force_login(world.dave)
    answer = client.get(reverse("audit_calendar"), {"month": month})
    assert answer.context["first"] == timezone.localdate().replace(day=1)
