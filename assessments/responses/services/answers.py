"""Saving answers: validate, compare and set, keep every revision, count again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITABLE_STATES, ResponseState
from assessments.responses.lifecycle import advance
from assessments.responses.models import Answer, AnswerRevision, Response
from assessments.responses.progress import Standing
from assessments.responses.queries import Mark, measure_marks, read_marks
from assessments.responses.services.sentences import checked_value
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

LONGEST_REASON = 2_000
LONGEST_COMMENT = 10_000
WRITTEN = (
    "value", "not_applicable", "reason", "comment", "version", "confirmed", "origin", "updated_by", "updated_at",
)  # fmt: skip
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class ClosedError(DomainError):
    """The response takes no answers in its state."""

    status = 410


class UnknownQuestionError(DomainError):
    """The questionnaire has no such question."""

    status = 404


@dataclass(frozen=True)
class Given:
    """What somebody entered for one question. `comment` None leaves the comment as it is."""

    code: str
    value: object = None
    not_applicable: bool = False
    reason: str = ""
    comment: str | None = None
    base_version: int = 0
    confirm: bool = False


@dataclass(frozen=True)
class SavedAnswer:
    """What the page needs to know after a save."""

    code: str
    version: int
    saved_at: datetime | None
    answered: int
    asked: int
    standing: Standing
    changed: bool = True


@dataclass(frozen=True)
class Outcome:
    """What became of one of many answers: saved, unchanged, or the error."""

    code: str
    version: int
    changed: bool = False
    error: DomainError | None = None


def save_answer(
    *,
    response: Response,
    code: str,
    value: object,
    base_version: int,
    actor: User,
    not_applicable: bool = False,
    reason: str = "",
    comment: str | None = None,
    confirm: bool = False,
) -> SavedAnswer:
    """Save one answer, its revision and the progress; the first save starts the response.

    The same answer again keeps its version, so a retry is safe. Raises ConflictError (detail: what
    stands), ClosedError, UnknownQuestionError, DomainError for a value the question cannot have.
    """
    given = Given(code, value, not_applicable, reason, comment, base_version, confirm)
    outcomes, standing, now = save_answers(response=response, given=[given], actor=actor)
    outcome = outcomes[0]
    if outcome.error is not None:
        raise outcome.error
    return SavedAnswer(
        code, outcome.version, now, standing.total.answered, standing.total.asked, standing, outcome.changed
    )


def confirm_answer(*, response: Response, code: str, base_version: int, actor: User) -> SavedAnswer:
    """Confirm an answer carried over from an earlier round as it stands; raises as `save_answer` does."""
    standing = read_marks(response.pk).get(code, Mark())
    return save_answer(
        response=response,
        code=code,
        value=standing.value,
        not_applicable=standing.not_applicable,
        reason=standing.reason,
        base_version=base_version,
        actor=actor,
        confirm=True,
    )


@transaction.atomic
def save_answers(
    *, response: Response, given: Iterable[Given], actor: User
) -> tuple[list[Outcome], Standing, datetime]:
    """Save many answers of one response under one lock; each one is saved or refused on its own.

    Raises ClosedError when the response takes no answers.
    """
    document = document_of(response.version)
    lock_editable(response)
    marks = read_marks(response.pk)
    now = timezone.now()
    desk = _Desk(response, document, marks, actor, now)
    outcomes = [_save_one(desk, one) for one in given]
    desk.write_queued()
    changed = any(outcome.changed for outcome in outcomes)
    standing = measure_marks(document, marks)
    if changed and response.state == ResponseState.WAITING:
        advance(response, ResponseState.IN_PROGRESS, actor=actor)
    write_progress(response, standing)
    return outcomes, standing, now


def lock_editable(response: Response) -> None:
    """Lock the response until the end of the transaction and read its state again; raises ClosedError.

    Without the lock two people who save at once would each count without the other's answer.
    """
    row = (
        Response.objects.select_for_update()
        .filter(pk=response.pk)
        .values_list("state", "answered", "asked", "started_at")
        .get()
    )
    response.state, response.answered, response.asked, response.started_at = row
    if response.state not in EDITABLE_STATES:
        raise closed_error(response)


def closed_error(response: Response) -> ClosedError:
    """Return the sentence for a response that takes no answers now."""
    state = ResponseState(response.state).label
    message = _("These answers are “%(state)s” and cannot be changed now. Withdraw them first, or ask your buyer.")
    return ClosedError(message % {"state": state}, code="closed", detail={"state": response.state})


def write_progress(response: Response, standing: Standing) -> None:
    """Write the counts that lists show; nothing when they stand already."""
    counts = {"answered": standing.total.answered, "asked": standing.total.asked}
    if (response.answered, response.asked) != (counts["answered"], counts["asked"]):
        Response.objects.filter(pk=response.pk).update(**counts)
        response.answered, response.asked = counts["answered"], counts["asked"]


@dataclass(frozen=True)
class _Desk:
    """What every save of one round shares."""

    response: Response
    document: Document
    marks: dict[str, Mark]
    actor: User
    now: datetime
    answers: dict[str, Answer] = field(default_factory=dict)
    revisions: list[AnswerRevision] = field(default_factory=list)

    def write_queued(self) -> None:
        """Write answers and revisions, each in one statement however many there are.

        The response is locked since the marks were read, so what stands of an answer is what they say.
        """
        Answer.objects.bulk_create(
            self.answers.values(), update_conflicts=True, unique_fields=["response", "code"], update_fields=WRITTEN
        )
        AnswerRevision.objects.bulk_create(self.revisions)


def _save_one(desk: _Desk, given: Given) -> Outcome:
    standing = desk.marks.get(given.code, Mark())
    try:
        wanted = _wanted(desk, standing, given)
        if wanted is standing:
            return Outcome(given.code, standing.version)
        if standing.version and standing.version != given.base_version:
            raise conflict_error(desk.response, given.code)
        _queue(desk, given.code, wanted)
    except DomainError as error:
        return Outcome(given.code, standing.version, error=error)
    desk.marks[given.code] = wanted
    return Outcome(given.code, wanted.version, changed=True)


def _wanted(desk: _Desk, standing: Mark, given: Given) -> Mark:
    """Return the answer as it should stand; the standing one itself when nothing changes."""
    if given.code not in desk.document.positions:
        raise UnknownQuestionError(_("This questionnaire has no question %(code)s.") % {"code": given.code})
    value = checked_value(desk.document, desk.document.question(given.code), given.value)
    reason = _limited(given.reason, LONGEST_REASON) if given.not_applicable else ""
    comment = standing.comment if given.comment is None else _limited(given.comment, LONGEST_COMMENT)
    before = (standing.value, standing.not_applicable, standing.reason)
    same_answer = (value, given.not_applicable, reason) == before
    confirmed = given.confirm or not same_answer or standing.confirmed
    if same_answer and comment == standing.comment and confirmed == standing.confirmed:
        return standing
    return Mark(
        value=value,
        not_applicable=given.not_applicable,
        reason=reason,
        comment=comment,
        version=standing.version + 1,
        confirmed=confirmed,
        origin=standing.origin if same_answer else "",
        files=standing.files,
        updated_by_id=desk.actor.pk,
        updated_at=desk.now,
    )


def _limited(text: str, most: int) -> str:
    clean = UNSTORABLE.sub("", text.replace("\r\n", "\n")).strip()
    if len(clean) > most:
        message = _("The text has %(length)s characters. Shorten it to %(most)s.")
        raise DomainError(message % {"length": len(clean), "most": most}, code="too_long")
    return clean


def _queue(desk: _Desk, code: str, wanted: Mark) -> None:
    """Queue an answer and the revision that keeps it."""
    columns: dict[str, Any] = {
        "value": wanted.value,
        "not_applicable": wanted.not_applicable,
        "reason": wanted.reason,
        "comment": wanted.comment,
    }
    row: dict[str, Any] = {
        "version": wanted.version,
        "confirmed": wanted.confirmed,
        "origin": wanted.origin,
        "updated_by_id": desk.actor.pk,
        "updated_at": desk.now,
    }
    desk.answers[code] = Answer(response_id=desk.response.pk, code=code, **columns, **row)
    revision = {"version": wanted.version, "actor_id": desk.actor.pk, "at": desk.now}
    desk.revisions.append(AnswerRevision(response_id=desk.response.pk, code=code, **columns, **revision))


def conflict_error(response: Response, code: str) -> ConflictError:
    """Return the conflict with what stands now: whose answer, when, and its version."""
    row = Answer.objects.filter(response_id=response.pk, code=code).select_related("updated_by").first()
    message = _("Somebody else answered this question meanwhile. Choose which answer to keep.")
    return ConflictError(message, code="conflict", detail=current_of(row) if row else None)


def current_of(row: Answer) -> Mapping[str, Any]:
    """Return an answer as JSON-ready data."""
    return {
        "code": row.code,
        "value": row.value,
        "na": row.reason if row.not_applicable else None,
        "comment": row.comment,
        "version": row.version,
        "by": str(row.updated_by) if row.updated_by else "",
        "by_id": row.updated_by_id,
        "at": row.updated_at.isoformat(),
    }
