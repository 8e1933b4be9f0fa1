"""What a table would change, held against what stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.audits.workbook.content import Content, take_columns
from assessments.audits.workbook.reading import Entry

EMPTY = Content()


class Change(StrEnum):
    """What a table says on a checkpoint, against what stands there."""

    CONFLICT = "conflict"
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Standing:
    """What stands on a checkpoint, and how often it was saved."""

    content: Content = EMPTY
    version: int = 0


@dataclass(frozen=True)
class Difference:
    """One checkpoint of the table against what stands."""

    checkpoint: str
    change: Change
    standing: Standing
    after: Content
    entry: Entry


def compare(
    entries: Mapping[str, Entry],
    standing: Mapping[str, Standing],
    *,
    given: Collection[str],
    base: Mapping[str, Standing],
) -> list[Difference]:
    """Hold every entry against what stands; a column the table does not have stays as it is.

    `base` is what stood when the table was made: downloaded, or uploaded when it is no table of ours. What was
    written meanwhile is kept where the table was left alone, and is a conflict where the table says something new.
    """
    found = []
    for code, entry in entries.items():
        now = standing.get(code, Standing())
        before = base.get(code, now)
        after = take_columns(now.content, entry.content, given)
        untouched = entry.version is not None and take_columns(before.content, entry.content, given) == before.content
        found.append(Difference(code, change_of(now, before, after, untouched=untouched), now, after, entry))
    return found


def change_of(now: Standing, before: Standing, after: Content, *, untouched: bool) -> Change:
    """Return which kind of change it is."""
    if after == now.content:
        return Change.UNCHANGED
    if now.version != before.version:
        return Change.UNCHANGED if untouched else Change.CONFLICT
    return Change.NEW if now.content == EMPTY else Change.CHANGED
