"""Words about answers: an answer as a reader sees it, and texts with answers filled in."""

from collections.abc import Mapping

from assessments.questionnaires.conditions import cell_number
from assessments.questionnaires.document.references import PLACEHOLDER
from assessments.questionnaires.document.structs import Document, Question, Text
from assessments.questionnaires.enums import Kind

ENGLISH_WORDS: Mapping[str, str] = {"yes": "Yes", "no": "No", "none": "-", "separator": ", "}
"""The interface words a page gives in its own language."""


def show_value(
    document: Document,
    code: str,
    value: object,
    *,
    language: str,
    cell: str | None = None,
    words: Mapping[str, str] = ENGLISH_WORDS,
) -> str:
    """Show an answer in the reader's language: choices by their text, "none" if there is none."""
    question = document.question(code)
    if cell is not None:
        value = cell_number(value, cell)
    if value is None:
        return words["none"]
    if question.kind is Kind.YES_NO:
        return words.get(str(value), str(value))
    if question.kind is Kind.HEADCOUNT and cell is None:
        return _show_plain(cell_number(value, "total"), words)
    if isinstance(value, list | tuple):
        shown = [_show_choice(document, question, code, language) for code in value]
        return words["separator"].join(shown)
    if question.kind is Kind.SINGLE:
        return _show_choice(document, question, value, language)
    return _show_plain(value, words)


def _show_choice(document: Document, question: Question, code: object, language: str) -> str:
    for choice in question.choices:
        if choice.code == code:
            return document.pick(choice.text, language)[0]
    return str(code)


def _show_plain(value: object, words: Mapping[str, str]) -> str:
    if value is None:
        return words["none"]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def fill_text(
    document: Document,
    text: Text,
    values: Mapping[str, object],
    *,
    language: str,
    words: Mapping[str, str] = ENGLISH_WORDS,
) -> str:
    """Give a text in the reader's language, {CODE} and {CODE.cell} filled with the answers."""
    chosen = document.pick(text, language)[0]
    return PLACEHOLDER.sub(
        lambda match: (
            show_value(
                document,
                match[1],
                values.get(match[1]),
                language=language,
                cell=match[2],
                words=words,
            )
            if match[1] in document.positions
            else match[0]
        ),
        chosen,
    )
