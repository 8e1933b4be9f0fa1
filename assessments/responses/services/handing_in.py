"""Handing in: submit a frozen copy, withdraw it, decline the request."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITABLE_STATES, HANDED_IN_STATES, ResponseState
from assessments.responses.lifecycle import advance
from assessments.responses.models import Evidence, Response, Submission
from assessments.responses.progress import Standing
from assessments.responses.queries import Mark, evidence_by_code, measure_marks, read_marks
from assessments.responses.services.answers import closed_error, write_progress
from assessments.responses.snapshot import Frame, FrozenAnswer, build_snapshot, canonical_json, hash_of
from portal.accounts.models import User
from portal.files.enums import ScanState
from portal.lib.errors import ConflictError, DomainError
from portal.lib.queue import enqueue
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails
from portal.trail.services import record

LONGEST_NAME = 150


@transaction.atomic
def submit_response(*, response: Response, attested_name: str, actor: User) -> Submission:
    """Freeze the answers as the next submission, wake scoring and mail a receipt.

    Raises DomainError (detail: the gaps) while something is missing, and ConflictError with the code
    "already_submitted" for the second of two presses.
    """
    name = attested_name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise DomainError(_("Enter the name of the person who confirms the answers."), code="attested_name")
    document = document_of(response.version)
    _lock_for_submit(response)
    marks = read_marks(response.pk)
    now = timezone.now()
    today = timezone.localdate(now)
    standing = measure_marks(document, marks, today)
    check_complete(standing)
    if response.state == ResponseState.WAITING:
        advance(response, ResponseState.IN_PROGRESS, actor=actor)
    write_progress(response, standing)
    last = response.submissions.order_by("-number").values_list("number", flat=True).first()
    frame = frame_of(response, number=(last or 0) + 1, attested_name=name, now=now)
    text = canonical_json(build_snapshot(frame, frozen_answers(response, document, marks), standing.shown))
    submission = Submission.objects.create(
        response=response,
        number=frame.number,
        snapshot=text,
        sha256=hash_of(text),
        attested_name=name,
        attested_on=today,
        submitted_by=actor,
        submitted_at=now,
    )
    advance(response, ResponseState.SUBMITTED, actor=actor)
    enqueue("scoring.score", submission_id=submission.pk)
    queue_mails([receipt_mail(response, submission, actor)])
    record(
        "submit_response",
        actor=actor,
        thing=response,
        organisation_id=response.site.organisation_id,
        number=submission.number,
        sha256=submission.sha256,
    )
    return submission


def _lock_for_submit(response: Response) -> None:
    row = Response.objects.select_for_update().filter(pk=response.pk)
    response.state, response.answered, response.asked, response.started_at = row.values_list(
        "state", "answered", "asked", "started_at"
    ).get()
    if response.state in HANDED_IN_STATES:
        message = _("These answers were submitted a moment ago. Nothing more is needed.")
        raise ConflictError(message, code="already_submitted")
    if response.state not in EDITABLE_STATES:
        raise closed_error(response)


def check_complete(standing: Standing) -> None:
    """Refuse a submission with gaps or with carried-over answers nobody confirmed."""
    count = len(standing.gaps) + len(standing.unconfirmed)
    if not count:
        return
    message = ngettext(
        "%(count)d question still needs you. Open the list below, mend it, then submit.",
        "%(count)d questions still need you. Open the list below, mend them, then submit.",
        count,
    )
    detail = {
        "gaps": [{"code": gap.code, "reason": str(gap.reason)} for gap in standing.gaps],
        "unconfirmed": list(standing.unconfirmed),
    }
    raise DomainError(message % {"count": count}, code="incomplete", detail=detail)


def frozen_answers(response: Response, document: Document, marks: Mapping[str, Mark]) -> dict[str, FrozenAnswer]:
    """Return every answer with its files, in the order of the document."""
    files = evidence_by_code(response)
    return {
        question.code: frozen_answer(marks[question.code], files.get(question.code, []))
        for question in document.questions
        if question.code in marks
    }


def frame_of(response: Response, *, number: int, attested_name: str, now: datetime) -> Frame:
    """Return who, what and when of a submission, as they stand now."""
    site, version = response.site, response.version
    return Frame(
        response=response.pk,
        number=number,
        title=response.title,
        period=response.period,
        questionnaire={
            "code": document_of(version).code,
            "version": version.version,
            "sha256": version.sha256,
        },
        buyer={"id": response.relationship.buyer_id, "name": response.relationship.buyer.name},
        site={
            "id": site.pk,
            "code": site.code,
            "name": site.name,
            "organisation": site.organisation.name,
            "country": str(site.country),
            "city": site.city,
            "address": site.address,
            "sector": site.sector,
            "workers": site.workers,
        },
        as_of=timezone.localdate(now),
        submitted_at=now,
        attested_name=attested_name,
    )


def frozen_answer(mark: Mark, files: list[Evidence]) -> FrozenAnswer:
    """Return an answer with its files as the snapshot holds it."""
    good = [row.file for row in files if row.file.scan_state != ScanState.REFUSED]
    return FrozenAnswer(
        value=mark.value,
        na=mark.reason.strip() if mark.not_applicable else None,
        comment=mark.comment,
        evidence=tuple({"name": f.name, "sha256": f.sha256, "size": f.size} for f in good),
        origin=mark.origin,
    )


def receipt_mail(response: Response, submission: Submission, actor: User) -> Mail:
    """Return the mail that tells the submitter what was handed in."""
    return build_mail(
        f"submitted:{submission.pk}",
        to_email=actor.email,
        to_name=actor.name,
        template="response_submitted",
        context={
            "title": response.title,
            "site": response.site.name,
            "buyer": response.relationship.buyer.name,
            "attested_name": submission.attested_name,
            "sha256": submission.sha256,
            "path": reverse("response_submitted", args=[response.pk]),
        },
        language=actor.language,
        user=actor,
        organisation_id=response.site.organisation_id,
    )


@transaction.atomic
def withdraw_response(*, response: Response, actor: User) -> None:
    """Take a submission back for changes; only until the buyer starts the review. The frozen copy stays."""
    if response.state not in (ResponseState.SUBMITTED, ResponseState.IN_PROGRESS):
        message = _("The review has started, so the answers cannot be withdrawn. Ask your buyer to return them.")
        raise DomainError(message, code="withdraw")
    advance(response, ResponseState.IN_PROGRESS, actor=actor)
    record("withdraw_response", actor=actor, thing=response, organisation_id=response.site.organisation_id)


@transaction.atomic
def decline_response(*, response: Response, reason: str, actor: User) -> None:
    """Say no to a request, with the reason the buyer will read. The answers stay."""
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why you decline; your buyer will read it."), code="reason")
    advance(response, ResponseState.DECLINED, actor=actor, reason=reason)
    Response.objects.filter(pk=response.pk).update(decline_reason=reason)
    response.decline_reason = reason
    record("decline_response", actor=actor, thing=response, organisation_id=response.site.organisation_id)
