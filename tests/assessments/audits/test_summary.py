"""The summary of an audit: its facts, the PDF, the workbook of every conclusion."""

import io
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader

import assessments.audits.tasks
from assessments.audits.models import AuditConclusion, WorkerCount
from assessments.audits.queries.naming import AuditWords
from assessments.audits.reports.summary import FoundLine, WorkerLine, summarise
from portal.jobs.models import Job
from portal.jobs.services import run_job
from tests.factories import cast, conclude, make_audit, make_finding

pytestmark = pytest.mark.django_db
assert assessments.audits.tasks  # registers the runners


@pytest.fixture
def world():
    people = cast()
    people_on_it = [people.carol]
    audit = make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=people_on_it, state="actions_open",
        starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4), released_on=date(2026, 3, 30),
        valid_until=date(2028, 3, 4), score=155.2, recognition="", conform=39, applicable=42, priority=0, major=2,
        minor=1, scope="Whole plant with the dormitory",
    )  # fmt: skip
    conclude(audit)
    finding = make_finding(
        people.relationship, people.site, source="audit", source_id=audit.pk, rule="A3", state="in_progress",
        plan_due_on=date(2026, 4, 13), done_due_on=date(2026, 9, 26),
    )  # fmt: skip
    conclude(audit, "major", only=["A3"], description="71 hours in one week.", law="Labour Act 61", finding=finding)
    conclude(audit, "major", only=["B2"], description="No night drill.")
    conclude(audit, "minor", only=["A1"], description="One contract without a date.")
    AuditConclusion.objects.filter(audit=audit, checkpoint="E12").delete()
    WorkerCount.objects.create(audit=audit, group="trainees", women=4, men=6, interviewed=3)
    WorkerCount.objects.create(audit=audit, group="permanent", women=60, men=40, interviewed=12)
    return SimpleNamespace(audit=audit, **vars(people))


def finished(client, world, person, name):
    client.force_login(person)
    assert client.post(reverse(name, args=[world.audit.pk])).status_code == 302
    job = Job.objects.latest("created_at")
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.result
    return b"".join(client.get(reverse("job_file", args=[job.pk])).streaming_content)


def test_facts_of_an_audit(world):
    facts = summarise(world.audit)
    assert facts.words == AuditWords("RBA VAP-style", "Initial audit", "", 200)
    assert (facts.site, facts.supplier, facts.buyer, facts.firm) == (
        world.site.name, "Supplier", "Buyer", "Audit firm",
    )  # fmt: skip
    assert facts.auditors == ["Carol"]
    assert (facts.starts_on, facts.ends_on, facts.valid_until) == (date(2026, 3, 2), date(2026, 3, 4), date(2028, 3, 4))
    assert facts.workers == [
        WorkerLine("Permanent employees", 60, 40, 12),
        WorkerLine("Technical intern trainees", 4, 6, 3),
    ]
    assert (facts.heads, facts.interviewed) == (110, 15)
    assert (facts.score, facts.conform, facts.applicable) == (155.2, 39, 42)
    assert facts.counts == [("priority", "Priority", 0), ("major", "Major", 2), ("minor", "Minor", 1)]
    assert facts.formula.startswith("200 x conform / applicable") and "2018-19" in facts.formula


def test_a_missing_signature_is_said(world, client):
    world.audit.changes.create(source="in_progress", target="acknowledged", reason="Refused on 4 March")
    world.audit.changes.create(source="acknowledged", target="draft")
    assert summarise(world.audit).unsigned_reason == "Refused on 4 March"
    pdf = PdfReader(io.BytesIO(finished(client, world, world.dave, "audit_pdf")))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Not signed by the site: Refused on 4 March" in text


def test_findings_lead_by_severity_with_their_dates(world):
    first, second, third = summarise(world.audit).findings
    assert first == FoundLine(
        "major", "Major", "A3", "Working Hours", "71 hours in one week.", "Labour Act 61", "", "",
        date(2026, 4, 13), date(2026, 9, 26), "In progress",
    )  # fmt: skip
    assert (second.code, second.plan_due_on, second.state, third.code) == ("B2", None, "", "A1")


def test_conclusions_stand_by_section_with_what_is_missing(world):
    sections = summarise(world.audit).sections
    assert [(section.title, len(section.points)) for section in sections] == [
        ("A Labor", 6),
        ("B Health and Safety", 8),
        ("C Environment", 8),
        ("D Ethics", 8),
        ("E Management systems", 12),
    ]
    points = {point.code: point.word for section in sections for point in section.points}
    assert (points["A3"], points["A4"], points["E12"]) == ("Major", "Conform", "")


def test_pdf_says_it_in_the_readers_language(client, world):
    content = finished(client, world, world.erin, "audit_pdf")
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for words in (
        "Audit summary",
        "155.2",
        "71 hours in one week.",
        "Labour Act 61",
        "2018-19",
        "26 Sep 2026",
        "signature",
    ):
        assert words in text, words


def test_workbook_holds_every_checkpoint(client, world):
    book = openpyxl.load_workbook(io.BytesIO(finished(client, world, world.alice, "audit_workbook")))
    assert book.sheetnames == ["Audit", "Conclusions", "Workers"]
    rows = {row[1].value: [cell.value for cell in row] for row in book["Conclusions"].iter_rows(min_row=2)}
    assert len(rows) == 42
    assert rows["A3"][2:7] == [
        "Working Hours", "Major", "Interview with four workers\nTime records of March\nWalk through line 2",
        "71 hours in one week.", "Labour Act 61",
    ]  # fmt: skip
    assert rows["E12"][3:5] == [None, None]


def test_buyer_takes_nothing_before_release(client, world):
    world.audit.state = "draft"
    world.audit.save()
    client.force_login(world.erin)
    assert client.post(reverse("audit_pdf", args=[world.audit.pk])).status_code == 403
    client.force_login(world.mallory)
    assert client.post(reverse("audit_pdf", args=[world.audit.pk])).status_code == 404


def test_job_of_somebody_who_lost_access_is_refused(client, world):
    client.force_login(world.erin)
    client.post(reverse("audit_pdf", args=[world.audit.pk]))
    world.erin.memberships.all().delete()
    job = Job.objects.get()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["message"]) == ("refused", "You no longer have access to this audit.")
