"""REST: findings, column by column and filter by filter."""

from datetime import UTC, date, datetime

import pytest

from assessments.findings.enums import CloseReason
from assessments.findings.models import ActionChange, CorrectiveAction, Extension, Finding
from assessments.findings.services import close_finding
from tests.factories import cast, make_finding, make_organisation, make_relationship, make_site
from tests.portal.api.world import hand_in, ids, program_of

pytestmark = pytest.mark.django_db


def test_finding_row():
    people = cast()
    things = hand_in(people.relationship, people.site)
    assert program_of(people.erin).get(f"/api/v1/findings/{things.finding.pk}/").json() == {
        "id": things.finding.pk,
        **place(people),
        "source": "flag",
        "source_id": things.response.pk,
        "rule": "A3-OVER-60",
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "topic": "",
        "severity": "major",
        "text": {"en": "Longest week 66.5; the limit is 60."},
        "advice": {"en": "Plan the work so that weeks stay short."},
        "law": "",
        "state": "open",
        "opened_at": "2026-03-01T09:00:00Z",
        "confirmed_at": None,
        "closed_at": None,
        "close_reason": "",
        "recurrence_of_id": None,
        "merged_into_id": None,
        "manager": "buyer",
        "firm_id": None,
        "discovered_on": None,
        "reported_on": None,
        "plan_due_on": None,
        "approval_due_on": None,
        "done_due_on": None,
        "next_due": "",
        "next_due_on": None,
        "done_on": None,
        "verified_on": None,
        "corrective_action": PLAN,
    }


def place(people):
    """Where a finding is, as every row says it."""
    return {
        "relationship_id": people.relationship.pk,
        "buyer_id": people.buyer.pk,
        "supplier_id": people.supplier.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
    }


PLAN = {
    "state": "submitted",
    "no_action": False,
    "no_action_reason": "",
    "containment": "",
    "root_cause": "No limit is set in the planning tool.",
    "corrective": "",
    "preventive": "",
    "owner_name": "Suda",
    "starts_on": None,
    "planned_on": None,
    "submitted_at": "2026-03-01T09:00:00Z",
    "decided_at": None,
    "verified_how": "",
    "updated_at": "2026-03-01T09:00:00Z",
}


def test_finding_without_a_plan_says_so():
    people = cast()
    finding = make_finding(people.relationship, people.site)
    answer = program_of(people.erin).get(f"/api/v1/findings/{finding.pk}/").json()
    assert (answer["id"], answer["corrective_action"]) == (finding.pk, None)


def test_action_row():
    people = cast()
    things = hand_in(people.relationship, people.site)
    assert program_of(people.erin).get(f"/api/v1/actions/{things.action.pk}/").json() == {
        "id": things.action.pk,
        "finding_id": things.finding.pk,
        **place(people),
        "provision": "A3",
        "severity": "major",
        "finding_state": "open",
        "next_due": "",
        "next_due_on": None,
        "done_on": None,
        "verified_on": None,
        **PLAN,
    }


