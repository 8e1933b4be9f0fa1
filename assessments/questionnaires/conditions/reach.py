"""Which questions show: one pass over a document."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from assessments.questionnaires.conditions.answers import plain_value, read_answer
from assessments.questionnaires.conditions.structs import Condition


class Reachable(Protocol):
    """What `reachable_codes` needs of a document."""

    @property
    def show_rules(self) -> tuple[tuple[str, Condition | None], ...]: ...

    @property
    def file_codes(self) -> frozenset[str]: ...


def plain_answers(document: Reachable, answers: Mapping[str, object]) -> dict[str, object]:
    """Give the answered values by code; a document question counts its files."""
    plain: dict[str, object] = {}
    for code, answer in answers.items():
        value = plain_value(answer)
        if value is None and code in document.file_codes:
            read = read_answer(answer)
            value = None if read.is_na else len(read.evidence) or None
        if value is not None:
            plain[code] = value
    return plain


def visible_answers(
    document: Reachable, answers: Mapping[str, object], as_of: date
) -> tuple[frozenset[str], dict[str, object]]:
    """Walk the document once: which questions show, and the plain answers that count.

    Triggers stand earlier than what they show, so one pass is enough, and an
    answer to a hidden question never shows another one.
    """
    plain, today = plain_answers(document, answers), as_of.isoformat()
    shown: list[str] = []
    visible: dict[str, object] = {}
    for code, condition in document.show_rules:
        if condition is None or condition.test(visible, today) is True:
            shown.append(code)
            if code in plain:
                visible[code] = plain[code]
    return frozenset(shown), visible


def reachable_codes(document: Reachable, answers: Mapping[str, object], as_of: date) -> frozenset[str]:
    """Give the codes of the questions that show for these answers."""
    return visible_answers(document, answers, as_of)[0]
