"""Clocks of corrective actions: a table in, dates out. No Django, no clock of its own.

A row says, for a severity and perhaps a topic, within how many calendar days after its anchor a plan is due,
its approval is due, and the action is done. The tables stand in packs: those of an audit programme with the
programme, that of self-assessments in packs/clocks.yaml of this room.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml
from msgspec import Struct

from assessments.findings.enums import Anchor

_PACK = Path(__file__).parent / "packs" / "clocks.yaml"
_MOST_DAYS = 3660


class Clock(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of a table. Days are calendar days after the anchor; None means there is no such date."""

    severity: str
    anchor: Anchor
    topic: str | None = None
    plan: int | None = None
    approval: int | None = None
    done: int | None = None


class Dates(Struct, frozen=True):
    """The days on which a plan, its approval and the action are due; None where no clock runs."""

    plan: date | None = None
    approval: date | None = None
    done: date | None = None


class Clocks(Struct, frozen=True, forbid_unknown_fields=True):
    """What packs/clocks.yaml holds; `reminders` and `escalations` are days relative to a due date."""

    clocks: tuple[Clock, ...]
    reminders: tuple[int, ...]
    escalations: tuple[int, ...]


def find_clock(clocks: Sequence[Clock], severity: str, topic: str = "") -> Clock | None:
    """Return the row of a severity: that of the topic, else the one for every topic, else None."""
    rows = [clock for clock in clocks if clock.severity == severity]
    own = (clock for clock in rows if topic and clock.topic == topic)
    return next(own, None) or next((clock for clock in rows if clock.topic is None), None)


def set_dates(clock: Clock | None, *, discovered: date, reported: date | None) -> Dates:
    """Return the due dates of a clock; none run before their anchor is known."""
    anchor = discovered if clock is None or clock.anchor is Anchor.DISCOVERY else reported
    if clock is None or anchor is None:
        return Dates()
    return Dates(
        *(None if days is None else anchor + timedelta(days=days) for days in (clock.plan, clock.approval, clock.done))
    )


def clock_problems(clocks: Sequence[Clock]) -> list[str]:
    """Return what is wrong with a table: twins, days backwards or out of the calendar. For authors of packs."""
    found, seen = [], set()
    for clock in clocks:
        name = f"{clock.severity}/{clock.topic or '*'}"
        if (clock.severity, clock.topic) in seen:
            found.append(f"{name} stands more than once.")
        seen.add((clock.severity, clock.topic))
        days = [day for day in (clock.plan, clock.approval, clock.done) if day is not None]
        if days != sorted(days) or any(not 0 <= day <= _MOST_DAYS for day in days):
            found.append(f"{name}: days must not run backwards and lie between 0 and {_MOST_DAYS}.")
    return found


@lru_cache
def read_clocks() -> Clocks:
    """Read the table of findings that no audit programme rules: those from self-assessments and entered by hand."""
    return msgspec.convert(yaml.safe_load(_PACK.read_text(encoding="utf-8")), Clocks)
