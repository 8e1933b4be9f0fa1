"""The typed questionnaire document: frozen, stored as JSON, compiled once."""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from assessments.questionnaires.conditions import Condition, compile_condition
from assessments.questionnaires.enums import AskedOf, Aspect, Kind, Period, Severity, Unit

Text = dict[str, str]
RawCondition = dict[str, object]
RawAnswers = dict[str, object]


class _Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Frozen; what is left at its default is not stored."""


class Choice(_Part, frozen=True):
    code: str
    text: Text
    points: float | None = None
    exclusive: bool = False


class Axis(_Part, frozen=True):
    """A row or a column of a head-count table."""

    code: str
    text: Text


class Step(_Part, frozen=True):
    """Points for values up to and including `up_to`; the last step has no limit."""

    points: float
    up_to: float | None = None


class ScoreRule(_Part, frozen=True):
    """Steps for numbers, yes/no for yes_no, valid/expired for dates."""

    steps: tuple[Step, ...] = ()
    yes: float | None = None
    no: float | None = None
    valid: float | None = None
    expired: float | None = None


class WarnRule(_Part, frozen=True):
    """A note beside the answer; it never blocks."""

    when: RawCondition
    text: Text


class EvidenceSlot(_Part, frozen=True):
    text: Text = {}
    required: bool = False


class Band(_Part, frozen=True):
    """A band of the score, high risk first; `below` is its exclusive upper limit."""

    code: str
    below: float | None = None


class Question(_Part, frozen=True):
    code: str
    kind: Kind
    text: Text
    guidance: Text = {}
    why: Text = {}
    required: bool = True
    provision: str | None = None
    asks: tuple[Aspect, ...] = ()
    weight: float = 0
    unit: Unit | None = None
    period: Period | None = None
    decimals: int = 0
    min: float | None = None
    max: float | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Axis, ...] = ()
    columns: tuple[Axis, ...] = ()
    score: ScoreRule | None = None
    show_if: RawCondition | None = None
    warn_if: WarnRule | None = None
    evidence: EvidenceSlot | None = None

    @property
    def choice_codes(self) -> tuple[str, ...]:
        """The codes an answer may hold; yes_no has them implied."""
        if self.kind is Kind.YES_NO:
            return ("yes", "no")
        return tuple(choice.code for choice in self.choices)

    @property
    def cells(self) -> tuple[str, ...]:
        """The 'row.column' codes of a head-count table, row by row."""
        return tuple(f"{row.code}.{column.code}" for row in self.rows for column in self.columns)

    @property
    def takes_files(self) -> bool:
        return self.evidence is not None or self.kind is Kind.DOCUMENT


class Section(_Part, frozen=True):
    code: str
    title: Text
    intro: Text = {}
    questions: tuple[Question, ...] = ()


class FlagRule(_Part, frozen=True):
    """A rule over answers, with answers that prove it: it holds for those of `fires`, and just not for `quiet`."""

    code: str
    provision: str
    severity: Severity
    when: RawCondition
    text: Text
    advice: Text = {}
    fires: tuple[RawAnswers, ...] = ()
    quiet: tuple[RawAnswers, ...] = ()


class Document(_Part, frozen=True, dict=True):
    """One version of a questionnaire. Everything below the fields is compiled on first use."""

    code: str
    version: str
    title: Text
    code_of_conduct: str
    languages: tuple[str, ...]
    default_language: str
    bands: tuple[Band, ...]
    sections: tuple[Section, ...]
    flags: tuple[FlagRule, ...] = ()
    asked_of: AskedOf = AskedOf.SITE

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Question code -> place in the document, from 0."""
        return {question.code: place for place, question in enumerate(self.questions)}

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def section_codes(self) -> Mapping[str, str]:
        """Question code -> code of its section."""
        return {question.code: section.code for section in self.sections for question in section.questions}

    @cached_property
    def show_rules(self) -> tuple[tuple[str, Condition | None], ...]:
        return tuple((q.code, None if q.show_if is None else compile_condition(q.show_if)) for q in self.questions)

    @cached_property
    def warn_rules(self) -> Mapping[str, Condition]:
        """Question code -> compiled condition of its note."""
        return {q.code: compile_condition(q.warn_if.when) for q in self.questions if q.warn_if is not None}

    @cached_property
    def flag_rules(self) -> tuple[tuple[FlagRule, Condition], ...]:
        return tuple((flag, compile_condition(flag.when)) for flag in self.flags)

    @cached_property
    def file_codes(self) -> frozenset[str]:
        """Questions whose evidence files are the answer."""
        return frozenset(q.code for q in self.questions if q.kind is Kind.DOCUMENT)

    def question(self, code: str) -> Question:
        """Give the question; raise KeyError for a code the document does not have."""
        return self.questions[self.positions[code]]

    def section(self, code: str) -> Section:
        """Give the section; raise KeyError for a code the document does not have."""
        return self._sections[code]

    def flag(self, code: str) -> FlagRule:
        """Give the flag rule; raise KeyError for a code the document does not have."""
        for flag in self.flags:
            if flag.code == code:
                return flag
        raise KeyError(code)

    def pick(self, text: Text, language: str) -> tuple[str, bool]:
        """Give the text in the language, and whether another language had to stand in."""
        return pick(text, language, self.default_language)


def pick(text: Text, language: str, default: str) -> tuple[str, bool]:
    """Give the text in the language, and whether another language had to stand in.

    "ja-JP" is served by "ja"; an empty text is no fallback.
    """
    wanted = language.lower().replace("_", "-")
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        found = text.get("-".join(parts[:length]))
        if found:
            return found, False
    if not text:
        return "", False
    return text.get(default) or next(iter(text.values())), True
