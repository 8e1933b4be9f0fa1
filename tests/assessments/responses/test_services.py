"""Saving, handing in and reviewing answers."""

import hashlib
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.responses import services
from assessments.responses.enums import ResponseState
from assessments.responses.models import Answer, AnswerRevision, Evidence, Response, ReviewComment, Submission
from assessments.responses.queries import read_marks, standing_of
from portal.files.enums import FileKind, ScanState
from portal.files.models import StoredFile
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from tests.factories import SMALL_ANSWERS, cast, make_relationship, make_response, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site)


def save(response, actor, code="A3-RECORDS", value="card", base=0, **more):
    return services.save_answer(response=response, code=code, value=value, base_version=base, actor=actor, **more)


def stored_file(organisation, **fields):
    values = {"kind": FileKind.UPLOAD, "name": "permit.pdf", "content_type": "application/pdf", "size": 9}
    return StoredFile.objects.create(
        organisation_id=organisation.pk, sha256="ab" * 32, content="x", **{**values, **fields}
    )


# 1. Saving ----------------------------------------------------------------------------------------
def test_save_answer_writes_row_revision_progress_and_starts(world, response):
    saved = save(response, world.alice)
    assert (saved.version, saved.answered, saved.asked, saved.changed) == (1, 1, 4, True)
    row = Answer.objects.get()
    assert (row.code, row.value, row.version, row.confirmed, row.updated_by) == (
        "A3-RECORDS",
        "card",
        1,
        True,
        world.alice,
    )
    assert list(AnswerRevision.objects.values_list("version", "value", "actor")) == [(1, "card", world.alice.pk)]
    stored = Response.objects.get()
    assert (stored.state, stored.answered, stored.asked) == (ResponseState.IN_PROGRESS, 1, 4)
    assert stored.started_at is not None


def test_save_answer_again_with_the_same_value_keeps_the_version(world, response):
    save(response, world.alice)
    again = save(response, world.alice, base=0)
    assert (again.version, again.changed) == (1, False)
    assert AnswerRevision.objects.count() == 1


def test_save_answer_on_a_stale_version_tells_what_stands(world, response):
    save(response, world.alice)
    save(response, world.alice, value="paper", base=1)
    with pytest.raises(ConflictError) as refused:
        save(response, world.alice, value="none", base=1)
    detail = refused.value.detail
    assert (detail["value"], detail["version"], detail["by"]) == ("paper", 2, "Alice")
    assert Answer.objects.get().value == "paper"


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("A3-RECORDS", "stone", "not one of the choices"),
        ("A3-LONGEST-WEEK", "many", "is not a number"),
        ("A3-LONGEST-WEEK", 200, "168 or less"),
        ("P-HEADS", {"permanent.male": -1}, "Permanent, Men: -1 is too low"),
        ("B2-RISKS", ["fire", "none"], "“None” excludes"),
        ("P-NOTE", "x" * 10_001, "10001 characters"),
    ],
)
def test_save_answer_says_why_a_value_is_refused(world, response, code, value, sentence):
    with pytest.raises(DomainError, match=sentence) as refused:
        save(response, world.alice, code=code, value=value)
    assert refused.value.status == 422
    assert not Answer.objects.exists()
    assert Response.objects.get().state == ResponseState.WAITING


def test_save_answer_to_an_unknown_question_is_not_found(world, response):
    with pytest.raises(services.UnknownQuestionError):
        save(response, world.alice, code="X-1")


@pytest.mark.parametrize("state", ["submitted", "in_review", "accepted", "declined", "cancelled"])
def test_save_answer_to_a_closed_response_is_refused(world, response, state):
    Response.objects.update(state=state)
    with pytest.raises(services.ClosedError):
        save(response, world.alice)
    assert not Answer.objects.exists()


def test_save_answer_keeps_a_returned_response_returned(world, response):
    Response.objects.update(state=ResponseState.RETURNED)
    save(response, world.alice)
    assert Response.objects.get().state == ResponseState.RETURNED


