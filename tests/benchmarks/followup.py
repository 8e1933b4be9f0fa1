"""Findings, actions and audits in number: their list, filters, export and reports against the bare statements."""

import io
import random
import time
from datetime import date, timedelta

import xlsxwriter
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import assessments.findings.tasks
from assessments.audits.models import Audit
from assessments.audits.services.programmes import freeze_programme
from assessments.codes.document import read_code
from assessments.findings.models import ActionChange, CorrectiveAction, Finding
from assessments.findings.queries import workspace_findings
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.models import Relationship, Site
from tests.benchmarks.measuring import Line, bare_sql, cost_of, fetch, queries_of
from tests.benchmarks.pages import page_line, signed_in
from tests.benchmarks.world import BATCH, World

assert assessments.findings.tasks  # registers the runner of the export
FULL_FINDINGS = 200_000
FULL_AUDITS = 5_000
FULL_SUPPLIERS = 30_000
STATES = ("open", "open", "action_agreed", "in_progress", "done", "verified", "closed", "no_action")
SEVERITIES = ("priority", "major", "major", "minor", "minor", "minor")


def grow_followup(world: World) -> int:
    """Add findings, actions and audits in proportion to the suppliers; return how many findings."""
    total = max(60, FULL_FINDINGS * world.size // FULL_SUPPLIERS)
    bonds = dict(Relationship.objects.filter(buyer=world.buyer).values_list("supplier_id", "pk"))
    places = [(pk, bonds[owner]) for pk, owner in Site.objects.values_list("pk", "organisation_id") if owner in bonds]
    draw, provisions = random.Random(7), read_code("rba-8.0").provision_codes
    for first in range(0, total, BATCH):
        numbers = range(first, min(first + BATCH, total))
        rows = [build_finding(draw, number, *draw.choice(places), provisions) for number in numbers]
        add_findings(Finding.objects.bulk_create(rows), draw)
    add_audits(world, places[:: max(1, len(places) * 2 // max(2, FULL_AUDITS * world.size // FULL_SUPPLIERS))], draw)
    return total


def build_finding(draw: random.Random, number: int, site: int, bond: int, provisions: tuple[str, ...]) -> Finding:
    opened = timezone.now() - timedelta(days=draw.randrange(900), seconds=number)
    state, due = draw.choice(STATES), opened.date() + timedelta(days=180)
    done = due + timedelta(days=draw.randrange(-60, 30)) if state in ("done", "verified") else None
    clock = {"open": ("plan", opened.date() + timedelta(days=14)), "action_agreed": ("done", due)}.get(
        state, ("", None)
    )
    return Finding(
        site_id=site, relationship_id=bond, source=draw.choice(("audit", "grievance")), source_id=None,
        rule=f"R{number}", code_of_conduct="rba-8.0", provision=draw.choice(provisions),
        severity=draw.choice(SEVERITIES), state=state, opened_at=opened, confirmed_at=opened,
        text={"en": "Seen on site by two auditors; the records of three months do not show it."},
        advice={"en": "Set a limit and stop the line before it."}, plan_due_on=opened.date() + timedelta(days=14),
        done_due_on=due, next_due=clock[0], next_due_on=clock[1], done_on=done,
        verified_on=done if state == "verified" else None, closed_at=opened if state == "closed" else None,
    )  # fmt: skip


def add_findings(rows: list[Finding], draw: random.Random) -> None:
    """Give half of them a plan, and one in twenty another that recurs on it."""
    now = timezone.now()
    actions = CorrectiveAction.objects.bulk_create(
        CorrectiveAction(finding=row, state="accepted", corrective="Hire people.", updated_at=now) for row in rows[::2]
    )
    ActionChange.objects.bulk_create(
        ActionChange(action=action, source="submitted", target="accepted") for action in actions
    )
    Finding.objects.bulk_create(
        Finding(
            site_id=row.site_id, relationship_id=row.relationship_id, source="audit", rule=f"{row.rule}-again",
            code_of_conduct="rba-8.0", provision=row.provision, severity=draw.choice(SEVERITIES), opened_at=now,
            confirmed_at=now, recurrence_of=row,
        )
        for row in rows[::20]
    )  # fmt: skip


def add_audits(world: World, places: list[tuple[int, int]], draw: random.Random) -> None:
    version, today = freeze_programme("rba-vap-style", buyer=world.buyer), date.today()
    Audit.objects.bulk_create(
        Audit(
            relationship_id=bond, site_id=site, programme=version, kind="initial", asked_by="buyer", state=state,
            ends_on=today, released_on=today, valid_until=today + timedelta(days=draw.randrange(-400, 730)), score=160,
        )
        for site, bond in places
        for state in ("closed", "scheduled" if site % 3 else "actions_open")
    )  # fmt: skip


def measure_followup(world: World, rounds: int) -> list[Line]:
    """Lists and reports over the findings, each against its own statements."""
    client, total = signed_in(world.erin), Finding.objects.count()
    found = reverse("finding_list")
    lists = {
        f"{total} findings": found,
        "findings, filtered": f"{found}?standing=overdue&severity=major&country=AO",
        "findings by date": f"{found}?sort=due&standing=open",
    }
    names = ("audit_status", "provisions", "ages", "on_time", "recurrences", "gri")
    lines = [measure(client, f"list of {name}", path, rounds, 60) for name, path in lists.items()]
    return lines + [measure(client, f"report {name}", reverse(f"report_{name}"), rounds, 200) for name in names]


def measure(client: Client, name: str, path: str, rounds: int, most: int) -> Line:
    """Measure one page; `most` is the CPU it may take beside the database, in milliseconds."""
    statements = queries_of(client, path)
    floor, ours = bare_sql(statements, rounds), cost_of(lambda: fetch(client, path), rounds)
    bars = [(f"<= {most} ms CPU", 1000 * ours.cpu <= most)]
    return page_line(name, floor, ours, ours.wall / floor.wall, statements, bars)


def measure_export(world: World) -> Line:
    """Export every finding by its job against the bare query and a bare xlsxwriter that writes as many cells."""
    rows = workspace_findings(world.erin, world.buyer.pk, {})
    total = rows.count()
    started = time.perf_counter()
    write_bare(rows)
    floor = time.perf_counter() - started
    job = Job.objects.create(
        kind="findings.export", actor=world.erin, organisation_id=world.buyer.pk, params={"filters": {}}, language="en"
    )
    started, before = time.perf_counter(), time.process_time()
    run_job(str(job.pk))
    ours, cpu = time.perf_counter() - started, time.process_time() - before
    job.refresh_from_db()
    assert job.state == "done", job.result
    bars = [("<= 3 x", ours <= 3 * floor)]
    return Line(
        f"export of {total} findings", "the bare query and writer", f"{floor:.1f} s", f"{ours:.1f} s", ours / floor,
        1000 * cpu, None, bars,
    )  # fmt: skip


def write_bare(rows: object) -> None:
    """Send the list's statement by hand and write what comes as plain cells."""
    sql, params = rows.query.sql_with_params()  # type: ignore[attr-defined]
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for number, row in enumerate(cursor):
            for column, value in enumerate(row[:24]):
                sheet.write_string(number, column, str(value))
    book.close()