@pytest.fixture
def world():
    """Three findings of one buyer: an old major one, a closed minor one in Viet Nam, a new priority one."""
    people = cast()
    bond = make_relationship(people.buyer, make_organisation(country="VN"), vendor_code="V-2")
    old = hand_in(people.relationship, people.site).finding
    closed = hand_in(bond, make_site(bond.supplier)).finding
    closed.severity, closed.provision, closed.code_of_conduct = "minor", "B2", "own-1"
    closed.rule, closed.recurrence_of = "B2-NO-DRILL", old
    closed.save()
    close_finding(finding=closed, reason=CloseReason.MENDED, note="Seen", actor=people.dave)
    new = hand_in(people.relationship, make_site(people.supplier)).finding
    new.severity, new.opened_at = "priority", datetime(2026, 5, 1, tzinfo=UTC)
    new.confirmed_at, new.next_due, new.next_due_on = new.opened_at, "plan", date(2026, 5, 8)
    new.save()
    return people, {"old": old, "closed": closed, "new": new}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["old", "closed", "new"]),
        ("?state=open", ["old", "new"]),
        ("?state=closed", ["closed"]),
        ("?standing=open", ["old", "new"]),
        ("?standing=overdue", ["new"]),
        ("?standing=settled", ["closed"]),
        ("?confirmed=true", ["new"]),
        ("?confirmed=false", ["old", "closed"]),
        ("?recurrence=true", ["closed"]),
        ("?manager=firm", []),
        ("?due_before=2026-05-08", ["new"]),
        ("?due_after=2026-05-09", []),
        ("?close_reason=mended", ["closed"]),
        ("?severity=priority", ["new"]),
        ("?provision=B2", ["closed"]),
        ("?provision=B", []),
        ("?code_of_conduct=own-1", ["closed"]),
        ("?rule=B2-NO-DRILL", ["closed"]),
        ("?source=flag", ["old", "closed", "new"]),
        ("?country=VN", ["closed"]),
        ("?vendor_code=V-2", ["closed"]),
        ("?vendor_code=V-1&severity=major", ["old"]),
        ("?opened_since=2026-04-01T00:00:00Z", ["new"]),
        ("?opened_since=2026-04-01", ["new"]),
        ("?updated_since=2026-04-01T00:00:00Z", ["closed", "new"]),
        ("?ordering=severity", ["new", "old", "closed"]),
        ("?ordering=-severity", ["closed", "old", "new"]),
        ("?ordering=-opened_at", ["new", "old", "closed"]),
        ("?ordering=provision,-opened_at", ["new", "old", "closed"]),
    ],
)
def test_filters(world, query, expected):
    people, findings = world
    names = {finding.pk: name for name, finding in findings.items()}
    assert [names[pk] for pk in ids(program_of(people.erin), "findings", query)] == expected


def test_filters_by_id(world):
    people, findings = world
    client = program_of(people.erin)
    closed = findings["closed"]
    for name in ("site", "relationship", "source_id"):
        value = getattr(closed, name if name == "source_id" else f"{name}_id")
        assert ids(client, "findings", f"?{name}={value}") == [closed.pk]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["old", "closed", "new"]),
        ("?state=submitted", ["old", "new"]),
        ("?state=accepted", ["closed"]),
        ("?standing=overdue", ["new"]),
        ("?standing=settled", ["closed"]),
        ("?finding_state=open&severity=major", ["old"]),
        ("?provision=B2", ["closed"]),
        ("?source=audit", []),
        ("?country=VN&vendor_code=V-2", ["closed"]),
        ("?due_before=2026-05-08", ["new"]),
        ("?due_after=2026-05-09", []),
        ("?updated_since=2026-04-01T00:00:00Z", ["closed"]),
        ("?ordering=-next_due_on&finding_state=open&due_after=2026-01-01", ["new"]),
    ],
)
def test_filters_of_actions(world, query, expected):
    people, findings = world
    CorrectiveAction.objects.filter(finding=findings["closed"]).update(state="accepted")
    names = {finding.action.pk: name for name, finding in findings.items()}
    assert [names[pk] for pk in ids(program_of(people.erin), "actions", query)] == expected


def test_filters_of_actions_by_id(world):
    people, findings = world
    client, closed = program_of(people.erin), findings["closed"]
    wanted = {"finding": closed.pk, "site": closed.site_id, "relationship": closed.relationship_id}
    for name, value in {**wanted, "source_id": closed.source_id}.items():
        assert ids(client, "actions", f"?{name}={value}") == [closed.action.pk]


def test_anything_that_moves_makes_a_finding_updated():
    """Only those of which something moved: its plan, a due date, its confirmation, its state."""
    people, since = cast(), datetime(2026, 4, 1, tzinfo=UTC)
    still, plan, later, confirmed = (hand_in(people.relationship, make_site(people.supplier)) for _ in range(4))
    ActionChange.objects.create(action=plan.action, source="draft", target="submitted")
    Extension.objects.create(
        finding=later.finding, due="plan", was_on=since, wanted_on=since, reason="Snow.", decided_at=since
    )
    Finding.objects.filter(pk=confirmed.finding.pk).update(confirmed_at=since)
    moved = [plan.finding.pk, later.finding.pk, confirmed.finding.pk]
    client = program_of(people.erin)
    assert ids(client, "findings", "?updated_since=2026-04-01T00:00:00Z") == moved
    assert ids(client, "actions", "?updated_since=2026-04-01T00:00:00Z") == [plan.action.pk, later.action.pk]
    assert still.finding.pk not in moved
