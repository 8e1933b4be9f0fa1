"""Who is told what: a plan before it is handed in is its site's own, a vendor code is nothing for an audit firm."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

import assessments.findings.tasks  # noqa: F401  registers the runners
from assessments.findings import services
from assessments.findings.models import Finding, FindingInspector
from assessments.findings.queries.plans import batch_findings
from assessments.findings.queries.sights import sight_of
from assessments.findings.reports.plans import action_sheet, plan_facts
from assessments.overview.reports.cards import action_line
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.pdf import render_pdf
from tests.assessments.findings.builders import day, make_plan, make_waiting
from tests.factories import cast, make_membership, make_user
from tests.portal.api.world import ids

pytestmark = pytest.mark.django_db

WORDS = "Count weekly"
SIDES = ("alice", "bob", "carol", "frank", "dave", "erin")
SITE = ["alice", "bob"]


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    """A finding of an audit that everybody around it sees, with a plan nobody has handed in."""
    row = make_waiting(world, source="audit", source_id=7, firm=world.audit_firm, manager="firm")
    FindingInspector.objects.create(finding=row, user=world.carol)
    make_plan(row)
    return row


def readers(world, reads):
    """The people for whom `reads` is true."""
    return [name for name in SIDES if reads(world.people[name])]


def places(client, world, finding):
    """Every place that shows a plan, as a question: does this person read it there?"""

    def page(name, *args):
        def reads(user):
            client.force_login(user)
            return WORDS in client.get(reverse(name, args=args)).content.decode()

        return reads

    def in_sheet(user):
        rows = batch_findings(user, "audit", 7)
        return any(WORDS in row for row in action_sheet(rows, sight_of(user)).rows)

    def in_pdf(user):
        rows = list(batch_findings(user, "audit", 7).prefetch_related("files__file"))
        return plan_facts(rows, sight_of(user), "")["lines"][0]["action"] is not None

    def in_findings(user):
        client.force_login(user)
        row = client.get(f"/api/v1/findings/{finding.pk}/").json()
        return (row["corrective_action"] or {}).get("corrective") == WORDS

    def in_actions(user):
        client.force_login(user)
        return ids(client, "actions") == [finding.action.pk]

    return {
        "finding": page("finding_detail", finding.pk),
        "batch": page("plan_batch", "audit", 7),
        "list": page("action_list"),
        "sheet": in_sheet,
        "pdf": in_pdf,
        "rest findings": in_findings,
        "rest actions": in_actions,
    }


def shown_to(client, world, finding):
    return {place: readers(world, reads) for place, reads in places(client, world, finding).items()}


def expected(names):
    places = ("finding", "batch", "sheet", "pdf", "rest findings", "rest actions")
    return {place: list(names) for place in places} | {"list": []}


def test_a_plan_is_read_by_its_site_alone_until_it_is_handed_in(client, world, finding):
    assert shown_to(client, world, finding) == expected(SITE)
    services.submit_plan(finding=finding, actor=world.alice)
    assert shown_to(client, world, Finding.objects.get()) == expected(SIDES)


def test_a_plan_taken_back_is_the_sites_own_again(client, world, finding):
    services.submit_plan(finding=finding, actor=world.alice)
    services.withdraw_plan(finding=finding, actor=world.alice)
    assert shown_to(client, world, Finding.objects.get()) == expected(SITE)


def test_a_rejected_plan_is_read_by_all_until_the_site_writes_it_anew(client, world, finding):
    services.submit_plan(finding=finding, actor=world.alice)
    services.reject_plan(finding=finding, reason="Too late.", actor=world.carol)
    assert shown_to(client, world, Finding.objects.get()) == expected(SIDES)
    services.save_plan(finding=finding, base_version=1, actor=world.alice, preventive="A new list")
    assert shown_to(client, world, Finding.objects.get()) == expected(SITE)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, False),
        ({"state": "submitted"}, True),
        ({"state": "accepted"}, True),
        ({"state": "rejected", "submitted_at": timezone.now() + timedelta(days=1)}, True),
        ({"state": "rejected", "submitted_at": timezone.now() - timedelta(days=1)}, False),
    ],
)
def test_the_card_of_a_supplier_names_the_provision_until_a_plan_is_handed_in(world, fields, shown):
    row = make_waiting(world)
    make_plan(row, **fields)
    assert action_line(row).title == (WORDS if shown else "A3 Working Hours")


def test_a_draft_is_said_not_to_be_handed_in(client, world, finding):
    client.force_login(world.dave)
    for url in (reverse("finding_detail", args=[finding.pk]), reverse("plan_batch", args=["audit", 7])):
        assert "The site has not handed in a plan yet." in client.get(url).content.decode()
    rows = list(batch_findings(world.dave, "audit", 7).prefetch_related("files__file"))
    assert render_pdf("reports/action_plan.html", plan_facts(rows, sight_of(world.dave), ""), language="en")


# Vendor codes ---------------------------------------------------------------------------------------
def exported(client, user, name):
    client.force_login(user)
    client.post(reverse(name), {"back": "/"})
    job = Job.objects.get(actor=user)
    run_job(str(job.pk))
    job.refresh_from_db()
    head, *lines = openpyxl.load_workbook(io.BytesIO(job.result_file.content.read())).active.values
    return [line[head.index("Vendor code")] for line in lines]


@pytest.mark.parametrize("name", ["finding_export", "action_export"])
def test_sheets_of_an_audit_firm_have_no_vendor_codes(client, world, finding, name):
    assert {person: exported(client, world.people[person], name) for person in SIDES} == {
        "alice": ["V-1"], "bob": ["V-1"], "carol": [None], "frank": [None], "dave": ["V-1"], "erin": ["V-1"],
    }  # fmt: skip


@pytest.mark.parametrize("resource", ["findings", "actions"])
def test_rest_tells_an_audit_firm_no_vendor_codes_and_finds_nothing_by_them(client, world, finding, resource):
    services.submit_plan(finding=finding, actor=world.alice)
    told, found = {}, {}
    for person in SIDES:
        client.force_login(world.people[person])
        told[person] = [row["vendor_code"] for row in client.get(f"/api/v1/{resource}/").json()["results"]]
        found[person] = len(ids(client, resource, "?vendor_code=V-1"))
    assert told == {person: [""] if person in ("carol", "frank") else ["V-1"] for person in SIDES}
    assert found == {**dict.fromkeys(SIDES, 1), "carol": 0, "frank": 0}


def test_who_works_for_a_firm_and_a_buyer_is_told_what_the_buyer_is(world, finding):
    both = make_user("both@test.example")
    make_membership(both, world.audit_firm, "firm_manager")
    make_membership(both, world.other_buyer, "buyer_reader")
    assert sight_of(both).code_of(finding.relationship) == ""
    make_membership(both, world.buyer, "buyer_reader")
    assert sight_of(both).code_of(finding.relationship) == "V-1"


def test_the_work_list_of_a_firm_is_not_searched_by_vendor_code(client, world, finding):
    found = {}
    for person in ("frank", "dave"):
        client.force_login(world.people[person])
        found[person] = len(client.get(reverse("action_list"), {"q": "V-1"}).context["lines"])
    assert found == {"frank": 0, "dave": 1}


# Why a plan came back, what a source advises --------------------------------------------------------
def test_the_reason_of_a_rejection_stands_wherever_the_plan_does(client, world, finding):
    services.submit_plan(finding=finding, actor=world.alice)
    services.reject_plan(finding=finding, reason="Name a date.", actor=world.carol)
    client.force_login(world.alice)
    for name, args in (("finding_detail", [finding.pk]), ("plan_edit", [finding.pk]), ("plan_batch", ["audit", 7])):
        assert "What has to change" in (html := client.get(reverse(name, args=args)).content.decode()), name
        assert "Name a date." in html, name


def test_a_note_of_an_acceptance_is_no_reason_to_change_the_plan(client, world, finding):
    services.submit_plan(finding=finding, actor=world.alice)
    services.accept_plan(finding=finding, note="Well thought out.", actor=world.carol)
    Finding.objects.update(state="open")
    services.save_plan(finding=Finding.objects.get(), base_version=1, actor=world.alice, planned_on=day(70))
    client.force_login(world.alice)
    assert client.get(reverse("plan_edit", args=[finding.pk])).context["sent_back"] == ""


@pytest.mark.parametrize(
    ("source", "head"), [("audit", "Possible root cause, as the auditors see it"), ("flag", "What to do")]
)
def test_advice_is_headed_by_what_it_is(client, world, source, head):
    row = make_waiting(world, source=source)
    client.force_login(world.alice)
    for name in ("finding_detail", "plan_edit"):
        html = client.get(reverse(name, args=[row.pk])).content.decode()
        assert f"<h3>{head}</h3><p" in html, name
