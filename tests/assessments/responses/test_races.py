"""Two people at once: on one answer, on one submission."""

import threading
from collections import Counter

import pytest
from django.db import connection

from assessments.responses import services
from assessments.responses.enums import ResponseState
from assessments.responses.models import Answer, AnswerRevision, Response, Submission
from portal.lib.errors import ConflictError
from suppliers.organisations.enums import Role
from tests.factories import SMALL_ANSWERS, cast, make_membership, make_response, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run the deeds in threads that start together; return what each gave or raised."""
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        try:
            gate.wait()
            found[place] = deed()
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


def saver(response_pk, value, actor, base, code="A3-RECORDS"):
    def save():
        response = Response.objects.select_related("version").get(pk=response_pk)
        return services.save_answer(response=response, code=code, value=value, base_version=base, actor=actor)

    return save


@pytest.fixture
def world():
    return cast()


@pytest.mark.parametrize("base", [0, 1])
def test_two_people_on_one_answer_one_wins_and_the_other_sees_it(world, base):
    ken = make_user("ken@test.example")
    make_membership(ken, world.supplier, Role.SUPPLIER_EDITOR)
    response = make_response(world.relationship, world.site, answers={"A3-RECORDS": "none"} if base else {})
    found = at_once(saver(response.pk, "card", world.alice, base), saver(response.pk, "paper", ken, base))
    assert Counter(type(one).__name__ for one in found) == {"SavedAnswer": 1, "ConflictError": 1}
    loser = next(one for one in found if isinstance(one, ConflictError))
    row = Answer.objects.get()
    assert (row.version, row.value) == (base + 1, loser.detail["value"])
    assert AnswerRevision.objects.count() == 1


def test_two_people_on_different_answers_are_both_counted(world):
    response = make_response(world.relationship, world.site)
    found = at_once(
        saver(response.pk, "card", world.alice, 0),
        saver(response.pk, "yes", world.alice, 0, "B2-DRILL"),
        saver(response.pk, {"permanent.male": 1, "permanent.female": 2}, world.alice, 0, "P-HEADS"),
    )
    assert [type(one).__name__ for one in found] == ["SavedAnswer"] * 3
    stored = Response.objects.get()
    assert (stored.answered, stored.asked, stored.state) == (3, 4, ResponseState.IN_PROGRESS)
    assert stored.changes.count() == 1


def test_double_submit_gives_one_submission(world):
    response = make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)

    def submit():
        fresh = Response.objects.get(pk=response.pk)
        return services.submit_response(response=fresh, attested_name="Alice", actor=world.alice)

    found = at_once(submit, submit, submit)
    assert Counter(type(one).__name__ for one in found) == {"Submission": 1, "ConflictError": 2}
    assert Submission.objects.count() == 1
    assert Response.objects.get().state == ResponseState.SUBMITTED


def test_opening_twice_at_once_copies_once(world):
    old = make_response(
        world.relationship,
        world.site,
        answers=SMALL_ANSWERS,
        state=ResponseState.SUBMITTED,
        submitted_at="2025-06-01T00:00Z",
    )
    response = make_response(world.relationship, world.site, previous=old)

    def open_it():
        return services.open_response(response=Response.objects.get(pk=response.pk))

    assert sorted(at_once(open_it, open_it)) == [0, 4]
    assert response.answers.count() == 4