def test_not_applicable_keeps_the_value_and_counts_once_it_has_a_reason(world, response):
    save(response, world.alice)
    assert save(response, world.alice, base=1, not_applicable=True).answered == 0
    done = save(response, world.alice, base=2, not_applicable=True, reason="No shop floor.")
    row = Answer.objects.get()
    assert (row.value, row.not_applicable, row.reason, done.answered) == ("card", True, "No shop floor.", 1)


def test_comment_alone_is_kept_and_is_no_answer(world, response):
    saved = save(response, world.alice, value=None, comment="Ask Ken.")
    assert (Answer.objects.get().comment, saved.answered) == ("Ask Ken.", 0)
    save(response, world.alice, value="card", base=1)
    assert Answer.objects.get().comment == "Ask Ken."


def test_a_hidden_answer_is_kept_and_not_counted(world, response):
    save(response, world.alice)
    save(response, world.alice, code="A3-LONGEST-WEEK", value=50)
    hidden = save(response, world.alice, value="none", base=1)
    assert Answer.objects.get(code="A3-LONGEST-WEEK").value == 50
    assert (hidden.answered, hidden.asked) == (1, 3)


def test_save_answers_saves_the_good_ones_and_says_what_is_wrong_with_the_others(world, response):
    given = [services.Given("A3-RECORDS", "card"), services.Given("B2-DRILL", "perhaps")]
    outcomes, standing, _now = services.save_answers(response=response, given=given, actor=world.alice)
    assert [(o.code, o.changed, o.error is None) for o in outcomes] == [
        ("A3-RECORDS", True, True),
        ("B2-DRILL", False, False),
    ]
    assert standing.total.answered == 1


# 2. Files and sections ----------------------------------------------------------------------------
def test_read_marks_counts_files_and_leaves_refused_ones_out(world, response):
    save(response, world.alice)
    good, bad = stored_file(world.supplier), stored_file(world.supplier, scan_state=ScanState.REFUSED)
    for file in (good, bad):
        Evidence.objects.create(response=response, code="A3-RECORDS", file=file)
    Evidence.objects.create(response=response, code="B2-DRILL", file=good)
    marks = read_marks(response.pk)
    assert {code: (mark.value, mark.version, mark.files) for code, mark in marks.items()} == {
        "A3-RECORDS": ("card", 1, 1),
        "B2-DRILL": (None, 0, 1),
    }


def test_reuse_evidence_takes_only_files_of_the_own_organisation(world, response):
    other = make_response(world.other_relationship, world.other_site)
    foreign = stored_file(world.other_supplier)
    Evidence.objects.create(response=other, code="A3-RECORDS", file=foreign)
    own = stored_file(world.supplier)
    Evidence.objects.create(response=make_response(world.relationship, world.site), code="A3-RECORDS", file=own)
    with pytest.raises(DomainError, match="cannot be used"):
        services.reuse_evidence(response=response, code="A3-RECORDS", file_id=foreign.pk, actor=world.alice)
    services.reuse_evidence(response=response, code="A3-RECORDS", file_id=own.pk, actor=world.alice)
    assert [row.file for row in response.evidence.all()] == [own]


def test_add_evidence_refuses_a_question_without_files(world, response):
    with pytest.raises(DomainError, match="takes no files"):
        services.reuse_evidence(response=response, code="B2-DRILL", file_id="x", actor=world.alice)


def test_remove_evidence_keeps_the_file(world, response):
    row = Evidence.objects.create(response=response, code="A3-RECORDS", file=stored_file(world.supplier))
    services.remove_evidence(evidence=row, actor=world.alice)
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 1)


def test_assign_section_takes_only_colleagues_who_may_answer(world, response):
    with pytest.raises(DomainError, match="Only people of your team"):
        services.assign_section(response=response, section="A3", user=world.bob, actor=world.alice)
    services.assign_section(response=response, section="A3", user=world.alice, actor=world.alice)
    assert response.assignments.get().user == world.alice
    services.assign_section(response=response, section="A3", user=None, actor=world.alice)
    assert not response.assignments.exists()


