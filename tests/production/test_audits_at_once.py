"""Two people, two workers, one that dies: on a real PostgreSQL one wins, the other is told, and nothing happens twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.audits.models import Audit, AuditChange, AuditSchedule
from assessments.audits.services.scheduling import request_due_audits
from assessments.findings.models import CorrectiveAction, FindingChange
from assessments.findings.services.reminding import remind_actions
from portal.notices.models import Mail
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests import factories
from tests.production.together import held_row, held_table, press, run_together, wait_until, waiting_sessions

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]


# 1. Two people --------------------------------------------------------------------------------------
def test_of_two_who_verify_the_same_action_one_wins_and_the_other_is_told():
    people = factories.cast()
    grace = factories.make_user("grace@test.example")
    factories.make_membership(grace, people.buyer, Role.BUYER_PROCUREMENT)
    finding = factories.make_finding(people.relationship, people.site, state="done", confirmed_at=timezone.now())
    CorrectiveAction.objects.create(finding=finding, state="accepted", updated_at=timezone.now())
    pressing = {
        user.pk: press(user, "action_verify", finding, how="desk", note="Seen") for user in (people.dave, grace)
    }

    pages = run_together(held_row(finding), list(pressing.values()))

    answers = dict(zip(pressing, pages, strict=True))
    finding.refresh_from_db()
    assert (finding.state, finding.verified_on) == ("verified", timezone.localdate())
    [change] = FindingChange.objects.filter(finding=finding, target="verified")
    [entry] = Entry.objects.filter(deed="verify_action")
    assert change.actor_id == entry.actor_id == finding.action.verified_by_id
    won, [lost] = answers.pop(change.actor_id), answers.values()
    assert (won.status_code, lost.status_code) == (200, 409)
    assert "Somebody else changed this a moment ago." in lost.content.decode()


# 2. Two workers -------------------------------------------------------------------------------------
def test_two_workers_ask_for_a_due_audit_once():
    people = factories.cast()
    schedule = AuditSchedule.objects.create(
        buyer=people.buyer, name="Every site", programme_code="rba-vap-style", kind="initial", months=24
    )

    counts = run_together(held_row(schedule), [request_due_audits] * 2)

    assert sorted(counts) == [0, 1]
    [audit] = Audit.objects.all()
    assert (audit.site, audit.asked_by, audit.schedule) == (people.site, "schedule", schedule)
    assert Mail.objects.filter(template="audit_step").count() == 1  # to the site's manager


def test_two_workers_remind_of_a_due_plan_once():
    people = factories.cast()
    day = timezone.localdate() + timedelta(days=1)
    factories.make_finding(
        people.relationship, people.site, confirmed_at=timezone.now(), next_due="plan", plan_due_on=day, next_due_on=day
    )

    run_together(held_table(Mail), [remind_actions] * 2)

    [mail] = Mail.objects.all()
    assert (mail.user, mail.template) == (people.alice, "action_reminder")
    assert remind_actions() == 0


# 3. A worker that dies ------------------------------------------------------------------------------
def settled_audits(count):
    """Audits of which every finding is mended: the sweep closes them."""
    people = factories.cast()
    rows = [
        factories.make_audit(people.relationship, factories.make_site(people.supplier), state="actions_open")
        for _number in range(count)
    ]
    for audit in rows:
        factories.make_finding(
            people.relationship, audit.site, source="audit", source_id=audit.pk, state="verified", rule="A3"
        )
    return rows


def test_worker_killed_while_it_settles_leaves_no_audit_half_closed(start_worker):
    rows = settled_audits(20)
    with held_table(AuditChange):  # the state is written, its trace must wait
        first = start_worker(beat=True)
        wait_until(lambda: waiting_sessions() > 0)
        first.kill()
    assert set(Audit.objects.values_list("state", flat=True)) == {"actions_open"}
    assert AuditChange.objects.count() == 0

    second = start_worker(beat=True)
    wait_until(lambda: not Audit.objects.exclude(state="closed").exists())
    seen = second.output.count("audits.settle")
    wait_until(lambda: second.output.count("audits.settle") > seen + 2)
    traces = AuditChange.objects.order_by("audit_id").values_list("audit_id", "source", "target")
    assert list(traces) == [(audit.pk, "actions_open", "closed") for audit in rows]
