"""Summing a document up: what it asks, of what kind, and how completely it is translated."""

from collections import Counter

from msgspec import Struct

from assessments.questionnaires.document.structs import Document, Text
from assessments.questionnaires.document.texts import all_texts


class SectionSummary(Struct, frozen=True):
    code: str
    title: Text
    questions: int
    scored: int
    weight: float


class ProvisionSummary(Struct, frozen=True):
    questions: int
    scored: int
    weight: float
    flags: int


class Summary(Struct, frozen=True):
    code: str
    version: str
    title: Text
    code_of_conduct: str
    languages: tuple[str, ...]
    questions: int
    required: int
    scored: int
    conditional: int
    with_evidence: int
    weight: float
    sections: tuple[SectionSummary, ...]
    kinds: dict[str, int]
    provisions: dict[str, ProvisionSummary]
    flags: dict[str, int]
    texts: int
    translated: dict[str, int]


def summarise(document: Document) -> Summary:
    """Count a document; `translated` gives, per language, how many of its `texts` are there."""
    questions = document.questions
    texts = [text for _place, text in all_texts(document)]
    return Summary(
        code=document.code,
        version=document.version,
        title=document.title,
        code_of_conduct=document.code_of_conduct,
        languages=document.languages,
        questions=len(questions),
        required=sum(question.required for question in questions),
        scored=sum(question.weight > 0 for question in questions),
        conditional=sum(question.show_if is not None for question in questions),
        with_evidence=sum(question.takes_files for question in questions),
        weight=sum(question.weight for question in questions),
        sections=_sum_sections(document),
        kinds=dict(Counter(question.kind.value for question in questions)),
        provisions=_sum_provisions(document),
        flags=dict(Counter(flag.severity.value for flag in document.flags)),
        texts=len(texts),
        translated={language: sum(bool(text.get(language)) for text in texts) for language in document.languages},
    )


def _sum_sections(document: Document) -> tuple[SectionSummary, ...]:
    return tuple(
        SectionSummary(
            code=section.code,
            title=section.title,
            questions=len(section.questions),
            scored=sum(question.weight > 0 for question in section.questions),
            weight=sum(question.weight for question in section.questions),
        )
        for section in document.sections
    )


def _sum_provisions(document: Document) -> dict[str, ProvisionSummary]:
    named = {q.provision for q in document.questions if q.provision is not None}
    named |= {flag.provision for flag in document.flags}
    summary: dict[str, ProvisionSummary] = {}
    for provision in sorted(named):
        asked = [q for q in document.questions if q.provision == provision]
        summary[provision] = ProvisionSummary(
            questions=len(asked),
            scored=sum(question.weight > 0 for question in asked),
            weight=sum(question.weight for question in asked),
            flags=sum(flag.provision == provision for flag in document.flags),
        )
    return summary