# 3. Handing in ------------------------------------------------------------------------------------
@pytest.fixture
def filled(world):
    return make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)


def submit(response, actor, name="Alice"):
    return services.submit_response(response=response, attested_name=name, actor=actor)


def test_submit_response_freezes_everything_under_its_hash(world, filled, django_capture_on_commit_callbacks):
    save(filled, world.alice, code="P-NOTE", value="Fine", base=0)
    submission = submit(filled, world.alice)
    assert submission.sha256 == hashlib.sha256(submission.snapshot.encode()).hexdigest()
    frozen = json.loads(submission.snapshot)
    assert frozen["format"] == 1
    assert frozen["as_of"] == timezone.localdate().isoformat()
    assert frozen["questionnaire"] == {
        "code": "small",
        "version": filled.version.version,
        "sha256": filled.version.sha256,
    }
    assert (frozen["site"]["name"], frozen["site"]["country"]) == (world.site.name, "TH")
    assert {code: entry["value"] for code, entry in frozen["answers"].items()} == {**SMALL_ANSWERS, "P-NOTE": "Fine"}
    assert Response.objects.get().state == ResponseState.SUBMITTED
    assert (submission.number, submission.attested_name, submission.submitted_by) == (1, "Alice", world.alice)
    assert list(Mail.objects.values_list("template", "to_email")) == [("response_submitted", world.alice.email)]


def test_submission_does_not_change_when_the_answers_do(world, filled):
    submission = submit(filled, world.alice)
    before = submission.snapshot
    services.withdraw_response(response=filled, actor=world.alice)
    save(filled, world.alice, code="B2-DRILL", value="no", base=1)
    second = submit(filled, world.alice)
    submission.refresh_from_db()
    assert (submission.snapshot, submission.sha256) == (before, hashlib.sha256(before.encode()).hexdigest())
    assert (second.number, json.loads(second.snapshot)["answers"]["B2-DRILL"]["value"]) == (2, "no")


def test_submit_response_marks_hidden_answers_and_names_files(world, filled):
    Evidence.objects.create(response=filled, code="A3-RECORDS", file=stored_file(world.supplier))
    save(filled, world.alice, value="none", base=1)
    answers = json.loads(submit(filled, world.alice).snapshot)["answers"]
    assert answers["A3-LONGEST-WEEK"] == {"value": 66.5, "hidden": True}
    assert answers["A3-RECORDS"] == {
        "value": "none",
        "evidence": [{"name": "permit.pdf", "sha256": "ab" * 32, "size": 9}],
    }


def test_submit_response_lists_every_gap(world, filled):
    Answer.objects.filter(code="B2-DRILL").delete()
    Answer.objects.filter(code="P-HEADS").update(not_applicable=True)
    Answer.objects.filter(code="A3-RECORDS").update(confirmed=False)
    with pytest.raises(DomainError, match="3 questions") as refused:
        submit(filled, world.alice)
    assert refused.value.detail == {
        "gaps": [
            {"code": "P-HEADS", "reason": "na_reason"},
            {"code": "B2-DRILL", "reason": "unanswered"},
        ],
        "unconfirmed": ["A3-RECORDS"],
    }
    assert not Submission.objects.exists()
    assert Response.objects.get().state == ResponseState.IN_PROGRESS


def test_submit_response_needs_a_name(world, filled):
    with pytest.raises(DomainError, match="name of the person"):
        submit(filled, world.alice, name="  ")


def test_submit_response_twice_keeps_one_submission(world, filled):
    submit(filled, world.alice)
    with pytest.raises(ConflictError) as refused:
        submit(Response.objects.get(), world.alice)
    assert refused.value.code == "already_submitted"
    assert Submission.objects.count() == 1


def test_withdraw_response_ends_with_the_review(world, filled):
    submit(filled, world.alice)
    services.start_review(response=filled, actor=world.dave)
    with pytest.raises(DomainError, match="review has started"):
        services.withdraw_response(response=filled, actor=world.alice)


