"""Plans as rows of a workbook and back: plans to rows, rows to plans or cell problems, and what differs. Pure.

Every row carries its own key (plan, finding, version, digest of what it said), so rows may be sorted, filtered
or deleted, and one that nobody touched is never a conflict.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any

SEPARATOR = "|"
KEY_PARTS = 4
LONGEST_TEXT = 4000
LONGEST_NAME = 150
LONGEST_EMAIL = 254
MOST_DIGITS = 9
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
LONG_TEXTS = ("containment", "root_cause", "corrective", "preventive", "no_action_reason")
DAYS = ("starts_on", "planned_on")


@dataclass(frozen=True)
class Words:
    """The words of the interface: the first of each is written, all are understood."""

    yes: tuple[str, ...] = ("Yes",)
    no: tuple[str, ...] = ("No",)


@dataclass(frozen=True)
class Plan:
    """What a plan says."""

    containment: str = ""
    root_cause: str = ""
    corrective: str = ""
    preventive: str = ""
    owner_name: str = ""
    owner_email: str = ""
    starts_on: date | None = None
    planned_on: date | None = None
    no_action: bool = False
    no_action_reason: str = ""


COLUMNS = tuple(one.name for one in fields(Plan))


@dataclass(frozen=True)
class Standing:
    """A plan as it stands online: its version (0: there is none) and whether it can be written now."""

    plan: Plan = Plan()
    version: int = 0
    is_open: bool = True


@dataclass(frozen=True)
class InRow:
    """One row as it was read: its number in the sheet, its key, its cells by column."""

    number: int
    key: str
    cells: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What a row of the workbook says, and what it said when it was downloaded."""

    row: int
    plan: Plan
    version: int
    digest: str

    @property
    def is_touched(self) -> bool:
        """Whether somebody changed it since the download."""
        return digest_of(self.plan) != self.digest


class Fault(StrEnum):
    """What can be wrong with a cell."""

    NO_KEY = "no_key"
    UNKNOWN = "unknown"
    TWICE = "twice"
    TOO_LONG = "too_long"
    NOT_A_DAY = "not_a_day"
    NOT_AN_EMAIL = "not_an_email"
    NOT_YES_OR_NO = "not_yes_or_no"
    LOCKED = "locked"


@dataclass(frozen=True)
class CellProblem:
    """One bad cell: its row, its column ("" for the row as a whole), and why."""

    row: int
    column: str
    fault: Fault
    value: Any = None


@dataclass(frozen=True)
class ReadBack:
    """What a workbook holds: plans by finding, and what is wrong."""

    sent: Mapping[int, Sent] = field(default_factory=dict)
    problems: tuple[CellProblem, ...] = ()


class Change(StrEnum):
    """What the workbook says about a plan, against what stands online."""

    UNCHANGED = "unchanged"
    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Difference:
    """One plan of the workbook against what stands."""

    finding_id: int
    change: Change
    mine: Plan
    online: Standing

    @property
    def columns(self) -> list[str]:
        """The columns in which the two say something else."""
        return [name for name in COLUMNS if shape(self.mine, name) != shape(self.online.plan, name)]


# 1. Out -------------------------------------------------------------------------------------------
def key_of(stamp: str, finding_id: int, standing: Standing) -> str:
    """Return the hidden key of a row."""
    return SEPARATOR.join((stamp, str(finding_id), str(standing.version), digest_of(standing.plan)))


def digest_of(plan: Plan) -> str:
    """Return a short mark of what a plan says, blanks aside."""
    said = "\x1f".join(str(shape(plan, name)) for name in COLUMNS)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def shape(plan: Plan, name: str) -> Any:
    """Return one value of a plan as it is compared: a spreadsheet may change blanks and line ends."""
    value = getattr(plan, name)
    return plain(value) if isinstance(value, str) else value


