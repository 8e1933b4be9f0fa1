"""The three tables of this room, written out once more: findings, plans, wishes for a later date."""

from datetime import date
from itertools import product

import pytest
from django.utils import timezone

from assessments.findings import lifecycle
from assessments.findings.enums import CloseReason, ExtensionState, FindingState, PlanState
from assessments.findings.models import ActionChange, CorrectiveAction, Extension, Finding, FindingChange
from portal.lib.errors import ConflictError, DomainError
from tests.factories import make_finding, make_relationship, make_user

pytestmark = pytest.mark.django_db

FINDING_MOVES = {
    "open": {"disputed", "action_agreed", "collaborative", "no_action", "closed"},
    "disputed": {"open", "closed"},
    "action_agreed": {"in_progress", "open", "collaborative", "closed"},
    "in_progress": {"done", "open", "collaborative", "closed"},
    "done": {"verified", "in_progress", "closed"},
    "verified": {"closed", "open"},
    "closed": {"open"},
    "no_action": {"open", "closed"},
    "collaborative": {"open", "in_progress", "closed"},
}
PLAN_MOVES = {
    "draft": {"submitted"},
    "submitted": {"draft", "accepted", "rejected"},
    "accepted": {"draft"},
    "rejected": {"submitted"},
}
EXTENSION_MOVES = {"asked": {"granted", "refused"}, "granted": set(), "refused": set()}
DAYS = {"plan_due_on": date(2027, 1, 8), "approval_due_on": date(2027, 1, 15), "done_due_on": date(2027, 6, 1)}
RUNNING = {
    "open": ("plan", DAYS["plan_due_on"]),
    "action_agreed": ("done", DAYS["done_due_on"]),
    "in_progress": ("done", DAYS["done_due_on"]),
}


@pytest.fixture
def finding():
    return make_finding(make_relationship(), **DAYS)


def in_state(finding, state):
    Finding.objects.filter(pk=finding.pk).update(state=state)
    finding.refresh_from_db()
    return finding


def make_plan(finding, state="draft"):
    return CorrectiveAction.objects.create(finding=finding, state=state, updated_at=timezone.now())


def make_wish(finding, state="asked"):
    days = {"was_on": DAYS["plan_due_on"], "wanted_on": date(2027, 2, 1)}
    return Extension.objects.create(finding=finding, due="plan", state=state, reason="New year.", **days)


# 1. Findings --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("source", "target"), list(product(FindingState.values, FindingState.values)))
def test_every_move_of_a_finding(finding, source, target):
    in_state(finding, source)
    actor = make_user("actor@test.example")
    if target not in FINDING_MOVES[source]:
        with pytest.raises(DomainError, match="not possible") as refused:
            lifecycle.advance(finding, FindingState(target), actor=actor)
        assert refused.value.code == "transition" and not FindingChange.objects.exists()
        assert Finding.objects.get().state == source
        return
    lifecycle.advance(finding, FindingState(target), actor=actor, reason=CloseReason.MENDED, note="Seen.")
    stored = Finding.objects.get()
    assert (stored.state, stored.next_due, stored.next_due_on) == (target, *RUNNING.get(target, ("", None)))
    assert (finding.state, finding.next_due_on) == (stored.state, stored.next_due_on)
    assert (stored.closed_at is not None, stored.close_reason) == (
        (True, "mended") if target == "closed" else (False, "")
    )
    assert list(FindingChange.objects.values_list("source", "target", "reason", "actor")) == [
        (source, target, "Seen.", actor.pk)
    ]


def test_the_tables_name_every_state():
    assert set(FINDING_MOVES) == set(FindingState.values) == set(lifecycle.TRANSITIONS)
    assert set(PLAN_MOVES) == set(PlanState.values) == set(lifecycle.PLAN_TRANSITIONS)
    assert set(EXTENSION_MOVES) == set(ExtensionState.values) == set(lifecycle.EXTENSION_TRANSITIONS)


@pytest.mark.parametrize(("source", "target"), list(product(FindingState.values, FindingState.values)))
def test_many_findings_move_at_once_and_others_stay(finding, source, target):
    in_state(finding, source)
    twin = in_state(make_finding(finding.relationship, plan_due_on=date(2027, 3, 1)), source)
    lifecycle.advance_many([finding, twin], FindingState(target), reason=CloseReason.NEWER)
    allowed = target in FINDING_MOVES[source]
    assert set(Finding.objects.values_list("state", flat=True)) == {target if allowed else source}
    assert FindingChange.objects.count() == (2 if allowed else 0)
    if allowed and target == "open":
        assert set(Finding.objects.values_list("next_due_on", flat=True)) == {DAYS["plan_due_on"], date(2027, 3, 1)}


def test_done_and_verified_write_their_day_and_working_on_clears_it(finding):
    in_state(finding, "in_progress")
    for target in (FindingState.DONE, FindingState.VERIFIED):
        lifecycle.advance(finding, target, actor=None)
    today = timezone.localdate()
    assert (Finding.objects.get().done_on, Finding.objects.get().verified_on) == (today, today)
    lifecycle.advance(finding, FindingState.OPEN, actor=None)
    assert (Finding.objects.get().done_on, Finding.objects.get().verified_on) == (None, None)