def test_decline_response_keeps_the_reason(world, response):
    with pytest.raises(DomainError, match="Say why"):
        services.decline_response(response=response, reason=" ", actor=world.alice)
    services.decline_response(response=response, reason="Site closed.", actor=world.alice)
    stored = Response.objects.get()
    assert (stored.state, stored.decline_reason) == (ResponseState.DECLINED, "Site closed.")


# 4. Review ----------------------------------------------------------------------------------------
def test_return_response_keeps_comments_and_mails_the_submitter(world, filled):
    submission = submit(filled, world.alice)
    services.return_response(
        response=filled, comments={"B2-DRILL": "When was it?", "P-NOTE": " ", "X": "?"}, actor=world.dave
    )
    assert Response.objects.get().state == ResponseState.RETURNED
    assert list(ReviewComment.objects.values_list("submission", "code", "text")) == [
        (submission.pk, "B2-DRILL", "When was it?")
    ]
    assert list(Mail.objects.filter(template="response_returned").values_list("to_email", flat=True)) == [
        world.alice.email
    ]


def test_return_response_without_a_comment_is_refused(world, filled):
    submit(filled, world.alice)
    with pytest.raises(DomainError, match="at least one question"):
        services.return_response(response=filled, comments={}, actor=world.dave)
    assert Response.objects.get().state == ResponseState.SUBMITTED


def test_a_returned_response_can_be_submitted_again(world, filled):
    submit(filled, world.alice)
    services.return_response(response=filled, comments={"B2-DRILL": "?"}, actor=world.dave)
    assert submit(filled, world.alice).number == 2


def test_accept_and_reopen(world, filled):
    submit(filled, world.alice)
    services.accept_response(response=filled, actor=world.dave)
    services.reopen_response(response=filled, actor=world.dave)
    assert Response.objects.get().state == ResponseState.IN_REVIEW


def test_record_standings_writes_the_summary(world, filled):
    services.record_standings([services.Standing(filled.pk, 71.5, "medium", priority=0, major=1, minor=2)])
    stored = Response.objects.get()
    assert (float(stored.score), stored.band, stored.major_flags, stored.minor_flags) == (71.5, "medium", 1, 2)


OWN_SECTION = {
    "code": "X",
    "title": {"en": "Our own"},
    "questions": [{"code": "X-1", "kind": "yes_no", "text": {"en": "Do you sort paper?"}}],
}


# 5. A new round -----------------------------------------------------------------------------------
def new_round(world, version=None, relationship=None, **fields):
    row = Response(
        relationship=relationship or world.relationship,
        site=world.site,
        version=version or make_version(),
        title="Next",
        period="2027",
        due_on=date(2027, 1, 31),
        **fields,
    )
    [response] = services.create_responses([row])
    services.carry_over([response])
    return response


def test_a_new_round_is_filled_from_the_last_one_when_opened(world, filled):
    submit(filled, world.alice)
    response = new_round(world, version=filled.version)
    assert (response.previous_id, response.asked, response.answers.count()) == (filled.pk, 3, 0)
    assert services.open_response(response=response) == 4
    row = response.answers.get(code="A3-LONGEST-WEEK")
    assert (row.value, row.origin, row.confirmed, row.version) == (66.5, "2026", False, 1)
    assert (response.answered, response.asked) == (0, 4)
    assert services.open_response(response=response) == 0


def test_carried_answers_count_once_confirmed(world, filled):
    submit(filled, world.alice)
    response = new_round(world)
    services.open_response(response=response)
    saved = services.confirm_answer(response=response, code="A3-RECORDS", base_version=1, actor=world.alice)
    row = response.answers.get(code="A3-RECORDS")
    assert (saved.answered, row.confirmed, row.origin, row.version) == (1, True, "2026", 2)
    changed = save(response, world.alice, code="B2-DRILL", value="no", base=1)
    assert (changed.answered, response.answers.get(code="B2-DRILL").origin) == (2, "")


def test_saving_a_carried_answer_unchanged_does_not_confirm_it(world, filled):
    submit(filled, world.alice)
    response = new_round(world)
    services.open_response(response=response)
    assert save(response, world.alice, base=1).changed is False
    assert standing_of(response).unconfirmed == ("P-HEADS", "A3-RECORDS", "A3-LONGEST-WEEK", "B2-DRILL")


