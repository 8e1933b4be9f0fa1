"""The table of moves, all 64 pairs, and who wins when two press at once."""

from itertools import product

import pytest

from assessments.responses.enums import ResponseState as State
from assessments.responses.lifecycle import advance
from assessments.responses.models import Response, ResponseChange
from portal.lib.errors import ConflictError, DomainError
from tests.factories import make_response, make_user

pytestmark = pytest.mark.django_db

# Written out by hand, so that a change of the table is a change of this test.
ALLOWED = {
    ("waiting", "in_progress"),
    ("waiting", "declined"),
    ("waiting", "cancelled"),
    ("in_progress", "submitted"),
    ("in_progress", "declined"),
    ("in_progress", "cancelled"),
    ("submitted", "in_progress"),
    ("submitted", "in_review"),
    ("in_review", "accepted"),
    ("in_review", "returned"),
    ("returned", "submitted"),
    ("returned", "declined"),
    ("returned", "cancelled"),
    ("accepted", "in_review"),
    ("declined", "waiting"),
}


@pytest.mark.parametrize(("source", "target"), list(product(State.values, State.values)))
def test_advance_follows_the_table(source, target):
    response, actor = make_response(state=source), make_user()
    if (source, target) in ALLOWED:
        advance(response, State(target), actor=actor, reason="Why")
        assert Response.objects.get().state == target
        assert list(ResponseChange.objects.values_list("source", "target", "actor", "reason")) == [
            (source, target, actor.pk, "Why")
        ]
    else:
        with pytest.raises(DomainError):
            advance(response, State(target), actor=actor)
        assert Response.objects.get().state == source
        assert not ResponseChange.objects.exists()


def test_the_second_of_two_presses_is_told():
    response = make_response(state=State.SUBMITTED)
    same = Response.objects.get()
    advance(response, State.IN_REVIEW, actor=None)
    with pytest.raises(ConflictError):
        advance(same, State.IN_PROGRESS, actor=None)
    assert Response.objects.get().state == State.IN_REVIEW
    assert ResponseChange.objects.count() == 1


def test_advance_notes_when_it_was_started_and_submitted():
    response = make_response()
    advance(response, State.IN_PROGRESS, actor=None)
    started = response.started_at
    advance(response, State.SUBMITTED, actor=None)
    advance(response, State.IN_PROGRESS, actor=None)
    stored = Response.objects.get()
    assert (stored.started_at, stored.submitted_at is not None) == (started, True)
