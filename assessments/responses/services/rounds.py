"""A new round: responses in bulk, tied to the round before, filled from it when they are first opened."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.questionnaires.comparison import carried_value, still_fits
from assessments.questionnaires.document import Document, Question
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import EDITABLE_STATES
from assessments.responses.models import Answer, AnswerRevision, Response
from assessments.responses.queries import measure_marks, previous_responses, read_marks
from assessments.responses.services.answers import write_progress

BATCH = 500
MOST_EARLIER = 8  # handed-in responses of a site that are looked through for answers, newest first


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
    """Tie new responses to what the site last handed in to the same buyer on the same questionnaire.

    Returns how many are tied. Scores are compared with it, so it is never what another buyer asked for. Answers are
    copied when somebody first opens the response: sending to 30,000 sites stays quick, and the copy is of what stands
    then.
    """
    ids = {response.pk for response in responses}
    latest: dict[tuple[int, int, int], int] = {}
    earlier = previous_responses({response.site_id for response in responses}).exclude(pk__in=ids)
    rows = earlier.values_list("site_id", "relationship__buyer_id", "version__questionnaire_id", "pk")
    for site_id, buyer_id, questionnaire_id, pk in rows:
        latest.setdefault((site_id, buyer_id, questionnaire_id), pk)
    for response in responses:
        same = (response.site_id, response.relationship.buyer_id, response.version.questionnaire_id)
        response.previous_id = latest.get(same)
    tied = [response for response in responses if response.previous_id is not None]
    Response.objects.bulk_update(tied, ["previous"], batch_size=BATCH)
    return len(tied)


@transaction.atomic
def open_response(*, response: Response) -> int:
    """Note that the supplier has seen the request and fill it from what the site answered before, once.

    Returns how many answers wait to be confirmed. Of two who open at once one does the work.
    """
    now = timezone.now()
    if not Response.objects.filter(pk=response.pk, opened_at__isnull=True).update(opened_at=now):
        return 0
    response.opened_at = now
    if response.state not in EDITABLE_STATES:
        return 0
    return copy_answers(response)


def copy_answers(response: Response) -> int:
    """Copy the newest answer to each question that still fits, marked with its period and not confirmed.

    A code means the same in every questionnaire that ships, so a figure that was given for one is filled in everywhere,
    whoever asked. Returns how many were copied.
    """
    document, now = document_of(response.version), timezone.now()
    found = newest_answers(response, document)
    rows = [unconfirmed_copy(answer, response, document.question(answer.code), now) for answer in found]
    Answer.objects.bulk_create(rows, ignore_conflicts=True)
    AnswerRevision.objects.bulk_create(first_revision(row) for row in rows)
    if rows:
        write_progress(response, measure_marks(document, read_marks(response.pk)))
    return len(rows)


def unconfirmed_copy(answer: Answer, response: Response, question: Question, now: datetime) -> Answer:
    """Return an earlier answer as an unsaved one of this response, with the period it is from."""
    return Answer(
        response=response,
        code=answer.code,
        value=carried_value(question, answer.value),
        not_applicable=answer.not_applicable,
        reason=answer.reason,
        origin=answer.response.period,
        confirmed=False,
        updated_by=answer.updated_by,
        updated_at=now,
    )


def first_revision(row: Answer) -> AnswerRevision:
    """Return the unsaved revision with which the history of an answer begins."""
    return AnswerRevision(
        response=row.response,
        code=row.code,
        version=row.version,
        value=row.value,
        not_applicable=row.not_applicable,
        reason=row.reason,
        actor=row.updated_by,
        at=row.updated_at,
    )


def newest_answers(response: Response, document: Document) -> list[Answer]:
    """Return the newest fitting answer to every question that is open, from what the site last handed in."""
    sources = earlier_documents(response)
    rows = Answer.objects.filter(response_id__in=sources).select_related("updated_by", "response")
    found = set(response.answers.values_list("code", flat=True))
    newest: list[Answer] = []
    for answer in rows.order_by("-response__submitted_at", "-response_id"):
        if answer.code not in found and answer_fits(document, sources[answer.response_id], answer):
            found.add(answer.code)
            newest.append(answer)
    return newest


def earlier_documents(response: Response) -> dict[int, Document]:
    """Return {id: questions that can be taken from it} of what the site last handed in, to whomever."""
    rows = previous_responses({response.site_id}).exclude(pk=response.pk)
    rows = rows.select_related("version__questionnaire", "version__base__questionnaire")
    rows = rows.defer("version__document", "version__base__document")
    buyer_id = response.relationship.buyer_id
    found = {row.pk: shared_document(row.version, buyer_id) for row in rows[:MOST_EARLIER]}
    return {pk: document for pk, document in found.items() if document is not None}


def shared_document(version: QuestionnaireVersion, buyer_id: int) -> Document | None:
    """Return the document whose codes mean the same to a buyer: of another buyer's only the one that it extends."""
    if version.questionnaire.owner_id in (None, buyer_id):
        return document_of(version)
    return shared_document(version.base, buyer_id) if version.base else None


def answer_fits(document: Document, old: Document, answer: Answer) -> bool:
    """Whether an answer still fits under the new version, by the rule that a comparison of versions announces."""
    code = answer.code
    if code not in document.positions or code not in old.positions:
        return False
    new_question, old_question = document.question(code), old.question(code)
    return still_fits(new_question, old_question, answer.value, not_applicable=answer.not_applicable)
