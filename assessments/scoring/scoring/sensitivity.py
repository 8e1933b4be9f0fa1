"""Sensitivity: how much of the score hangs on each question, and what the others are for.

Moves are reckoned over the whole document: every question shows, none is "does not apply". Where questions stay
hidden or do not apply, what is left weighs more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from assessments.questionnaires.document import Document, Question, codes_in
from assessments.questionnaires.enums import Kind
from assessments.scoring.enums import Use
from assessments.scoring.scoring.earning import earn_range

METRICS = (Kind.NUMBER, Kind.PERCENTAGE, Kind.HEADCOUNT, Kind.DATE)
"""Kinds whose answers are figures that can be compared over sites and years."""

Reads = Mapping[str, tuple[str, ...]]


class QuestionWeight(Struct, frozen=True):
    """What hangs on one question.

    `share` is percent of the whole weight. `move` is what its answer can move at most in points of the total,
    `section_move` in points of its section's score. `opens` are the questions that it shows, `flags` the rules that
    read it, `uses` what reads it besides the score.
    """

    code: str
    section: str
    provision: str | None
    weight: float
    share: float
    lowest: float
    highest: float
    move: float
    section_move: float
    conditional: bool
    opens: tuple[str, ...]
    flags: tuple[str, ...]
    uses: tuple[Use, ...]

    @property
    def is_dead(self) -> bool:
        """Whether the answer moves nothing and nothing reads it."""
        return self.move == 0 and not self.uses


class PartWeight(Struct, frozen=True):
    """What hangs on a section or a provision; `maximum` is its best score, None where nothing is scored.

    `move` is what all of its answers together can move, in points of the total.
    """

    code: str
    questions: int
    scored: int
    weight: float
    share: float
    maximum: float | None
    move: float
    flags: int


class Sensitivity(Struct, frozen=True):
    """What hangs on what in a document; `maximum` is the best total that answers can reach."""

    code: str
    version: str
    weight: float
    maximum: float | None
    sections: tuple[PartWeight, ...]
    provisions: tuple[PartWeight, ...]
    questions: tuple[QuestionWeight, ...]

    @property
    def silent(self) -> tuple[QuestionWeight, ...]:
        """The questions whose answers move nothing, but that something reads."""
        return tuple(one for one in self.questions if one.move == 0 and one.uses)

    @property
    def dead(self) -> tuple[QuestionWeight, ...]:
        """The questions that move nothing and that nothing reads: dead weight."""
        return tuple(one for one in self.questions if one.is_dead)


def explain_weights(document: Document) -> Sensitivity:
    """Reckon what hangs on each question, section and provision of a document."""
    whole = sum(question.weight for question in document.questions)
    opens, flags, warnings = _opens(document), _flags(document), _warnings(document)
    questions = tuple(_weigh(document, question, whole, (opens, flags, warnings)) for question in document.questions)
    by_section = [
        (section.code, [one for one in questions if one.section == section.code]) for section in document.sections
    ]
    named = {one.provision for one in questions} | {flag.provision for flag in document.flags}
    ordered = sorted((code for code in named if code), key=lambda code: (code[:1], len(code), code))
    by_provision = [(code, [one for one in questions if one.provision == code]) for code in ordered]
    return Sensitivity(
        code=document.code,
        version=document.version,
        weight=whole,
        maximum=_maximum(questions),
        sections=tuple(_part(code, ones, whole, _flags_of_section(ones)) for code, ones in by_section),
        provisions=tuple(_part(code, ones, whole, _flags_on(document, code)) for code, ones in by_provision),
        questions=questions,
    )


def _weigh(document: Document, question: Question, whole: float, reads: tuple[Reads, Reads, Reads]) -> QuestionWeight:
    opens, flags, warnings = (found.get(question.code, ()) for found in reads)
    section = document.section_codes[question.code]
    in_section = sum(one.weight for one in document.section(section).questions)
    lowest, highest = earn_range(question)
    swing = question.weight * (highest - lowest)
    uses = {
        Use.CONDITION: bool(opens),
        Use.FLAG: bool(flags),
        Use.WARNING: bool(warnings),
        Use.METRIC: question.kind in METRICS,
    }
    return QuestionWeight(
        code=question.code,
        section=section,
        provision=question.provision,
        weight=question.weight,
        share=_percent(question.weight, whole),
        lowest=lowest,
        highest=highest,
        move=_percent(swing, whole),
        section_move=_percent(swing, in_section),
        conditional=question.show_if is not None,
        opens=opens,
        flags=flags,
        uses=tuple(use for use, holds in uses.items() if holds),
    )


def _part(code: str, questions: list[QuestionWeight], whole: float, flags: int) -> PartWeight:
    weight = sum(one.weight for one in questions)
    return PartWeight(
        code=code,
        questions=len(questions),
        scored=sum(one.weight > 0 for one in questions),
        weight=weight,
        share=_percent(weight, whole),
        maximum=_maximum(questions),
        move=sum(one.move for one in questions),
        flags=flags,
    )


def _maximum(questions: Iterable[QuestionWeight]) -> float | None:
    weighed = [(one.weight, one.weight * one.highest) for one in questions]
    weight = sum(weight for weight, _earned in weighed)
    return 100 * sum(earned for _weight, earned in weighed) / weight if weight else None


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _flags_of_section(questions: list[QuestionWeight]) -> int:
    return len({flag for one in questions for flag in one.flags})


def _flags_on(document: Document, provision: str) -> int:
    return sum(flag.provision == provision for flag in document.flags)


def _opens(document: Document) -> Reads:
    """Question -> the questions whose condition reads it."""
    return _by_question((code, show.codes) for code, show in document.show_rules if show is not None)


def _flags(document: Document) -> Reads:
    """Question -> the flag rules that read it or show its answer in their words."""
    return _by_question((rule.code, rule_reads.codes | codes_in(rule.text)) for rule, rule_reads in document.flag_rules)


def _warnings(document: Document) -> Reads:
    """Question -> the questions whose note reads it, its own among them."""
    return _by_question((code, note.codes) for code, note in document.warn_rules.items())


def _by_question(readers: Iterable[tuple[str, Iterable[str]]]) -> Reads:
    found: dict[str, list[str]] = defaultdict(list)
    for reader, codes in readers:
        for code in codes:
            found[code].append(reader)
    return {code: tuple(names) for code, names in found.items()}
