"""Conclusions posted by programs: all or nothing, once per key, refused with the place of each fault."""

import json
import re
import threading

import pytest
from django.db import connection
from django.test import Client

from assessments.audits.models import Audit, AuditConclusion, ConclusionRevision
from portal.api.models import Post
from portal.trail.models import Entry
from tests.factories import cast, make_audit
from tests.portal.api.world import make_token, program, program_of

pytestmark = pytest.mark.django_db
MAJOR = {
    "checkpoint": "A3",
    "conclusion": "major",
    "data_points": ["Badge records of March"],
    "description": "80 hours a week.",
    "law": "LPA s.23",
    "evidence": "IMG 4",
    "root_cause": "Rush orders",
    "topic": "hours_insurance",
}
CONFORM = {"checkpoint": "B1", "conclusion": "conform"}


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def audit(people):
    return audit_of(people)


def audit_of(people, **fields):
    values = {"state": "in_progress", "firm": people.audit_firm, "auditors": [people.carol]}
    return make_audit(people.relationship, people.site, **{**values, **fields})


def post(client, audit, *conclusions, key="key-1", **headers):
    given = {"idempotency-key": key, **headers} if key is not None else headers
    address = f"/api/v1/audits/{audit.pk}/findings/"
    body = json.dumps({"conclusions": list(conclusions)})
    return client.post(address, body, content_type="application/json", headers=given)


def written(audit):
    return list(
        AuditConclusion.objects.filter(audit=audit).order_by("checkpoint").values_list("checkpoint", "conclusion")
    )


def error_of(answer):
    found = answer.json()["error"]
    return answer.status_code, found["code"], found["detail"]


def test_conclusions_are_written_and_counted(audit, people):
    answer = post(program_of(people.carol), audit, MAJOR, CONFORM)
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "audit_id": audit.pk,
            "written": 2,
            "unchanged": 0,
            "conclusions": [{"checkpoint": "A3", "version": 1}, {"checkpoint": "B1", "version": 1}],
        },
    )
    row = AuditConclusion.objects.get(audit=audit, checkpoint="A3")
    assert {name: getattr(row, name) for name in MAJOR} == MAJOR
    audit.refresh_from_db()
    assert (audit.major, audit.conform, row.updated_by) == (1, 1, people.carol)
    entry = Entry.objects.get(deed="post_findings")
    assert (entry.organisation_id, entry.actor, entry.detail) == (
        people.audit_firm.pk,
        people.carol,
        {"conclusions": 2},
    )


def test_a_field_that_is_left_out_stays(audit, people):
    client = program_of(people.carol)
    post(client, audit, MAJOR)
    answer = post(client, audit, {"checkpoint": "A3", "conclusion": "minor", "law": ""}, key="key-2")
    row = AuditConclusion.objects.get(audit=audit)
    assert (row.conclusion, row.law, row.description, row.version) == ("minor", "", MAJOR["description"], 2)
    assert answer.json()["conclusions"] == [{"checkpoint": "A3", "version": 2}]


def test_the_same_key_and_body_give_the_same_answer_once(audit, people):
    client = program_of(people.carol)
    first = post(client, audit, MAJOR)
    AuditConclusion.objects.update(conclusion="minor", version=2)
    shuffled = dict(reversed(MAJOR.items()))
    again = post(client, audit, shuffled)
    assert (again.json(), again.headers["Idempotent-Replay"]) == (first.json(), "true")
    assert "Idempotent-Replay" not in first.headers
    assert written(audit) == [("A3", "minor")]


def test_a_key_used_for_another_body_or_audit_is_a_conflict(audit, people):
    client = program_of(people.carol)
    post(client, audit, MAJOR)
    for other, body in ((audit, CONFORM), (audit_of(people), MAJOR)):
        assert error_of(post(client, other, body)) == (409, "key_used", None)
    assert written(audit) == [("A3", "major")]


def test_two_people_may_use_the_same_key(audit, people):
    post(program_of(people.carol), audit, MAJOR)
    assert post(program_of(people.frank), audit, CONFORM).status_code == 200


def test_a_replay_is_answered_when_the_audit_is_closed(audit, people):
    client = program_of(people.carol)
    first = post(client, audit, MAJOR)
    Audit.objects.update(state="feedback")
    assert post(client, audit, MAJOR).json() == first.json()
    assert error_of(post(client, audit, MAJOR, key="key-2")) == (410, "closed", {"state": "feedback"})


