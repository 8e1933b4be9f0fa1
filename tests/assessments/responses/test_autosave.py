"""The autosave endpoint: every answer it can give."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from assessments.responses.enums import ResponseState
from assessments.responses.models import Answer, Response
from tests.assessments.responses.test_services import save
from tests.factories import SMALL_DOCUMENT, cast, make_response, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site)


def put(client, response, code="A3-RECORDS", body=None, **headers):
    data = {"value": "card", "na": None, "base_version": 0} if body is None else body
    text = data if isinstance(data, str) else json.dumps(data)
    address = reverse("response_answer", args=[response.pk, code])
    return client.put(address, text, content_type="application/json", headers=headers)


def test_autosave_answers_with_version_and_progress(world, response, client):
    client.force_login(world.alice)
    answer = put(client, response)
    body = answer.json()
    assert answer.status_code == 200
    assert body.pop("saved_at")
    assert body == {
        "version": 1,
        "answered": 1,
        "total": 2,
        "sections": {
            "P": {"answered": 0, "total": 1},
            "A3": {"answered": 1, "total": 2},
            "B2": {"answered": 0, "total": 1},
        },
        "progress": {"answered": 1, "total": 4},
    }


def test_autosave_of_the_same_answer_again_is_safe(world, response, client):
    client.force_login(world.alice)
    put(client, response)
    assert put(client, response).json()["version"] == 1


def test_autosave_on_a_stale_version_gives_the_other_answer(world, response, client):
    save(response, world.alice, value="paper")
    client.force_login(world.alice)
    answer = put(client, response)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (409, "conflict")
    assert {key: error["detail"][key] for key in ("value", "na", "comment", "version", "by")} == {
        "value": "paper",
        "na": None,
        "comment": "",
        "version": 1,
        "by": "Alice",
    }


def test_autosave_of_an_impossible_value_gives_a_sentence(world, response, client):
    client.force_login(world.alice)
    answer = put(client, response, "A3-LONGEST-WEEK", {"value": "lots", "base_version": 0})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_a_number")
    assert "Enter digits only" in answer.json()["error"]["message"]


def test_autosave_speaks_the_readers_language_and_stores_the_same(world, response, client):
    world.alice.language = "ja"
    world.alice.save()
    client.force_login(world.alice)
    put(client, response)
    assert Answer.objects.get().value == "card"


def test_autosave_after_the_session_ended_says_so_in_json(world, response, client):
    client.force_login(world.alice)
    put(client, response)
    client.session.flush()
    answer = put(client, response, body={"value": "paper", "base_version": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed_out")
    assert Answer.objects.get().value == "card"
    client.force_login(world.alice)
    assert put(client, response, body={"value": "paper", "base_version": 1}).status_code == 200


def test_autosave_of_somebody_elses_outbox_is_not_taken(world, response, client):
    client.force_login(world.alice)
    assert put(client, response, **{"X-Answering-User": str(world.bob.pk)}).status_code == 401
    assert not Answer.objects.exists()
    assert put(client, response, **{"X-Answering-User": str(world.alice.pk)}).status_code == 200


def test_autosave_needs_the_form_token(world, response):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.alice)
    assert put(client, response).status_code == 403
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("alice", 200), ("bob", 403), ("carol", 404), ("dave", 404), ("erin", 404), ("mallory", 404), ("trent", 404)],
)
def test_autosave_by_role(world, response, client, who, status):
    client.force_login(world.people[who])
    answer = put(client, response)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert Answer.objects.count() == (status == 200)


def test_autosave_of_an_unknown_question_is_not_found(world, response, client):
    client.force_login(world.alice)
    assert put(client, response, "NO-SUCH").status_code == 404


def test_autosave_to_a_submitted_response_is_gone(world, response, client):
    Response.objects.update(state=ResponseState.SUBMITTED)
    client.force_login(world.alice)
    answer = put(client, response)
    assert (answer.status_code, answer.json()["error"]["code"]) == (410, "closed")


@pytest.mark.parametrize(
    "body",
    ["", "[1]", "{", '{"value": 1, "na": 5}', '{"base_version": true}', '{"base_version": -1}', "[" * 100_000],
)
def test_autosave_of_a_broken_body_is_refused(world, response, client, body):
    client.force_login(world.alice)
    assert put(client, response, body=body).status_code == 400
    assert not Answer.objects.exists()


@pytest.mark.parametrize("text", ["a\u0000b", "a\\ud800b"])
def test_autosave_drops_what_no_database_can_hold(world, response, client, text):
    client.force_login(world.alice)
    raw = json.dumps({"value": "X", "comment": "Y", "base_version": 0})
    raw = raw.replace("X", text.replace("\u0000", "\\u0000")).replace("Y", text.replace("\u0000", "\\u0000"))
    assert put(client, response, "P-NOTE", raw).status_code == 200
    row = Answer.objects.get()
    assert (row.value, row.comment) == ("ab", "ab")


def test_autosave_takes_na_with_reason_and_confirms(world, response, client):
    client.force_login(world.alice)
    put(client, response)
    Answer.objects.update(confirmed=False, origin="2025")
    assert put(client, response, body={"value": "card", "na": None, "base_version": 1}).json()["version"] == 1
    confirmed = put(client, response, body={"value": "card", "na": None, "base_version": 1, "confirm": True})
    assert (confirmed.json()["version"], Answer.objects.get().confirmed) == (2, True)
    put(client, response, body={"value": "card", "na": "No shop floor", "base_version": 2})
    row = Answer.objects.get()
    assert (row.value, row.not_applicable, row.reason) == ("card", True, "No shop floor")


def big_version(count):
    question = SMALL_DOCUMENT["sections"][1]["questions"][0]
    permit = {
        "code": "C1-PERMIT",
        "kind": "document",
        "text": {"en": "Permit"},
        "evidence": {"text": {"en": "A permit"}},
    }
    more = [{**question, "code": f"A3-Q{number}"} for number in range(count)]
    section = {**SMALL_DOCUMENT["sections"][1], "questions": [*more, permit]}
    return make_version({**SMALL_DOCUMENT, "version": f"big{count}", "sections": [section], "flags": []})


@pytest.mark.parametrize("count", [5, 200])
def test_autosave_costs_ten_queries_whatever_the_size(world, client, count, django_assert_max_num_queries):
    """Counted with the two statements that begin and end the transaction."""
    answers = {f"A3-Q{number}": "card" for number in range(count - 1)}
    response = make_response(world.relationship, world.site, big_version(count), answers=answers)
    client.force_login(world.alice)
    put(client, response, "A3-Q0", {"value": "paper", "base_version": 1})
    with django_assert_max_num_queries(10):
        answer = put(client, response, "A3-Q0", {"value": "none", "base_version": 2})
    assert answer.status_code == 200
    with django_assert_max_num_queries(10):
        answer = put(client, response, f"A3-Q{count - 1}", {"value": "none", "base_version": 0})
    assert answer.status_code == 200
