"""The second language beside the reader's own: what a question says in it, as far as it is translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document, Question, Text, fill_text
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.reports import period_label
from assessments.responses.reports import said_in, yes_no_in
from assessments.responses.views.access import reader_of

SECOND_KEY = "second_language"


@dataclass(frozen=True)
class SecondCard:
    """The words of one question in the second language; what is not translated is empty, never another language."""

    language: str
    text: str = ""
    guidance: str = ""
    period_label: str = ""
    why: str = ""
    warn: str = ""
    evidence_text: str = ""


class SecondTongue:
    """Says the texts of a document in the second language; reads nothing."""

    def __init__(self, document: Document, language: str) -> None:
        self.document = document
        self.language = language

    def say(self, text: Text) -> str:
        """Return a text in this language, "" where it is not translated or no second language is shown."""
        return said_in(self.document, text, self.language)

    def card(self, question: Question, values: Mapping[str, Any]) -> SecondCard | None:
        """Return the words of a question, its note filled with the answers; None without a second language."""
        if not self.language:
            return None
        rule, slot = question.warn_if, question.evidence
        with translation.override(self.language):
            period = f"{_('Period')}: {period_label(question)}" if question.period else ""
        return SecondCard(
            language=self.language,
            text=self.say(question.text),
            guidance=self.say(question.guidance),
            period_label=period,
            why=self.say(question.why),
            warn=self._note(rule.text, values) if rule and self.say(rule.text) else "",
            evidence_text=self.say(slot.text) if slot else "",
        )

    def _note(self, text: Text, values: Mapping[str, Any]) -> str:
        words = {**self.yes_no, "none": "–", "separator": ", "}
        return fill_text(self.document, text, values, language=self.language, words=words)

    @cached_property
    def yes_no(self) -> dict[str, str]:
        """Yes and no; read once for all questions."""
        return yes_no_in(self.language)

    def choices(self, question: Question) -> dict[str, str]:
        """Return the choices by their code."""
        if not self.language:
            return {}
        if question.kind is Kind.YES_NO:
            return self.yes_no
        return {choice.code: self.say(choice.text) for choice in question.choices}


def other_languages(document: Document) -> list[str]:
    """Return the languages a question can be shown in beside the reader's own."""
    return [language for language in document.languages if language != get_language()]


def second_language(request: HttpRequest, document: Document) -> str:
    """Return the language shown beside the reader's: asked for now, earlier in this session, or in the account."""
    asked = request.GET.get("second")
    if asked is not None:
        request.session[SECOND_KEY] = asked if asked in other_languages(document) else ""
    wanted = request.session.get(SECOND_KEY, reader_of(request).second_language)
    return wanted if wanted in other_languages(document) else ""