def test_answers_that_no_longer_fit_are_not_carried(world, filled):
    submit(filled, world.alice)
    changed = json.loads(filled.version.document)
    changed["version"] = "9"
    hours = changed["sections"][1]["questions"][1]
    hours["max"] = 60.0  # 66.5 is no longer possible
    drill = changed["sections"][2]["questions"][0]
    drill.update(kind="text", weight=0, score=None)
    del drill["score"]
    response = new_round(world, version=make_version(changed))
    services.open_response(response=response)
    assert set(response.answers.values_list("code", flat=True)) == {"P-HEADS", "A3-RECORDS"}


def test_what_was_answered_once_is_filled_in_everywhere(world, filled):
    submit(filled, world.alice)
    other = json.loads(filled.version.document)
    other["code"] = "onboarding"
    drop = other["sections"].pop()
    response = new_round(world, version=make_version(other))

    services.open_response(response=response)

    assert response.previous_id is None  # no score of another questionnaire stands beside this one's
    assert set(response.answers.values_list("code", "origin")) == {
        ("P-HEADS", "2026"),
        ("A3-RECORDS", "2026"),
        ("A3-LONGEST-WEEK", "2026"),
    }
    assert drop["questions"][0]["code"] == "B2-DRILL"


def test_the_newest_answer_is_filled_in_whatever_it_was_given_for(world, filled):
    submit(filled, world.alice)
    later = new_round(world, version=filled.version)
    services.open_response(response=later)
    save(later, world.alice, code="A3-LONGEST-WEEK", value=58.0, base=1)
    Response.objects.filter(pk=later.pk).update(state="submitted", submitted_at=timezone.now())

    response = new_round(world, version=filled.version)
    services.open_response(response=response)

    row = response.answers.get(code="A3-LONGEST-WEEK")
    assert (row.value, row.origin, response.answers.count()) == (58.0, "2027", 4)


def test_what_another_buyer_asked_for_fills_in_answers_but_is_no_last_time(world, filled):
    submit(filled, world.alice)
    elsewhere = make_relationship(supplier=world.supplier)

    response = new_round(world, version=filled.version, relationship=elsewhere)

    assert response.previous_id is None
    assert services.open_response(response=response) == 4


def test_filling_in_costs_the_same_whatever_was_answered_before(world, filled):
    submit(filled, world.alice)

    def cost():
        response = new_round(world, version=filled.version)
        with CaptureQueriesContext(connection) as queries:
            assert services.open_response(response=response) == 4
        return len(queries)

    once = cost()
    for number in range(3):
        other = json.loads(filled.version.document) | {"code": f"other-{number}"}
        earlier = make_response(world.relationship, world.site, make_version(other), answers=SMALL_ANSWERS)
        submit(earlier, world.alice)

    assert cost() == once <= 14


def test_own_codes_of_one_buyer_mean_nothing_in_the_questionnaire_of_another(world, response):
    base = response.version
    theirs = json.loads(base.document) | {"code": "their-extension"}
    theirs["sections"] = theirs["sections"] + [OWN_SECTION]
    extension = make_version(theirs, owner=world.buyer, base=base)
    asked = make_response(world.relationship, world.site, extension, answers={**SMALL_ANSWERS, "X-1": "yes"})
    submit(asked, world.alice)
    elsewhere = make_relationship(supplier=world.supplier)
    ours = make_version(json.loads(extension.document) | {"code": "our-extension"}, owner=elsewhere.buyer, base=base)
    again = new_round(world, version=extension)
    other = new_round(world, version=ours, relationship=elsewhere)

    for one in (again, other):
        services.open_response(response=one)

    assert "X-1" in again.answers.values_list("code", flat=True)
    assert set(again.answers.values_list("code", flat=True)) - set(other.answers.values_list("code", flat=True)) == {
        "X-1"
    }


def test_only_handed_in_responses_are_carried(world, filled):
    assert new_round(world).previous_id is None
