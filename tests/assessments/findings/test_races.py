"""Two people at once on one finding: one wins, the other is told."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from assessments.findings import services
from assessments.findings.enums import CloseReason, Verification
from assessments.findings.models import CorrectiveAction, Finding, FindingChange
from portal.lib.errors import ConflictError, DomainError
from portal.trail.models import Entry
from tests.factories import cast, make_finding

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds, findings=()):
    """Run the deeds in threads that start together, each on its finding or all on the only one; return the outcomes."""
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        rows = Finding.objects.select_related("relationship")
        finding = rows.get(pk=findings[place].pk) if findings else rows.get()
        try:
            gate.wait()
            found[place] = deed(finding)
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def told(found):
    """Return how many won and how many were told that somebody was quicker."""
    return Counter("told" if isinstance(one, ConflictError) else type(one).__name__ for one in found)


@pytest.fixture
def world():
    return cast()


def test_two_verifications_at_once_one_wins_and_the_other_is_told(world):
    finding = make_finding(world.relationship, world.site, state="done", confirmed_at=timezone.now())
    CorrectiveAction.objects.create(finding=finding, state="accepted", updated_at=timezone.now())

    def verify(actor, how):
        return lambda row: services.verify_action(finding=row, how=how, note=actor.name, actor=actor)

    found = at_once(verify(world.erin, Verification.DESK), verify(world.dave, Verification.ON_SITE))
    assert told(found) == {"Finding": 1, "told": 1}
    action, change = CorrectiveAction.objects.get(), FindingChange.objects.get()
    assert Finding.objects.get().state == "verified" and change.actor == action.verified_by
    assert (action.verified_how, change.reason) in {("desk", world.erin.name), ("on_site", world.dave.name)}
    assert Entry.objects.filter(deed="verify_action").count() == 1


def test_confirm_and_dismiss_at_once_do_not_both_happen(world):
    make_finding(world.relationship, world.site)
    found = at_once(
        lambda row: services.confirm_finding(finding=row, actor=world.erin),
        lambda row: services.dismiss_finding(finding=row, note="No.", actor=world.dave),
    )
    assert told(found) == {"Finding": 1, "told": 1}
    stored, deeds = Finding.objects.get(), Entry.objects.filter(deed__endswith="_finding")
    dismissed = list(deeds.values_list("deed", flat=True)) == ["dismiss_finding"]
    assert (stored.state, stored.confirmed_at is None) == (("closed", True) if dismissed else ("open", False))


def test_two_who_close_at_once_leave_one_reason(world):
    make_finding(world.relationship, world.site)
    found = at_once(
        lambda row: services.close_finding(finding=row, reason=CloseReason.MENDED, note="A", actor=world.erin),
        lambda row: services.close_finding(finding=row, reason=CloseReason.NOT_CONFIRMED, note="B", actor=world.dave),
    )
    assert told(found) == {"Finding": 1, "told": 1}
    assert FindingChange.objects.count() == 1 and Entry.objects.filter(deed="close_finding").count() == 1


def test_two_who_merge_each_into_the_other_leave_one_open(world):
    one, other = make_finding(world.relationship, world.site), make_finding(world.relationship, world.site)
    found = at_once(
        lambda row: services.merge_finding(finding=row, into=other, note="Same.", actor=world.dave),
        lambda row: services.merge_finding(finding=row, into=one, note="Same.", actor=world.erin),
        findings=(one, other),
    )
    refused = next(error for error in found if isinstance(error, DomainError))
    assert told(found) == {"Finding": 1, "DomainError": 1} and refused.code == "merge_target"
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["closed", "open"]
