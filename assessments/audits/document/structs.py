"""An audit programme as a typed, frozen document: kinds, grades, checkpoints, score, recognition, clocks. No Django.

A programme is read from a pack (packs/*.yaml) or from the JSON a buyer's own version is stored as; both have this
shape. Days are calendar days. Texts are {language: words} with "en" always there.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from assessments.codes.document import read_code
from assessments.findings.clocks import Clock

Text = dict[str, str]


class Severity(StrEnum):
    """The severities grades map on, worst first."""

    PRIORITY = "priority"
    MAJOR = "major"
    MINOR = "minor"


class Manager(StrEnum):
    """Who accepts plans and verifies: the site, the buyer, the audit firm."""

    SITE = "site"
    BUYER = "buyer"
    FIRM = "firm"


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of audit: `validity_months` from the last day on site; `follows`: it checks an earlier audit."""

    code: str
    title: Text
    validity_months: int | None = None
    follows: bool = False

    def valid_until(self, ends_on: date) -> date | None:
        """Return the last day an audit of this kind is valid; None for a kind that only checks an earlier audit."""
        return None if self.validity_months is None else add_months(ends_on, self.validity_months)


class Grade(Struct, frozen=True, forbid_unknown_fields=True):
    """What a severity is called in this programme, and what one finding of it takes off the score."""

    severity: Severity
    title: Text
    deduction: float = 0.0


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing the auditors conclude on; `provision` is of the programme's code of conduct."""

    code: str
    title: Text
    provision: str


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """A topic with clocks of its own; the default of a finding on one of its provisions."""

    code: str
    title: Text
    provisions: tuple[str, ...] = ()


class ScoreRule(Struct, frozen=True, forbid_unknown_fields=True):
    """`top` x conform / applicable less the deductions of the grades. `note` says where the formula comes from."""

    top: float
    note: Text
    preset: str = ""
    floor: float | None = None
    not_reviewed_conforms: bool = False


class Recognition(Struct, frozen=True, forbid_unknown_fields=True):
    """A level reached from a score on, once every finding of the severities is settled. Highest first."""

    code: str
    title: Text
    score: float
    settled: tuple[Severity, ...] = ()


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """A colour of the score: `above` exclusive lower limit, None for the last."""

    code: str
    above: float | None = None


class Programme(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """What an audit is held against. Frozen with its first audit; a change is a new version."""

    code: str
    version: str
    title: Text
    note: Text
    code_of_conduct: str
    kinds: tuple[Kind, ...]
    grades: tuple[Grade, ...]
    clocks: tuple[Clock, ...]
    manager: Manager
    managers: dict[str, Manager] = field(default_factory=dict)
    checkpoints: tuple[Checkpoint, ...] = ()
    topics: tuple[Topic, ...] = ()
    data_points: int = 0
    score: ScoreRule | None = None
    recognition: tuple[Recognition, ...] = ()
    bands: tuple[Band, ...] = ()
    outer_limit_months: int | None = None

    @cached_property
    def points(self) -> tuple[Checkpoint, ...]:
        """The checkpoints; without any of its own a programme has one for each provision of its code."""
        if self.checkpoints:
            return self.checkpoints
        code = read_code(self.code_of_conduct)
        return tuple(Checkpoint(p.code, p.title, p.code) for p in code.provisions)

    @cached_property
    def by_code(self) -> Mapping[str, Checkpoint]:
        """The checkpoints by their code."""
        return {point.code: point for point in self.points}

    def kind(self, code: str) -> Kind:
        """Give a kind; raise KeyError if there is none."""
        return {kind.code: kind for kind in self.kinds}[code]

    def grade(self, severity: str) -> Grade:
        """Give the grade of a severity; raise KeyError if there is none."""
        return {str(grade.severity): grade for grade in self.grades}[severity]

    def topic_of(self, provision: str) -> str:
        """Give the topic a finding on a provision has unless the auditor chose another; "" for none."""
        return next((topic.code for topic in self.topics if provision in topic.provisions), "")

    def manager_of(self, severity: str) -> Manager:
        """Say who manages actions of a severity."""
        return self.managers.get(severity, self.manager)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
