"""A new round: responses in bulk, tied to the round before, filled from it when they are first opened."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from assessments.questionnaires.comparison import carried_value, still_fits
from assessments.questionnaires.document import Document
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITABLE_STATES
from assessments.responses.models import Answer, AnswerRevision, Response
from assessments.responses.queries import measure_marks, previous_responses, read_marks
from assessments.responses.services.answers import write_progress

BATCH = 500


def create_responses(rows: Sequence[Response]) -> list[Response]:
    """Save responses of one campaign batch with the number of questions they begin with."""
    asked: dict[int, int] = {}
    for row in rows:
        if row.version_id not in asked:
            asked[row.version_id] = first_asked(row.version)
        row.asked = asked[row.version_id]
    return list(Response.objects.bulk_create(rows, batch_size=BATCH))


def first_asked(version: QuestionnaireVersion) -> int:
    """Return how many questions show and must be answered while nothing is."""
    return measure_marks(document_of(version), {}).total.asked


def carry_over(responses: Sequence[Response]) -> int:
    """Tie new responses to the site's latest handed-in one; returns how many have one.

    The answers are copied when somebody first opens the response: sending to 30,000 sites stays quick,
    and the copy is of what stands then.
    """
    ids = {response.pk for response in responses}
    latest: dict[int, int] = {}
    earlier = previous_responses({response.site_id for response in responses}).exclude(pk__in=ids)
    for site_id, pk in earlier.values_list("site_id", "pk"):
        latest.setdefault(site_id, pk)
    tied = [response for response in responses if response.site_id in latest]
    for response in tied:
        response.previous_id = latest[response.site_id]
    Response.objects.bulk_update(tied, ["previous"], batch_size=BATCH)
    return len(tied)


@transaction.atomic
def open_response(*, response: Response) -> int:
    """Note that the supplier has seen the request and fill it from the round before, once.

    Returns how many answers wait to be confirmed. Of two who open at once one does the work.
    """
    now = timezone.now()
    if not Response.objects.filter(pk=response.pk, opened_at__isnull=True).update(opened_at=now):
        return 0
    response.opened_at = now
    if response.previous is None or response.state not in EDITABLE_STATES:
        return 0
    return copy_answers(response, response.previous)


def copy_answers(response: Response, previous: Response) -> int:
    """Copy the answers that still fit, marked with their period and not confirmed; returns how many."""
    document, old = document_of(response.version), document_of(previous.version)
    standing = set(response.answers.values_list("code", flat=True))
    now = timezone.now()
    rows = [
        Answer(
            response=response,
            code=answer.code,
            value=carried_value(document.question(answer.code), answer.value),
            not_applicable=answer.not_applicable,
            reason=answer.reason,
            origin=previous.period,
            confirmed=False,
            updated_by=answer.updated_by,
            updated_at=now,
        )
        for answer in previous.answers.select_related("updated_by")
        if answer.code not in standing and answer_fits(document, old, answer)
    ]
    Answer.objects.bulk_create(rows, ignore_conflicts=True)
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            response=response,
            code=row.code,
            version=row.version,
            value=row.value,
            not_applicable=row.not_applicable,
            reason=row.reason,
            actor=row.updated_by,
            at=now,
        )
        for row in rows
    )
    write_progress(response, measure_marks(document, read_marks(response.pk)))
    return len(rows)


def answer_fits(document: Document, old: Document, answer: Answer) -> bool:
    """Whether an answer still fits under the new version, by the rule that a comparison of versions announces."""
    code = answer.code
    if code not in document.positions or code not in old.positions:
        return False
    new_question, old_question = document.question(code), old.question(code)
    return still_fits(new_question, old_question, answer.value, not_applicable=answer.not_applicable)
