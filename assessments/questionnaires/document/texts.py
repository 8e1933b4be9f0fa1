"""Which texts a document has, language by language."""

from collections.abc import Iterator

from assessments.questionnaires.conditions import Problem
from assessments.questionnaires.document.structs import Document, Question, Text
from assessments.questionnaires.enums import Gravity


def all_texts(document: Document) -> Iterator[tuple[str, Text]]:
    """Walk every text with a readable name of its place; texts left out are not given."""
    yield "title", document.title
    for section in document.sections:
        yield f"{section.code} title", section.title
        if section.intro:
            yield f"{section.code} intro", section.intro
        for question in section.questions:
            yield from _question_texts(question)
    for flag in document.flags:
        yield f"{flag.code} text", flag.text
        if flag.advice:
            yield f"{flag.code} advice", flag.advice


def _question_texts(question: Question) -> Iterator[tuple[str, Text]]:
    optional = {
        "guidance": question.guidance,
        "why": question.why,
        "warn": question.warn_if.text if question.warn_if else {},
        "evidence": question.evidence.text if question.evidence else {},
    }
    yield f"{question.code} text", question.text
    for name, text in optional.items():
        if text:
            yield f"{question.code} {name}", text
    for name, parts in (
        ("choice", question.choices),
        ("row", question.rows),
        ("column", question.columns),
    ):
        for part in parts:
            yield f"{question.code} {name} {part.code}", part.text


def missing_texts(document: Document) -> list[Problem]:
    """A text without the default language is an error, without another one a warning."""
    return [
        _missing(place, language, language == document.default_language)
        for place, text in all_texts(document)
        for language in document.languages
        if not text.get(language)
    ]


def _missing(place: str, language: str, is_default: bool) -> Problem:
    return Problem(
        place,
        "missing_text" if is_default else "missing_translation",
        f"There is no text in '{language}'.",
        Gravity.ERROR if is_default else Gravity.WARNING,
    )
