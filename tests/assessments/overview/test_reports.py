"""The reports: figures counted by hand, the rows behind them, exports, rights, price."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import assessments.overview.tasks
from assessments.overview.queries.ages import Line
from assessments.overview.queries.provisions import ProvisionLine
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from tests.assessments.overview.world import behind, exported, links_of
from tests.factories import (
    make_audit,
    make_finding,
    make_membership,
    make_organisation,
    make_relationship,
    make_site,
    make_user,
)

pytestmark = pytest.mark.django_db
assert assessments.overview.tasks  # registers the runner of the export
TODAY = date.today()
NAMES = (
    "report_audit_status",
    "report_provisions",
    "report_ages",
    "report_on_time",
    "report_recurrences",
    "report_gri",
)


def ago(days):
    return timezone.now() - timedelta(days=days)


def day(days):
    return TODAY + timedelta(days=days)


# 1. Audit status ----------------------------------------------------------------------------------
@pytest.fixture
def audited(world):
    make_audit(
        world.relationship, world.sites[0], firm=world.audit_firm, state="closed", ends_on=day(-100),
        valid_until=day(630), score=171.5, recognition="silver", major=2,
    )  # fmt: skip
    make_audit(world.relationship, world.sites[1], state="closed", ends_on=day(-700), valid_until=day(30))
    make_audit(world.two, world.site_two, state="scheduled", starts_on=day(12), ends_on=day(13))
    make_audit(world.other_relationship, world.other_site, state="closed", valid_until=day(500))
    return world


def test_audit_status_of_every_site(page, client, audited):
    answer = page("report_audit_status")
    counts = {tile["status"].value: tile["count"] for tile in answer.context["tiles"]}
    assert counts == {"valid": 1, "expiring": 1, "expired": 0, "planned": 1, "never": 1}
    assert [(row.line.site, row.line.standing.status) for row in answer.context["rows"]] == [
        (audited.sites[1], "expiring"),
        (audited.site_two, "planned"),
        (audited.sites[2], "never"),
        (audited.sites[0], "valid"),
    ]
    words = {"valid": "Valid:", "expiring": "Expires within 90 days:", "expired": "Expired:", "planned": "Planned:"}
    opened = {status: behind(client, answer, word) for status, word in words.items()}
    assert opened | {"never": behind(client, answer, "Never audited:")} == counts


def test_audit_status_within_a_part(page, audited):
    answer = page("report_audit_status", "?country=CN&status=planned")
    assert {tile["status"].value: tile["count"] for tile in answer.context["tiles"]} == {
        "valid": 0, "expiring": 0, "expired": 0, "planned": 1, "never": 0,
    }  # fmt: skip
    assert [row.planned_on for row in answer.context["rows"]] == [day(12)]


def test_closed_sites_and_ended_relationships_are_no_rows(page, audited):
    audited.sites[0].closed_on = TODAY
    audited.sites[0].save()
    audited.two.ended_on, audited.two.end_reason = TODAY, "commercial"
    audited.two.save()
    counts = {tile["status"].value: tile["count"] for tile in page("report_audit_status").context["tiles"]}
    assert counts == {"valid": 0, "expiring": 1, "expired": 0, "planned": 0, "never": 1}


def test_audit_status_as_a_workbook(client, audited):
    rows = exported(client, audited, "audit_status", "status=valid")["Audit status of sites"]
    assert len(rows) == 2
    assert rows[1][:12] == [
        "V-1", "Supplier", audited.sites[0].name, "Thailand", "Valid", "RBA VAP-style", "Initial audit", "Audit firm",
        datetime.combine(day(-100), datetime.min.time()), 171.5, "Silver", 0,
    ]  # fmt: skip


# 2. Ages and provisions ---------------------------------------------------------------------------
@pytest.fixture
def found(world):
    for days, severity, provision, state in (
        (5, "priority", "A3", "open"), (29, "minor", "A3", "disputed"), (31, "major", "B2", "done"),
        (100, "major", "A3", "in_progress"), (400, "minor", "C1", "open"), (400, "priority", "A3", "closed"),
    ):  # fmt: skip
        make_finding(
            world.relationship, world.site, severity=severity, provision=provision, state=state, opened_at=ago(days),
            confirmed_at=ago(days),
        )  # fmt: skip
    make_finding(world.two, world.site_two, severity="major", provision="A3", source="audit", opened_at=ago(200))
    make_finding(world.other_relationship, world.other_site, severity="priority", opened_at=ago(1))
    return world


def counts_of(line):
    return line.key, line.counts["priority"], line.counts["major"], line.counts["minor"], line.total


def test_ages_by_severity_country_and_provision(page, client, found):
    answer = page("report_ages")
    assert [counts_of(entry["line"]) for entry in answer.context["ages"]] == [
        ("180", 0, 1, 1, 2), ("90", 0, 1, 0, 1), ("30", 0, 1, 0, 1), ("0", 1, 0, 1, 2),
    ]  # fmt: skip
    assert [counts_of(entry["line"]) for entry in answer.context["countries"]] == [
        ("TH", 1, 2, 2, 5),
        ("CN", 0, 1, 0, 1),
    ]
    assert [counts_of(entry["line"]) for entry in answer.context["provisions"]] == [
        ("A3", 1, 2, 1, 4), ("B2", 0, 1, 0, 1), ("C1", 0, 0, 1, 1),
    ]  # fmt: skip
    assert counts_of(answer.context["total"]) == ("", 1, 3, 2, 6)


@pytest.mark.parametrize("query", ["", "?country=TH", "?source=audit", "?region=China"])
def test_every_cell_of_the_ages_opens_exactly_its_rows(page, client, found, query):
    answer = page("report_ages", query)
    start = reverse("finding_list") + "?standing=open"
    cells = [(int(text), address) for text, address in links_of(answer) if address.startswith(start)]
    assert cells
    assert [(n, client.get(address).context["page"].paginator.count) for n, address in cells] == [
        (n, n) for n, _address in cells
    ]


def test_provisions_count_suppliers_under_their_worst_severity(page, client, found):
    lines = [entry["line"] for entry in page("report_provisions").context["lines"]]
    assert lines == [
        ProvisionLine("rba-8.0", "A3", 2, 1, 1, 0),
        ProvisionLine("rba-8.0", "B2", 1, 0, 1, 0),
        ProvisionLine("rba-8.0", "C1", 1, 0, 0, 1),
    ]
    rows = page("report_provision", "", "rba-8.0", "A3").context
    assert [(line.relationship.supplier.name, [f.severity for f in line.findings]) for line in rows["lines"]] == [
        ("Supplier", ["priority", "major", "minor"]),
        ("Two", ["major"]),
    ]
    assert rows["page"].paginator.count == 2


def test_confirmed_findings_count_though_they_are_settled(page, found):
    make_finding(found.relationship, found.site, provision="D1")  # a flag nobody confirmed
    taken_back = {"state": "closed", "close_reason": "not_confirmed", "confirmed_at": ago(2)}
    make_finding(found.relationship, found.site, provision="D2", **taken_back)
    lines = [entry["line"] for entry in page("report_provisions", "?which=confirmed&country=TH").context["lines"]]
    assert [(line.provision, line.priority, line.major, line.minor) for line in lines] == [
        ("A3", 1, 0, 0), ("B2", 0, 1, 0), ("C1", 0, 0, 1),
    ]  # fmt: skip
    unsettled = {entry["line"].provision for entry in page("report_provisions").context["lines"]}
    assert "D1" in unsettled and "D2" not in unsettled


def test_provision_nobody_knows_is_no_page(client, found):
    client.force_login(found.erin)
    assert client.get(reverse("report_provision", args=["rba-8.0", "Z9"])).status_code == 404
    assert client.get(reverse("report_provision", args=["nobody", "A3"])).status_code == 404


# 3. On time ---------------------------------------------------------------------------------------
@pytest.fixture
def due(world):
    def act(place, severity, due_in, done, state, manager="buyer"):
        bond = world.two if place is world.site_two else world.relationship
        done_on = None if done is None else day(done)
        make_finding(
            bond, place, severity=severity, state=state, manager=manager, done_due_on=day(due_in), done_on=done_on,
            confirmed_at=ago(300),
        )  # fmt: skip

    act(world.site, "priority", -30, -30, "verified", "firm")  # on time, to the day
    act(world.site, "major", -60, -50, "verified")  # ten days late
    act(world.site, "major", -20, None, "in_progress")  # twenty days overdue
    act(world.site_two, "minor", -10, -12, "done")  # on time
    act(world.site_two, "minor", 0, None, "open")  # due today
    act(world.site_two, "minor", -5, None, "no_action")  # settled otherwise
    act(world.site, "minor", -500, None, "in_progress")  # of another period
    act(world.site, "minor", 40, None, "open")  # of the next ninety days
    return world


def test_on_time_shares_and_days_late(page, client, due):
    answer = page("report_on_time")
    total = answer.context["total"]
    assert dict(total.counts) == {"on_time": 2, "late": 1, "overdue": 1, "open": 1, "left_out": 1}
    assert (total.judged, total.share, total.behind, total.mean_days) == (4, 50.0, 2, 15.0)
    assert [
        (name, label, t.counts["on_time"], t.judged, t.mean_days) for name, label, t in answer.context["groups"]
    ] == [
        ("severity", "Priority", 1, 1, None),
        ("severity", "Major", 0, 2, 15.0),
        ("severity", "Minor", 1, 1, None),
        ("manager", "The buyer", 1, 3, 15.0),
        ("manager", "The audit firm", 1, 1, None),
    ]
    assert [(name, tally.counts["on_time"], tally.judged) for name, tally in answer.context["countries"]] == [
        ("Thailand", 1, 3),
        ("China", 1, 1),
    ]
    assert [(row["finding"].outcome, row["late"]) for row in answer.context["rows"]] == [
        ("overdue", 20), ("late", 10), ("open", None), ("on_time", None), ("on_time", None), ("left_out", None),
    ]  # fmt: skip


def test_every_outcome_opens_its_actions(page, client, due):
    answer = page("report_on_time")
    words = {"on_time": "Done on time:", "late": "Done late:", "overdue": "Overdue:", "open": "Not due yet:"}
    opened = {outcome: behind(client, answer, word) for outcome, word in words.items()}
    assert opened | {"left_out": behind(client, answer, "1 settled otherwise")} == dict(answer.context["total"].counts)


def test_other_periods(page, due):
    assert page("report_on_time", "?period=next").context["total"].counts["open"] == 2
    assert page("report_on_time", "?period=never").context["total"].judged == 4


def test_dashboard_counts_the_same(page, due):
    follow = page("dashboard").context["follow"]
    assert (follow.on_time, follow.judged, follow.share) == (2, 4, 50.0)


def test_actions_as_a_workbook(client, due):
    book = exported(client, due, "on_time", "severity=major")
    assert book["On time"][1] == ["All", 0, 1, 1, 0, 0, 0, 15]
    assert [(row[1], row[10], row[11]) for row in book["Corrective actions"][1:]] == [
        ("Major", "Overdue", 20),
        ("Major", "Done late", 10),
    ]


# 4. Recurrences -----------------------------------------------------------------------------------
def test_chains_hold_what_went_before(page, world, client):
    first = make_finding(world.relationship, world.site, opened_at=ago(300), state="verified")
    second = make_finding(world.relationship, world.site, opened_at=ago(100), recurrence_of=first, state="closed")
    third = make_finding(world.relationship, world.site, opened_at=ago(3), recurrence_of=second, severity="priority")
    once = make_finding(world.two, world.site_two, provision="B2", opened_at=ago(90))
    again = make_finding(world.two, world.site_two, provision="B2", opened_at=ago(2), recurrence_of=once)
    make_finding(world.relationship, world.site, opened_at=ago(2), provision="B2")  # stands alone
    chains = page("report_recurrences").context["chains"]
    assert [(chain.findings, chain.times) for chain in chains] == [([first, second, third], 2), ([once, again], 1)]
    narrowed = page("report_recurrences", "?severity=priority").context["chains"]
    assert [chain.findings for chain in narrowed] == [[first, second, third]]
    rows = exported(client, world, "recurrences")["Recurrences"]
    assert [(row[3], row[4], row[5]) for row in rows[1:]] == [
        ("A3", 1, first.pk), ("A3", 2, second.pk), ("A3", 3, third.pk), ("B2", 1, once.pk), ("B2", 2, again.pk),
    ]  # fmt: skip


# 5. The list, rights, price -----------------------------------------------------------------------
def test_list_names_the_key_figure_of_each_report(page, found, due):
    rows = page("report_list").context["rows"]
    assert [(row["report"].url, row["key"].value) for row in rows] == [
        ("report_audit_status", "0"),
        ("report_provisions", "A3"),
        ("report_ages", "11"),
        ("report_on_time", "50.0\u00a0%"),
        ("report_recurrences", "0"),
        ("report_gri", "2"),
    ]


@pytest.mark.parametrize("name", ["report_list", *NAMES])
def test_reports_stand_empty(client, name):
    newcomer = make_user("newcomer@test.example")
    make_membership(newcomer, role=Role.BUYER_READER)
    client.force_login(newcomer)
    assert client.get(reverse(name)).status_code == 200


def test_narrowed_reader_counts_only_its_part(client, found):
    narrowed = make_user("china@test.example")
    make_membership(narrowed, found.buyer, Role.BUYER_READER, scopes={"region": ["China"]})
    client.force_login(narrowed)
    assert client.get(reverse("report_ages")).context["total"].total == 1
    lines = client.get(reverse("report_provision", args=["rba-8.0", "A3"])).context["lines"]
    assert [line.relationship.supplier.name for line in lines] == ["Two"]
    assert len(client.get(reverse("report_audit_status")).context["rows"]) == 1


def test_export_of_a_report_that_is_none_is_no_page(client, world):
    client.force_login(world.erin)
    assert client.post(reverse("report_export", args=["everything"])).status_code == 404


def test_export_of_somebody_who_lost_access_is_refused(client, world):
    client.force_login(world.erin)
    client.post(reverse("report_export", args=["ages"]))
    world.erin.memberships.all().delete()
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["message"]) == ("refused", "You no longer have access to these reports.")


QUERIES = {
    "report_audit_status": 15, "report_provisions": 7, "report_ages": 8, "report_on_time": 9,
    "report_recurrences": 9, "report_gri": 20, "report_list": 16,
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_query_count_is_the_same_for_one_and_three_suppliers(page, world, name, django_assert_max_num_queries):
    def add(bond):
        site = make_site(bond.supplier)
        first = make_finding(bond, site, confirmed_at=ago(9), done_due_on=day(-3))
        make_finding(bond, site, recurrence_of=first, confirmed_at=ago(9))
        make_audit(bond, site, firm=world.audit_firm, state="closed", valid_until=day(500), released_on=TODAY)

    add(world.relationship)
    page(name)
    with django_assert_max_num_queries(QUERIES[name]) as one:
        page(name)
    for _ in range(2):
        add(make_relationship(world.buyer, make_organisation()))
    with django_assert_max_num_queries(QUERIES[name]) as three:
        page(name)
    assert len(one) == len(three)


def test_an_empty_line_counts_nothing():
    assert (Line("A3").total, Line("A3").worst_first) == (0, (0, 0, 0))
