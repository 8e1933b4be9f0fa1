"""Builders for the tests of corrective actions: a finding that waits, its plan, and what everybody gets."""

from datetime import timedelta

from django.utils import timezone

from assessments.findings.models import CorrectiveAction
from tests.factories import make_finding

PEOPLE = ("alice", "bob", "carol", "frank", "dave", "erin", "mallory", "trent", "anonymous")


def day(days):
    return timezone.localdate() + timedelta(days=days)


def make_waiting(world, **fields):
    values = {
        "confirmed_at": timezone.now(),
        "plan_due_on": day(5),
        "approval_due_on": day(20),
        "done_due_on": day(90),
        "next_due": "plan",
        "next_due_on": day(5),
    }
    return make_finding(world.relationship, world.site, **{**values, **fields})


def make_plan(finding, **fields):
    values = {
        "root_cause": "Nobody counted",
        "corrective": "Count weekly",
        "preventive": "A list on Mondays",
        "owner_name": "Somchai",
        "planned_on": day(60),
        "updated_at": timezone.now(),
    }
    return CorrectiveAction.objects.create(finding=finding, **{**values, **fields})


def statuses(client, world, ask):
    found = []
    for name in PEOPLE:
        client.logout()
        if name != "anonymous":
            client.force_login(world.people[name])
        found.append(ask())
    return found
