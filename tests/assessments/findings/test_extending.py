"""Later dates: asking, deciding, what then runs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.findings import services
from assessments.findings.enums import Due
from assessments.findings.models import Extension, Finding
from portal.lib.errors import ConflictError, DomainError
from tests.factories import cast, make_finding

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_finding(
        world.relationship,
        world.site,
        confirmed_at=timezone.now(),
        plan_due_on=day(5),
        approval_due_on=day(20),
        done_due_on=day(60),
        next_due="plan",
        next_due_on=day(5),
    )


def ask(finding, actor, due=Due.PLAN, wanted_on=None, reason="Our engineer is ill"):
    return services.ask_extension(finding=finding, due=due, wanted_on=wanted_on or day(15), reason=reason, actor=actor)


def test_a_granted_day_runs_and_moves_the_approval(world, finding):
    wish = ask(finding, world.alice)
    services.decide_extension(extension=wish, granted=True, note="", actor=world.dave)
    finding.refresh_from_db()
    assert (finding.plan_due_on, finding.approval_due_on, finding.done_due_on) == (day(15), day(30), day(60))
    assert (finding.next_due, finding.next_due_on) == ("plan", day(15))
    wish.refresh_from_db()
    assert (wish.state, wish.was_on, wish.decided_by) == ("granted", day(5), world.dave)


def test_a_later_day_for_the_action_leaves_the_plan_running(world, finding):
    wish = ask(finding, world.alice, Due.DONE, day(90))
    services.decide_extension(extension=wish, granted=True, note="", actor=world.dave)
    finding.refresh_from_db()
    assert (finding.done_due_on, finding.next_due, finding.next_due_on) == (day(90), "plan", day(5))


def test_a_refusal_needs_a_note_and_moves_nothing(world, finding):
    wish = ask(finding, world.alice)
    with pytest.raises(DomainError, match="Write the reason"):
        services.decide_extension(extension=wish, granted=False, note="", actor=world.dave)
    services.decide_extension(extension=wish, granted=False, note="Too long", actor=world.dave)
    finding.refresh_from_db()
    assert (finding.plan_due_on, finding.next_due_on, wish.state, wish.note) == (day(5), day(5), "refused", "Too long")


def test_one_wish_at_a_time_for_a_date_another_after_the_decision(world, finding):
    wish = ask(finding, world.alice)
    with pytest.raises(DomainError, match="asked for already"):
        ask(finding, world.alice, wanted_on=day(16))
    ask(finding, world.alice, Due.DONE, day(70))
    services.decide_extension(extension=wish, granted=False, note="No", actor=world.dave)
    ask(finding, world.alice)
    assert Extension.objects.count() == 3


def test_of_two_decisions_one_wins(world, finding):
    wish = ask(finding, world.alice)
    twin = Extension.objects.get(pk=wish.pk)
    services.decide_extension(extension=wish, granted=True, note="", actor=world.dave)
    with pytest.raises(ConflictError):
        services.decide_extension(extension=twin, granted=False, note="No", actor=world.erin)
    assert Finding.objects.get().plan_due_on == day(15)


@pytest.mark.parametrize(
    ("due", "days", "sentence"),
    [
        (Due.PLAN, 5, "Choose a day after the one that stands"),
        (Due.PLAN, 61, "The plan cannot be due after the action itself"),
        (Due.DONE, 59, "Choose a day after the one that stands"),
        (Due.DONE, 800, "within the next two years"),
        (Due.APPROVAL, 30, "This date does not run now"),
    ],
)
def test_days_that_make_no_sense_are_refused(world, finding, due, days, sentence):
    with pytest.raises(DomainError, match=sentence):
        ask(finding, world.alice, due, day(days))


def test_a_past_date_cannot_be_asked_for(world, finding):
    Finding.objects.update(plan_due_on=day(-30))
    finding.refresh_from_db()
    with pytest.raises(DomainError, match="not in the past"):
        ask(finding, world.alice, wanted_on=day(-1))


@pytest.mark.parametrize("state", ["disputed", "done", "verified", "closed", "no_action", "collaborative"])
def test_nothing_can_be_moved_while_no_date_runs(world, finding, state):
    Finding.objects.update(state=state, next_due="")
    finding.refresh_from_db()
    for due in Due:
        with pytest.raises(DomainError, match="This date does not run now"):
            ask(finding, world.alice, due, day(90))


def test_a_wish_needs_a_reason(world, finding):
    with pytest.raises(DomainError, match="Write the reason"):
        ask(finding, world.alice, reason=" ")
    assert not Extension.objects.exists()


def test_a_plan_that_was_submitted_needs_no_later_day(world, finding):
    Finding.objects.update(next_due="approval", next_due_on=day(20))
    finding.refresh_from_db()
    with pytest.raises(DomainError, match="This date does not run now"):
        ask(finding, world.alice)
    assert ask(finding, world.alice, Due.DONE, day(70)).was_on == date.today() + timedelta(days=60)
