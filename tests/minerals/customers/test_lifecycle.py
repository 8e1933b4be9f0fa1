"""The life of a customer's request: every pair of states."""

import itertools

import pytest

from minerals.customers.enums import RequestState as State
from minerals.customers.lifecycle import TRANSITIONS, advance
from minerals.customers.models import CustomerRequest
from portal.lib.errors import ConflictError, DomainError
from tests.factories import make_organisation, make_user
from tests.minerals.world import make_customer_request

pytestmark = pytest.mark.django_db

ALLOWED = {
    (State.OPEN, State.ANSWERED),
    (State.OPEN, State.DECLINED),
    (State.ANSWERED, State.ANSWERED),
    (State.DECLINED, State.OPEN),
}


@pytest.mark.parametrize(("source", "target"), list(itertools.product(State, State)))
def test_every_move(source, target):
    asked = make_customer_request(make_organisation(), state=source)
    if (source, target) not in ALLOWED:
        with pytest.raises(DomainError) as refused:
            advance(asked, target, actor=None)
        assert refused.value.code == "transition"
        assert CustomerRequest.objects.get().state == source
        return
    actor = make_user()
    change = advance(asked, target, actor=actor, reason="because", version="6.5")
    stored = CustomerRequest.objects.get()
    assert (change.source, change.target, change.reason, change.actor) == (source, target, "because", actor)
    answered = target is State.ANSWERED
    assert (stored.state, stored.answered_version, stored.answered_by, bool(stored.answered_at)) == (
        target,
        "6.5" if answered else "",
        actor if answered else None,
        answered,
    )


def test_the_table_names_every_state():
    assert set(TRANSITIONS) == set(State)


def test_of_two_who_press_at_once_one_wins():
    asked = make_customer_request(make_organisation())
    late = CustomerRequest.objects.get()
    advance(asked, State.DECLINED, actor=None)
    with pytest.raises(ConflictError):
        advance(late, State.ANSWERED, actor=None)