def test_faults_are_named_by_index_and_field_and_nothing_is_written(audit, people):
    client = program_of(people.carol)
    answer = post(
        client, audit, CONFORM,
        {"checkpoint": "Z1", "conclusion": "conform"},
        {"checkpoint": "A3", "conclusion": "major"},
        {"checkpoint": "A4", "conclusion": "conform", "topic": "wages", "law": "x" * 10_001},
        {"checkpoint": "B1", "conclusion": "minor", "description": "Again"},
    )  # fmt: skip
    status, code, detail = error_of(answer)
    assert (status, code) == (422, "invalid_conclusions")
    assert [(one["index"], one["field"]) for one in detail] == [
        (1, "checkpoint"), (2, "description"), (3, "law"), (3, "topic"), (4, "checkpoint"),
    ]  # fmt: skip
    assert all(one["message"].endswith(".") for one in detail)
    assert answer.json()["error"]["message"].startswith(
        "5 faults; nothing was written. The first: conclusions[1].checkpoint: "
    )
    assert (written(audit), Post.objects.count()) == ([], 0)
    assert post(client, audit, CONFORM).status_code == 200  # the key of a refused post is free


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("[]", ["body"]),
        ("{}", ["conclusions"]),
        ('{"conclusions": []}', ["conclusions"]),
        ('{"conclusions": 5}', ["conclusions"]),
        ('{"conclusions": [5]}', ["conclusions[0]"]),
        ('{"findings": [], "conclusions": []}', ["findings"]),
        ('{"conclusions": [{"checkpoint": "A3", "conclusion": "bad"}]}', ["conclusions[0].conclusion"]),
        (
            '{"conclusions": [{"checkpoint": "B1", "conclusion": "conform"}, {"checkpoint": "A3", "datapoints": []}]}',
            ["conclusions[1].datapoints"],
        ),
        (
            '{"conclusions": [{"checkpoint": "A3", "conclusion": "conform", "data_points": ["x", {}, ""], "law": null}]}',
            ["conclusions[0].data_points[1]", "conclusions[0].data_points[2]", "conclusions[0].law"],
        ),
        (json.dumps({"conclusions": [CONFORM] * 501}), ["conclusions"]),
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused_with_its_places(audit, people, body, places):
    address = f"/api/v1/audits/{audit.pk}/findings/"
    answer = program_of(people.carol).post(
        address, body, content_type="application/json", headers={"idempotency-key": "k"}
    )
    status, code, detail = error_of(answer)
    assert (status, code, list(detail)) == (400, "invalid", places)
    assert answer.json()["error"]["message"].startswith(f"{places[0]}: ")


def test_what_is_no_json_or_too_much_of_it(audit, people, settings):
    client, address = program_of(people.carol), f"/api/v1/audits/{audit.pk}/findings/"
    headers = {"idempotency-key": "k"}
    assert client.post(address, "{", content_type="application/json", headers=headers).status_code == 400
    assert client.post(address, "a=b", content_type="text/csv", headers=headers).status_code == 415
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert error_of(post(client, audit, {**MAJOR, "law": "x" * 1000})) == (413, "too_large", None)


@pytest.mark.parametrize("key", [None, "", " ", "x" * 101, "ключ", "a\tb"])
def test_a_post_needs_a_key(audit, people, key):
    answer = post(program_of(people.carol), audit, MAJOR, key=key)
    assert (answer.status_code, list(answer.json()["error"]["detail"])) == (400, ["Idempotency-Key"])
    assert written(audit) == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("carol", 200), ("frank", 200), ("alice", 403), ("dave", 403), ("erin", 403), ("mallory", 404), ("trent", 404)],
)
def test_only_the_people_of_the_firm_post(audit, people, name, status):
    answer = post(program_of(people.people[name]), audit, MAJOR)
    assert (answer.status_code, len(written(audit))) == (status, int(status == 200))


def test_an_auditor_who_is_not_on_the_audit_posts_nothing(people):
    audit = audit_of(people, auditors=[people.frank])
    assert post(program_of(people.carol), audit, MAJOR).status_code == 404


def test_a_token_needs_the_scope(audit, people):
    answer = post(program_of(people.carol, "read:audits", "read:findings"), audit, MAJOR)
    message = "This token lacks the scope write:findings. Make one that has it."
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, message)
    assert post(program_of(people.carol, "write:findings"), audit, MAJOR).status_code == 200


def test_a_person_in_the_browser_needs_the_form_token(audit, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.carol)
    assert post(client, audit, MAJOR).status_code == 403
    assert written(audit) == []
    page = client.get("/account/tokens/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert post(client, audit, MAJOR, **{"x-csrftoken": token}).status_code == 200


def test_a_stranger_posts_nothing(audit):
    assert post(Client(), audit, MAJOR).status_code == 401


def test_the_address_is_for_posting_only(audit, people):
    client = program_of(people.carol)
    answer = client.get(f"/api/v1/audits/{audit.pk}/findings/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["error"]["message"] == "This address can only be written: use POST."
    assert client.post("/api/v1/audits/", {}).status_code == 405
    query = client.post(f"/api/v1/audits/{audit.pk}/findings/?force=1", {}, headers={"idempotency-key": "k"})
    assert (query.status_code, list(query.json()["error"]["detail"])) == (400, ["force"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same", [True, False], ids=["same body", "another body"])
def test_of_two_posts_at_once_with_one_key_one_is_written(same):
    people = cast()
    audit = audit_of(people)
    token = make_token(people.carol)
    answers = []

    def send(body):
        try:
            answers.append(post(program(token), audit, body))
        finally:
            connection.close()

    bodies = (MAJOR, MAJOR if same else CONFORM)
    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == ([200, 200] if same else [200, 409])
    assert (ConclusionRevision.objects.count(), Post.objects.count()) == (1, 1)
    assert sum("Idempotent-Replay" in answer.headers for answer in answers) == int(same)
