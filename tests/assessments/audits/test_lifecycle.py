"""Every move of an audit, allowed and refused."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from assessments.audits.enums import AuditState as State
from assessments.audits.lifecycle import TRANSITIONS, advance
from assessments.audits.models import Audit, AuditChange
from assessments.audits.services.requesting import accept_audit
from portal.lib.errors import ConflictError, DomainError
from tests.factories import cast, make_audit, make_user

EXPECTED = {
    "requested": ["accepted", "cancelled", "declined"],
    "accepted": ["cancelled", "scheduled"],
    "declined": ["requested"],
    "scheduled": ["cancelled", "in_progress"],
    "in_progress": ["acknowledged", "cancelled"],
    "acknowledged": ["draft"],
    "draft": ["feedback"],
    "feedback": ["quality_check"],
    "quality_check": ["draft", "released"],
    "released": ["actions_open", "closed"],
    "actions_open": ["closed", "closure_scheduled", "expired"],
    "closure_scheduled": ["actions_open", "closed", "expired"],
    "closed": ["actions_open", "expired"],
    "cancelled": [],
    "expired": [],
}


def test_the_table_is_the_one_of_the_issue():
    assert {source.value: sorted(targets) for source, targets in TRANSITIONS.items()} == EXPECTED


@pytest.mark.django_db
@pytest.mark.parametrize("target", State)
@pytest.mark.parametrize("source", State)
def test_every_pair(source, target):
    audit, actor = make_audit(state=source), make_user()
    if target in EXPECTED[source]:
        change = advance(audit, target, actor=actor, reason="Because")
        assert (change.source, change.target, change.actor, change.reason) == (source, target, actor, "Because")
        assert audit.state == Audit.objects.get(pk=audit.pk).state == target
    else:
        with pytest.raises(DomainError) as refused:
            advance(audit, target, actor=actor)
        assert refused.value.code == "transition"
        assert Audit.objects.get(pk=audit.pk).state == source
        assert not audit.changes.exists()


@pytest.mark.django_db
def test_the_start_and_the_release_are_dated():
    audit = make_audit(state=State.SCHEDULED)
    advance(audit, State.IN_PROGRESS, actor=None)
    assert Audit.objects.get(pk=audit.pk).started_at == audit.started_at is not None
    audit = make_audit(state=State.QUALITY_CHECK)
    advance(audit, State.RELEASED, actor=None)
    assert Audit.objects.get(pk=audit.pk).released_on == audit.released_on == timezone.localdate()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_wins_and_the_other_is_told():
    world = cast()
    audit, gate, found = make_audit(world.relationship, world.site), threading.Barrier(2), []

    def press():
        mine = Audit.objects.select_related("site__organisation", "relationship__buyer", "programme").get(pk=audit.pk)
        try:
            gate.wait()
            found.append(accept_audit(audit=mine, actor=world.alice))
        except DomainError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(type(one) for one in found) == {Audit: 1, ConflictError: 1}
    assert AuditChange.objects.count() == 1
