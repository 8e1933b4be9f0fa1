"""What components/question.html needs of a question that nobody answers."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document, Question, Section, Text
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.reports import period_label, unit_label
from portal.lib.formats import trigger_codes, walk_codes

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PreviewCard:
    """One question as a supplier will see it, read-only, with what only buyers are told."""

    code: str
    number: int
    kind: str
    text: str
    text_is_fallback: bool
    language: str
    guidance: str
    why: str
    unit_label: str
    period_label: str
    choices: list[Part]
    rows: list[Part]
    columns: list[Part]
    evidence_text: str
    evidence_required: bool
    required: bool
    provision: str
    weight: float
    follows: str
    note: str
    flags: list[Part]
    read_only: bool = True
    cells: dict[str, int] = field(default_factory=dict)


def section_cards(document: Document, section: Section, language: str) -> list[PreviewCard]:
    """Return the cards of a section in a language of the document."""
    with translation.override(language):
        return [preview_card(document, question, language) for question in section.questions]


def preview_card(document: Document, question: Question, language: str) -> PreviewCard:
    """Return the card of one question."""
    text, stands_in = document.pick(question.text, language)

    def say(words: Text) -> str:
        return document.pick(words, language)[0]

    return PreviewCard(
        code=question.code,
        number=document.positions[question.code] + 1,
        kind=question.kind.value,
        text=text,
        text_is_fallback=stands_in,
        language=document.default_language if stands_in else language,
        guidance=say(question.guidance),
        why=say(question.why),
        unit_label=unit_label(question),
        period_label=period_label(question),
        choices=choices_of(question, say),
        rows=[{"code": axis.code, "text": say(axis.text)} for axis in question.rows],
        columns=[{"code": axis.code, "text": say(axis.text)} for axis in question.columns],
        evidence_text=evidence_words(question, say),
        evidence_required=bool(question.evidence and question.evidence.required),
        required=question.required,
        provision=question.provision or "",
        weight=question.weight,
        follows=trigger_codes(question.show_if),
        note=say(question.warn_if.text) if question.warn_if else "",
        flags=[
            {"code": flag.code, "severity": flag.severity.value, "text": say(flag.text)}
            for flag in document.flags
            if question.code in walk_codes(flag.when)
        ],
    )


def choices_of(question: Question, say: Any) -> list[Part]:
    """Return the choices; those of yes and no are words of the interface."""
    if question.kind is Kind.YES_NO:
        return [{"code": "yes", "text": _("Yes")}, {"code": "no", "text": _("No")}]
    return [{"code": one.code, "text": say(one.text), "exclusive": one.exclusive} for one in question.choices]


def evidence_words(question: Question, say: Any) -> str:
    """Return what the evidence slot asks for; a document question has one always."""
    if question.evidence:
        return str(say(question.evidence.text)) or _("A file")
    return _("A file") if question.kind is Kind.DOCUMENT else ""
