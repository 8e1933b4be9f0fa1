"""Checking answers: what is missing, and which notes hold?"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from assessments.questionnaires.conditions import AnswerValue, plain_value, read_answer, visible_answers
from assessments.questionnaires.document import Document, Question, Text
from assessments.questionnaires.enums import Kind


class MissingReason(StrEnum):
    UNANSWERED = "unanswered"
    NA_REASON = "na_reason"
    EVIDENCE = "evidence"


class Missing(NamedTuple):
    code: str
    reason: MissingReason


def missing_answers(document: Document, answers: Mapping[str, object], as_of: date) -> list[Missing]:
    """List what stands between these answers and a submission, in document order.

    Only questions that show are asked for. A table is answered when every cell is filled in.
    """
    shown, _visible = visible_answers(document, answers, as_of)
    gaps = (
        (question.code, _gap(question, read_answer(answers.get(question.code))))
        for question in document.questions
        if question.code in shown
    )
    return [Missing(code, reason) for code, reason in gaps if reason is not None]


def _gap(question: Question, answer: AnswerValue) -> MissingReason | None:
    if answer.is_na:
        return None
    if claims_na(answer):
        return MissingReason.NA_REASON
    if not is_answered(question, answer):
        return MissingReason.UNANSWERED if question.required else None
    wanted = question.evidence is not None and question.evidence.required
    return MissingReason.EVIDENCE if wanted and not answer.evidence else None


def claims_na(answer: AnswerValue) -> bool:
    """Tell whether "not applicable" was ticked (True, or blanks) without a reason yet."""
    return answer.na is True or (isinstance(answer.na, str) and answer.na.isspace())


def is_answered(question: Question, answer: object) -> bool:
    """Tell whether the question is answered; N/A is no answer, a half-filled table neither."""
    read = read_answer(answer)
    if question.kind is Kind.DOCUMENT:
        return bool(read.evidence) and not read.is_na
    value = plain_value(read)
    if question.kind is Kind.HEADCOUNT:
        return isinstance(value, Mapping) and all(cell in value for cell in question.cells)
    return value is not None


def warning_texts(document: Document, answers: Mapping[str, object], as_of: date) -> dict[str, Text]:
    """Give the notes that hold for these answers: question code -> text."""
    shown, visible = visible_answers(document, answers, as_of)
    texts: dict[str, Text] = {}
    for code, condition in document.warn_rules.items():
        rule = document.question(code).warn_if
        if code in shown and rule and condition.test(visible, as_of.isoformat()) is True:
            texts[code] = rule.text
    return texts
