"""The transition table of declarations, in full."""

import pytest

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.lifecycle import TRANSITIONS, advance
from minerals.declarations.models import Declaration
from portal.lib.errors import ConflictError, DomainError
from tests.minerals.world import make_declaration

ALLOWED = {
    State.REQUESTED: {State.RECEIVED, State.CANCELLED},
    State.RECEIVED: {State.RECEIVED, State.ACCEPTED, State.RETURNED, State.SUPERSEDED},
    State.RETURNED: {State.RECEIVED, State.CANCELLED},
    State.ACCEPTED: {State.RETURNED, State.SUPERSEDED, State.EXPIRED},
    State.EXPIRED: {State.SUPERSEDED},
    State.SUPERSEDED: set(),
    State.CANCELLED: set(),
}
pytestmark = pytest.mark.django_db


def test_the_table_is_what_is_written_here():
    assert {state: set(targets) for state, targets in TRANSITIONS.items()} == ALLOWED


@pytest.mark.parametrize("source", State)
@pytest.mark.parametrize("target", State)
def test_advance_does_what_the_table_allows_and_nothing_else(source, target):
    declaration = make_declaration(state=source)

    if target in ALLOWED[source]:
        change = advance(declaration, target, actor=None, reason="because")
        assert (change.source, change.target, change.reason) == (source, target, "because")
        assert Declaration.objects.get().state == target
        return
    with pytest.raises(DomainError) as refused:
        advance(declaration, target, actor=None)
    assert (refused.value.code, Declaration.objects.get().state) == ("transition", source)


def test_of_two_who_press_at_once_one_wins():
    declaration = make_declaration(state=State.RECEIVED)
    seen_by_another = Declaration.objects.get()
    advance(declaration, State.ACCEPTED, actor=None)

    with pytest.raises(ConflictError):
        advance(seen_by_another, State.RETURNED, actor=None)

    assert Declaration.objects.get().state == State.ACCEPTED


def test_moments_are_written_with_the_states_they_belong_to():
    declaration = make_declaration()
    advance(declaration, State.RECEIVED, actor=None)
    advance(declaration, State.ACCEPTED, actor=None)

    row = Declaration.objects.get()
    assert row.created_at < row.submitted_at < row.accepted_at