def plain(text: str) -> str:
    """Return a text composed, trimmed, with one kind of blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def stamp_of(key: str) -> str:
    """Return the part of a key that names the plan; "" for what is no key."""
    parts = key.split(SEPARATOR)
    return parts[0] if len(parts) == KEY_PARTS else ""


# 2. In --------------------------------------------------------------------------------------------
def read_rows(rows: Iterable[InRow], *, stamp: str, known: Iterable[int], words: Words) -> ReadBack:
    """Return the plans that the rows hold, or every bad cell; a finding without a row is left as it is."""
    findings, sent, problems = set(known), dict[int, Sent](), list[CellProblem]()
    for row in rows:
        found = read_key(row.key, stamp)
        if found is None:
            problems.append(CellProblem(row.number, "", Fault.NO_KEY))
            continue
        finding_id, version, digest = found
        if finding_id not in findings or finding_id in sent:
            fault = Fault.TWICE if finding_id in sent else Fault.UNKNOWN
            problems.append(CellProblem(row.number, "", fault))
            continue
        plan, bad = read_plan(row, words)
        problems += bad
        sent[finding_id] = Sent(row.number, plan, version, digest)
    return ReadBack(sent, tuple(problems))


def read_key(key: str, stamp: str) -> tuple[int, int, str] | None:
    """Return finding, version and digest of a key; None for a key that is not ours."""
    parts = key.split(SEPARATOR)
    if len(parts) != KEY_PARTS or parts[0] != stamp:
        return None
    _stamp, finding, version, digest = parts
    numbers = all(part.isascii() and part.isdigit() and len(part) <= MOST_DIGITS for part in (finding, version))
    return (int(finding), int(version), digest) if numbers else None


def read_plan(row: InRow, words: Words) -> tuple[Plan, list[CellProblem]]:
    """Return what a row says; a bad cell leaves its field empty and is named."""
    values: dict[str, Any] = {}
    problems = []
    for name in COLUMNS:
        value = row.cells.get(name)
        fault = None
        if name in DAYS:
            fault = Fault.NOT_A_DAY if value is not None and not isinstance(value, date) else None
        elif name == "no_action":
            value = yes_or_no(value, words)
            fault = Fault.NOT_YES_OR_NO if value is None else None
        else:
            value = unicodedata.normalize("NFC", str(value or "")).strip()
            fault = text_fault(name, value)
        if fault:
            problems.append(CellProblem(row.number, name, fault, row.cells.get(name)))
        else:
            values[name] = value
    return Plan(**values), problems


def text_fault(name: str, text: str) -> Fault | None:
    """Return what is wrong with a text: its length, or that it is no address."""
    longest = {"owner_name": LONGEST_NAME, "owner_email": LONGEST_EMAIL}.get(name, LONGEST_TEXT)
    if len(text) > longest:
        return Fault.TOO_LONG
    return Fault.NOT_AN_EMAIL if name == "owner_email" and text and not EMAIL.fullmatch(text) else None


def yes_or_no(cell: Any, words: Words) -> bool | None:
    """Return what a cell says, an empty one no; None for anything else."""
    if cell is None or isinstance(cell, bool):
        return bool(cell)
    said = plain(str(cell)).casefold()
    if said in {"yes", "x", "1", "true", "✓", "○", *(plain(word).casefold() for word in words.yes)}:
        return True
    return False if said in {"", "no", "0", "false", "×", *(plain(word).casefold() for word in words.no)} else None


# 3. What an upload would change -------------------------------------------------------------------
def compare(sent: Mapping[int, Sent], online: Mapping[int, Standing]) -> tuple[list[Difference], list[CellProblem]]:
    """Hold the workbook against what stands: the differences, and the rows that cannot be written any more.

    A row nobody touched is unchanged even when the plan changed online meanwhile; one that says the same as
    what stands is unchanged, too. One touched in both places is a conflict.
    """
    differences, locked = [], []
    for finding_id, one in sent.items():
        standing = online[finding_id]
        same = digest_of(one.plan) == digest_of(standing.plan)
        if same or not one.is_touched:
            change = Change.UNCHANGED
        elif not standing.is_open:
            locked.append(CellProblem(one.row, "", Fault.LOCKED))
            continue
        elif one.version != standing.version:
            change = Change.CONFLICT
        else:
            change = Change.CHANGED if standing.version else Change.NEW
        differences.append(Difference(finding_id, change, one.plan, standing))
    return differences, locked
