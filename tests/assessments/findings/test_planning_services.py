"""Plans and what is done about them: every deed, what it refuses, two people at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.findings import services
from assessments.findings.enums import FindingState, PlanState, Verification
from assessments.findings.models import ActionChange, CorrectiveAction, Finding
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import cast, make_finding

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 2)
FULL = {
    "root_cause": "Nobody counted the hours of a week.",
    "corrective": "Shifts are planned by the week.",
    "preventive": "A list of weekly hours goes to the plant manager on Mondays.",
    "owner_name": "Somchai",
    "planned_on": date(2026, 6, 1),
}


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    dates = {"plan_due_on": date(2026, 3, 16), "approval_due_on": date(2026, 4, 13), "done_due_on": date(2026, 8, 29)}
    return make_finding(
        world.relationship,
        world.site,
        confirmed_at=timezone.now(),
        next_due="plan",
        next_due_on=dates["plan_due_on"],
        **dates,
    )


def plan(finding, actor, base_version=0, **fields):
    return services.save_plan(finding=finding, base_version=base_version, actor=actor, **{**FULL, **fields})


def agreed(finding, world):
    plan(finding, world.alice)
    services.submit_plan(finding=finding, actor=world.alice)
    services.accept_plan(finding=finding, note="Good", actor=world.dave)
    return finding


def standing(finding):
    finding.refresh_from_db()
    action = CorrectiveAction.objects.filter(finding=finding).first()
    return finding.state, action and action.state, finding.next_due, finding.next_due_on


# 1. Saving -----------------------------------------------------------------------------------------
def test_save_plan_writes_the_first_version_and_the_trail(world, finding):
    action = plan(finding, world.alice, root_cause="  Nobody counted.  ")
    assert (action.version, action.state, action.root_cause, action.updated_by) == (
        1,
        "draft",
        "Nobody counted.",
        world.alice,
    )
    entry = Entry.objects.get(deed="save_plan")
    assert (entry.actor, entry.thing_id, entry.organisation_id) == (world.alice, str(finding.pk), world.buyer.pk)
    assert entry.detail == {"version": 1}


def test_save_plan_counts_versions_and_saves_the_same_only_once(world, finding):
    plan(finding, world.alice)
    assert plan(finding, world.alice, 1, preventive="New").version == 2
    assert plan(finding, world.alice, 1, preventive="New").version == 2  # a second click, a workbook sent twice
    assert Entry.objects.filter(deed="save_plan").count() == 2


def test_save_plan_of_the_slower_one_is_refused_with_what_stands(world, finding):
    plan(finding, world.alice)
    plan(finding, world.bob, 1, preventive="Bob's")
    with pytest.raises(ConflictError) as caught:
        plan(finding, world.alice, 1, preventive="Alice's")
    assert caught.value.detail.preventive == "Bob's"
    assert caught.value.message == (
        "Bob saved this plan a moment ago. Compare what stands with what you wrote, then save again."
    )
    assert CorrectiveAction.objects.get().preventive == "Bob's"


def test_two_first_versions_at_once_one_wins(world, finding):
    plan(finding, world.alice)
    with pytest.raises(ConflictError):
        plan(finding, world.bob, 0, preventive="Bob's")
    assert CorrectiveAction.objects.get().preventive == FULL["preventive"]


def test_save_plan_knows_only_fields_of_a_plan(world, finding):
    with pytest.raises(TypeError, match="A plan has no state"):
        plan(finding, world.alice, state="accepted")


@pytest.mark.parametrize("state", [state for state in FindingState if state is not FindingState.OPEN])
def test_save_plan_is_refused_unless_the_finding_is_open(world, finding, state):
    Finding.objects.update(state=state)
    with pytest.raises(DomainError, match="A plan can be written while the finding is open"):
        plan(finding, world.alice)
    assert not CorrectiveAction.objects.exists()


def test_save_plan_waits_until_a_flag_is_confirmed(world, finding):
    Finding.objects.update(confirmed_at=None)
    with pytest.raises(DomainError, match="has not confirmed this finding yet"):
        plan(finding, world.alice)


def test_save_plan_is_refused_while_it_is_submitted(world, finding):
    plan(finding, world.alice)
    services.submit_plan(finding=finding, actor=world.alice)
    with pytest.raises(DomainError, match="Take it back first"):
        plan(finding, world.alice, 1, preventive="Other")


# 2. Submitting -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "severity", "problems"),
    [
        ({}, "major", []),
        ({}, "priority", ["A priority finding needs a containment: what was done at once."]),
        ({"containment": "Stopped the line"}, "priority", []),
        ({"root_cause": " "}, "minor", ["The root cause is missing."]),
        ({"corrective": ""}, "minor", ["The corrective action is missing."]),
        ({"preventive": ""}, "minor", ["The preventive action is missing."]),
        ({"owner_name": ""}, "minor", ["Nobody is named who is responsible."]),
        ({"planned_on": None}, "minor", ["The day by which it is done is missing."]),
        ({"planned_on": date(2026, 8, 29)}, "minor", []),
        (
            {"planned_on": date(2026, 8, 30)},
            "minor",
            ["The planned day is after the day by which it must be done. Ask for a later date first."],
        ),
        ({"starts_on": date(2026, 6, 2)}, "minor", ["The plan starts after the day by which it is done."]),
        ({"no_action": True}, "priority", ["Say why no action is taken."]),
        ({"no_action": True, "no_action_reason": "The line was sold", "root_cause": ""}, "priority", []),
    ],
)
def test_submit_plan_names_everything_missing(world, finding, fields, severity, problems):
    Finding.objects.update(severity=severity)
    finding.refresh_from_db()
    plan(finding, world.alice, **fields)
    if not problems:
        assert services.submit_plan(finding=finding, actor=world.alice).state == "submitted"
        assert standing(finding) == ("open", "submitted", "approval", date(2026, 4, 13))
        return
    with pytest.raises(DomainError) as caught:
        services.submit_plan(finding=finding, actor=world.alice)
    assert caught.value.detail == problems
    assert standing(finding) == ("open", "draft", "plan", date(2026, 3, 16))


def test_submit_plan_without_any_plan_says_so(world, finding):
    with pytest.raises(DomainError, match="There is no plan yet"):
        services.submit_plan(finding=finding, actor=world.alice)


def test_withdraw_plan_makes_it_a_draft_and_the_plan_due_again(world, finding):
    plan(finding, world.alice)
    services.submit_plan(finding=finding, actor=world.alice)
    services.withdraw_plan(finding=finding, actor=world.alice)
    assert standing(finding) == ("open", "draft", "plan", date(2026, 3, 16))


# 3. Deciding ---------------------------------------------------------------------------------------
def test_accept_plan_agrees_the_action_and_its_date_runs(world, finding):
    agreed(finding, world)
    assert standing(finding) == ("action_agreed", "accepted", "done", date(2026, 8, 29))


def test_accept_plan_takes_the_planned_day_where_no_clock_ran(world, finding):
    Finding.objects.update(done_due_on=None)
    finding.refresh_from_db()
    agreed(finding, world)
    assert standing(finding) == ("action_agreed", "accepted", "done", date(2026, 6, 1))


def test_accept_plan_of_no_action_settles_the_finding(world, finding):
    plan(finding, world.alice, no_action=True, no_action_reason="The line was sold")
    services.submit_plan(finding=finding, actor=world.alice)
    services.accept_plan(finding=finding, note="", actor=world.dave)
    assert standing(finding) == ("no_action", "accepted", "", None)


def test_reject_plan_needs_a_reason_and_the_site_submits_again(world, finding):
    plan(finding, world.alice)
    services.submit_plan(finding=finding, actor=world.alice)
    with pytest.raises(DomainError, match="Write the reason"):
        services.reject_plan(finding=finding, reason=" ", actor=world.dave)
    services.reject_plan(finding=finding, reason="Too vague", actor=world.dave)
    assert standing(finding) == ("open", "rejected", "plan", date(2026, 3, 16))
    with pytest.raises(DomainError, match="has not been changed since"):
        services.submit_plan(finding=finding, actor=world.alice)
    plan(finding, world.alice, 1, corrective="Weekly lists")
    services.submit_plan(finding=finding, actor=world.alice)
    moves = ActionChange.objects.order_by("pk").values_list("source", "target", "reason")
    assert list(moves) == [
        ("draft", "submitted", ""),
        ("submitted", "rejected", "Too vague"),
        ("rejected", "submitted", ""),
    ]


def test_ask_new_plan_opens_finding_and_plan_again(world, finding):
    agreed(finding, world)
    services.ask_new_plan(finding=finding, reason="The owner left", actor=world.dave)
    assert standing(finding) == ("open", "draft", "plan", date(2026, 3, 16))


def test_ask_new_plan_needs_an_agreed_one(world, finding):
    plan(finding, world.alice)
    with pytest.raises(DomainError, match="while an agreed action is not done"):
        services.ask_new_plan(finding=finding, reason="No", actor=world.dave)


def test_a_plan_accepted_before_a_reopening_can_be_written_again(world, finding):
    agreed(finding, world)
    Finding.objects.update(state="open")
    assert plan(finding, world.alice, 1, preventive="Better").state == PlanState.DRAFT


# 4. Doing and verifying ----------------------------------------------------------------------------
def test_the_action_runs_from_start_to_verified(world, finding):
    agreed(finding, world)
    services.start_action(finding=finding, actor=world.alice)
    assert standing(finding) == ("in_progress", "accepted", "done", date(2026, 8, 29))
    services.finish_action(finding=finding, note="The list hangs at the gate.", actor=world.alice)
    assert standing(finding) == ("done", "accepted", "", None)
    services.verify_action(finding=finding, how=Verification.ON_SITE, note="Seen.", actor=world.carol)
    assert standing(finding)[0] == "verified"
    action = CorrectiveAction.objects.get()
    assert (action.verified_how, action.verified_by) == ("on_site", world.carol)
    assert (finding.done_on, finding.verified_on) == (timezone.localdate(), timezone.localdate())


def test_finish_action_needs_a_file_or_a_word(world, finding):
    agreed(finding, world)
    services.start_action(finding=finding, actor=world.alice)
    with pytest.raises(DomainError, match="Add a file that shows what was done"):
        services.finish_action(finding=finding, note="  ", actor=world.alice)
    assert standing(finding)[0] == "in_progress"


def test_send_back_action_says_what_is_missing(world, finding):
    agreed(finding, world)
    services.start_action(finding=finding, actor=world.alice)
    with pytest.raises(DomainError, match="Only an action that is done"):
        services.send_back_action(finding=finding, reason="Early", actor=world.dave)
    services.finish_action(finding=finding, note="Done", actor=world.alice)
    services.send_back_action(finding=finding, reason="The list of May is missing", actor=world.dave)
    assert standing(finding) == ("in_progress", "accepted", "done", date(2026, 8, 29))
    assert finding.done_on is None
    assert finding.changes.order_by("-pk").first().reason == "The list of May is missing"


def test_of_two_verifications_one_wins_and_the_other_is_told(world, finding):
    Finding.objects.update(state="done")
    first, second = Finding.objects.get(), Finding.objects.get()
    services.verify_action(finding=first, how=Verification.DESK, note="", actor=world.dave)
    with pytest.raises(ConflictError) as caught:
        services.verify_action(finding=second, how=Verification.ON_SITE, note="", actor=world.erin)
    assert caught.value.message == "Somebody else changed this a moment ago. Reload the page to see how it stands."
    assert CorrectiveAction.objects.get().verified_by == world.dave


def test_a_collaborative_finding_starts_without_a_plan(world, finding):
    Finding.objects.update(state="collaborative", next_due="", next_due_on=None)
    finding.refresh_from_db()
    services.start_action(finding=finding, actor=world.alice)
    assert finding.state == "in_progress"


def test_add_comment_keeps_the_words(world, finding):
    with pytest.raises(DomainError, match="Write a comment first"):
        services.add_comment(finding=finding, text="  ", actor=world.alice)
    comment = services.add_comment(finding=finding, text=" We started. ", actor=world.alice)
    assert (comment.text, comment.author) == ("We started.", world.alice)


def test_deeds_record_in_the_trail_of_the_buyer(world, finding):
    agreed(finding, world)
    services.start_action(finding=finding, actor=world.alice)
    deeds = Entry.objects.filter(organisation_id=world.buyer.pk).order_by("pk").values_list("deed", flat=True)
    assert list(deeds) == ["save_plan", "submit_plan", "accept_plan", "start_action"]
    assert timedelta(0) <= timezone.now() - CorrectiveAction.objects.get().decided_at < timedelta(minutes=5)
