"""The buyer's deeds: start the review, return with comments, accept, reopen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITORS, ResponseState
from assessments.responses.lifecycle import advance
from assessments.responses.models import Response, ReviewComment, Submission
from assessments.responses.queries import latest_submission
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails
from portal.trail.services import record
from suppliers.organisations.models import Membership

BATCH = 250


@transaction.atomic
def start_review(*, response: Response, actor: User) -> None:
    """Begin the review; from now on the supplier cannot withdraw."""
    advance(response, ResponseState.IN_REVIEW, actor=actor)


@transaction.atomic
def return_response(*, response: Response, comments: Mapping[str, str], actor: User, note: str = "") -> None:
    """Send the answers back with comments on questions and mail the people who answer.

    A submitted response goes through review on the way. Raises DomainError without any comment.
    """
    questions = document_of(response.version).positions
    texts = {code: text.strip() for code, text in comments.items() if text.strip() and code in questions}
    if not texts and not note.strip():
        message = _("Write a comment on at least one question, so that the supplier knows what to change.")
        raise DomainError(message, code="no_comment")
    submission = latest_submission(response)
    if submission is None:
        raise DomainError(_("Nothing was submitted yet."), code="transition")
    if response.state == ResponseState.SUBMITTED:
        advance(response, ResponseState.IN_REVIEW, actor=actor)
    change = advance(response, ResponseState.RETURNED, actor=actor, reason=note.strip())
    ReviewComment.objects.bulk_create(
        [ReviewComment(submission=submission, code=code, text=text, author=actor) for code, text in texts.items()],
        update_conflicts=True,
        unique_fields=["submission", "code"],
        update_fields=["text", "author"],
    )
    queue_mails(returned_mails(response, submission, change.pk, note.strip(), len(texts)))
    record(
        "return_response",
        actor=actor,
        thing=response,
        organisation_id=response.relationship.buyer_id,
        comments=len(texts),
    )


def returned_mails(response: Response, submission: Submission, change_id: int, note: str, count: int) -> list[Mail]:
    """Return one mail per person who should look again: who submitted, else everybody who may answer."""
    members = Membership.objects.filter(organisation_id=response.site.organisation_id, role__in=EDITORS)
    people = {row.user for row in members.select_related("user") if row.user.is_active}
    chosen = {user for user in people if user.pk == submission.submitted_by_id} or people
    return [
        build_mail(
            f"returned:{change_id}:{user.pk}",
            to_email=user.email,
            to_name=user.name,
            template="response_returned",
            context={
                "title": response.title,
                "site": response.site.name,
                "buyer": response.relationship.buyer.name,
                "note": note,
                "comments": count,
                "path": reverse("response_hub", args=[response.pk]),
            },
            language=user.language,
            user=user,
            organisation_id=response.site.organisation_id,
        )
        for user in sorted(chosen, key=lambda user: user.pk)
    ]


@transaction.atomic
def accept_response(*, response: Response, actor: User) -> None:
    """Accept the answers as they are; a submitted response goes through review on the way."""
    if response.state == ResponseState.SUBMITTED:
        advance(response, ResponseState.IN_REVIEW, actor=actor)
    advance(response, ResponseState.ACCEPTED, actor=actor)
    record("accept_response", actor=actor, thing=response, organisation_id=response.relationship.buyer_id)


@transaction.atomic
def reopen_response(*, response: Response, actor: User) -> None:
    """Take up an accepted response for review again, or ask a supplier that declined once more."""
    is_accepted = response.state == ResponseState.ACCEPTED
    advance(response, ResponseState.IN_REVIEW if is_accepted else ResponseState.WAITING, actor=actor)
    record("reopen_response", actor=actor, thing=response, organisation_id=response.relationship.buyer_id)


@transaction.atomic
def cancel_response(*, response: Response, actor: User | None, reason: str = "") -> None:
    """Call off a request that was not submitted; the answers stay."""
    advance(response, ResponseState.CANCELLED, actor=actor, reason=reason)


@dataclass(frozen=True)
class Standing:
    """The summary of a scored response that lists and dashboards read."""

    response_id: int
    score: float | None
    band: str
    priority: int
    major: int
    minor: int


def record_standings(standings: Iterable[Standing]) -> None:
    """Write the summaries of many responses in few statements; called by scoring."""
    rows = [
        Response(
            pk=one.response_id,
            score=one.score,
            band=one.band,
            priority_flags=one.priority,
            major_flags=one.major,
            minor_flags=one.minor,
        )
        for one in standings
    ]
    columns = ["score", "band", "priority_flags", "major_flags", "minor_flags"]
    Response.objects.bulk_update(rows, columns, batch_size=BATCH)
