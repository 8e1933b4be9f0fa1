"""Which texts a document has, language by language."""

from collections.abc import Iterator

from msgspec import Struct

from assessments.questionnaires.core import ContentCode, Problem, make_problem, make_warning
from assessments.questionnaires.document.structs import Document, FlagRule, Question, Section, Text


class TextPlace(Struct, frozen=True):
    """One text and where it stands: the part of which thing, and for choices, rows and columns of which item."""

    owner: str
    part: str
    text: Text
    item: str = ""

    @property
    def name(self) -> str:
        """The place as a writer reads it: "A1-PAPERS choice worker"."""
        return " ".join(filter(None, (self.owner, self.part, self.item)))


def all_texts(document: Document) -> Iterator[tuple[str, Text]]:
    """Walk every text with a readable name of its place; texts left out are not given."""
    return ((place.name, place.text) for place in text_places(document))


def text_places(document: Document) -> Iterator[TextPlace]:
    """Walk the place of every text in document order, flag rules last; texts left out are not given."""
    yield TextPlace("", "title", document.title)
    for section in document.sections:
        yield from section_places(section)
    for flag in document.flags:
        yield from flag_places(flag)


def section_places(section: Section) -> Iterator[TextPlace]:
    """Walk the places of a section and its questions."""
    yield TextPlace(section.code, "title", section.title)
    if section.intro:
        yield TextPlace(section.code, "intro", section.intro)
    for question in section.questions:
        yield from _question_places(question)


def flag_places(flag: FlagRule) -> Iterator[TextPlace]:
    """Walk the places of a flag rule."""
    yield TextPlace(flag.code, "text", flag.text)
    if flag.advice:
        yield TextPlace(flag.code, "advice", flag.advice)


def _question_places(question: Question) -> Iterator[TextPlace]:
    optional = {
        "guidance": question.guidance,
        "why": question.why,
        "warn": question.warn_if.text if question.warn_if else {},
        "evidence": question.evidence.text if question.evidence else {},
    }
    yield TextPlace(question.code, "text", question.text)
    for name, text in optional.items():
        if text:
            yield TextPlace(question.code, name, text)
    for name, parts in (("choice", question.choices), ("row", question.rows), ("column", question.columns)):
        for part in parts:
            yield TextPlace(question.code, name, part.text, part.code)


def missing_texts(document: Document) -> list[Problem]:
    """A text without the default language is an error, without another one a warning."""
    return [
        _missing(place, language, language == document.default_language)
        for place, text in all_texts(document)
        for language in document.languages
        if not text.get(language)
    ]


def _missing(place: str, language: str, is_default: bool) -> Problem:
    if is_default:
        return make_problem(place, ContentCode.MISSING_TEXT, language=language)
    return make_warning(place, ContentCode.MISSING_TRANSLATION, language=language)
