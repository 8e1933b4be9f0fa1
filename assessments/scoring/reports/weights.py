"""Facts of the page Weights: what hangs on each question of a version, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.findings.queries import title_of
from assessments.questionnaires.document import Document
from assessments.scoring.enums import Use
from assessments.scoring.scoring import PartWeight, QuestionWeight, explain_weights

USE_WORDS = {
    Use.CONDITION: gettext_lazy("It shows other questions."),
    Use.FLAG: gettext_lazy("A flag rule reads it."),
    Use.WARNING: gettext_lazy("A note beside an answer reads it."),
    Use.METRIC: gettext_lazy("It is a figure to compare over sites and years."),
}


@dataclass(frozen=True)
class PartLine:
    """A section or provision by its title."""

    part: PartWeight
    title: str


@dataclass(frozen=True)
class WeightLine:
    """A question in words; `reasons` say what it is for besides the score."""

    question: QuestionWeight
    text: str
    reasons: tuple[str, ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """The questions that it shows and the flag rules that read it."""
        return (*self.question.opens, *self.question.flags)


@dataclass(frozen=True)
class WeightFacts:
    """Everything the page says. `language` is the one its texts are in."""

    language: str
    maximum: float | None
    weight: float
    most: float
    sections: tuple[PartLine, ...]
    provisions: tuple[PartLine, ...]
    moving: tuple[WeightLine, ...]
    silent: tuple[WeightLine, ...]
    dead: tuple[WeightLine, ...]


def weight_facts(document: Document) -> WeightFacts:
    """Return what hangs on what in a document; what moves most stands first."""
    found = explain_weights(document)
    reader = get_language() or document.default_language
    language = reader if reader in document.languages else document.default_language
    moving = sorted((one for one in found.questions if one.move > 0), key=lambda one: -one.move)
    return WeightFacts(
        language=language,
        maximum=found.maximum,
        weight=found.weight,
        most=moving[0].move if moving else 0.0,
        sections=tuple(
            PartLine(part, document.pick(document.section(part.code).title, language)[0]) for part in found.sections
        ),
        provisions=tuple(
            PartLine(part, f"{part.code} {title_of(document.code_of_conduct, part.code, reader)}".strip())
            for part in found.provisions
        ),
        moving=weight_lines(document, moving, language),
        silent=weight_lines(document, found.silent, language),
        dead=weight_lines(document, found.dead, language),
    )


def weight_lines(document: Document, questions: Sequence[QuestionWeight], language: str) -> tuple[WeightLine, ...]:
    """Return questions in words."""
    return tuple(
        WeightLine(one, document.pick(document.question(one.code).text, language)[0], reasons_of(document, one))
        for one in questions
    )


def reasons_of(document: Document, question: QuestionWeight) -> tuple[str, ...]:
    """Return in sentences what an answer is for besides the score."""
    words = tuple(str(USE_WORDS[use]) for use in question.uses)
    if words or not document.question(question.code).why:
        return words
    return (_("Only a person reads it; why it is asked stands beside the question."),)