def test_a_move_of_a_stale_finding_is_a_conflict(finding):
    stale = Finding.objects.get()
    lifecycle.advance(finding, FindingState.DISPUTED, actor=None)
    with pytest.raises(ConflictError, match="Reload the page"):
        lifecycle.advance(stale, FindingState.CLOSED, actor=None)
    assert Finding.objects.get().state == "disputed" and FindingChange.objects.count() == 1


@pytest.mark.parametrize("state", ["closed", "verified", "no_action"])
def test_a_settled_flag_stays_so_while_a_newer_one_of_its_rule_is_open(finding, state):
    in_state(finding, state)
    make_finding(finding.relationship, finding.site, rule=finding.rule)
    with pytest.raises(DomainError, match="newer finding of the same rule") as refused:
        lifecycle.advance(finding, FindingState.OPEN, actor=None)
    assert refused.value.code == "twin"


@pytest.mark.parametrize(
    ("state", "plan", "due"),
    [
        ("open", None, "plan"),
        ("open", "draft", "plan"),
        ("open", "rejected", "plan"),
        ("open", "submitted", "approval"),
        ("action_agreed", "accepted", "done"),
        ("in_progress", "accepted", "done"),
        ("done", "accepted", None),
        ("disputed", "submitted", None),
        ("collaborative", None, None),
        ("closed", None, None),
    ],
)
def test_what_a_finding_waits_for(finding, state, plan, due):
    in_state(finding, state)
    if plan:
        make_plan(finding, plan)
    assert lifecycle.awaited(finding) == due


# 2. Plans -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("source", "target"), list(product(PlanState.values, PlanState.values)))
def test_every_move_of_a_plan(finding, source, target):
    plan = make_plan(finding, source)
    if target not in PLAN_MOVES[source]:
        with pytest.raises(DomainError, match="not possible while the plan") as refused:
            lifecycle.advance_plan(plan, PlanState(target), actor=None)
        assert refused.value.code == "transition" and CorrectiveAction.objects.get().state == source
        assert not ActionChange.objects.exists()
        return
    lifecycle.advance_plan(plan, PlanState(target), actor=None, reason="Because.")
    stored = CorrectiveAction.objects.select_related("finding").get()
    due = ("approval", DAYS["approval_due_on"]) if target == "submitted" else ("plan", DAYS["plan_due_on"])
    assert (stored.state, stored.finding.next_due, stored.finding.next_due_on) == (target, *due)
    assert (stored.submitted_at is not None, stored.decided_at is not None) == (
        target == "submitted",
        target in {"accepted", "rejected"},
    )
    assert list(ActionChange.objects.values_list("source", "target", "reason")) == [(source, target, "Because.")]


def test_a_plan_of_an_agreed_action_moves_no_clock(finding):
    plan = make_plan(in_state(finding, "action_agreed"), "accepted")
    lifecycle.advance_plan(plan, PlanState.DRAFT, actor=None)
    assert (Finding.objects.get().next_due, Finding.objects.get().next_due_on) == ("", None)


def test_a_move_of_a_stale_plan_is_a_conflict(finding):
    plan = make_plan(finding, "submitted")
    stale = CorrectiveAction.objects.get()
    lifecycle.advance_plan(plan, PlanState.ACCEPTED, actor=None)
    with pytest.raises(ConflictError, match="Reload the page"):
        lifecycle.advance_plan(stale, PlanState.REJECTED, actor=None)
    assert CorrectiveAction.objects.get().state == "accepted" and ActionChange.objects.count() == 1


# 3. Wishes for a later date -----------------------------------------------------------------------
@pytest.mark.parametrize(("source", "target"), list(product(ExtensionState.values, ExtensionState.values)))
def test_every_move_of_an_extension(finding, source, target):
    wish = make_wish(finding, source)
    actor = make_user("actor@test.example")
    if target not in EXTENSION_MOVES[source]:
        with pytest.raises(DomainError, match="decided already") as refused:
            lifecycle.advance_extension(wish, ExtensionState(target), actor=actor)
        assert refused.value.code == "transition" and Extension.objects.get().state == source
        return
    lifecycle.advance_extension(wish, ExtensionState(target), actor=actor, note="So be it.")
    stored = Extension.objects.get()
    assert (stored.state, stored.decided_by, stored.note) == (target, actor, "So be it.")
    assert stored.decided_at is not None


def test_a_move_of_a_stale_extension_is_a_conflict(finding):
    wish = make_wish(finding)
    stale = Extension.objects.get()
    lifecycle.advance_extension(wish, ExtensionState.GRANTED, actor=None)
    with pytest.raises(ConflictError, match="Reload the page"):
        lifecycle.advance_extension(stale, ExtensionState.REFUSED, actor=None)
    assert Extension.objects.get().state == "granted"
