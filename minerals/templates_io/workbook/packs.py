"""The facts of the layouts and labels, read once from the room's packs."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec

from minerals.origins.core import read_pack

LONG: Final = 6  # letters of a label that may be followed by others: "metal" must not be found in "METAL+Alias"
PACKS: Final = Path(__file__).resolve().parent.parent / "packs"
MARK: Final = re.compile(r"\([*\d]\)")
NUMBER: Final = re.compile(r"(\d+)(?:\.(\d+))?([a-z]?)")


class ListLayout(msgspec.Struct, frozen=True):
    """Where a list keeps its rows: the names of its sheet, the row of the heads, {field: column}."""

    sheets: tuple[str, ...]
    head: int
    columns: dict[str, str]
    name_is_standard: bool = False  # the names of smelters stand under the head of standard names
    last: int | None = None


MOST_MINERALS: Final = 10  # that a user can pick


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where the versions from `since` to `until` of a template keep what."""

    template: str
    since: str
    until: str
    company: dict[str, int]
    questions: dict[str, int]
    letters: dict[str, int] = {}
    minerals: tuple[str, ...] = ()  # empty where the user picks them
    only: dict[str, tuple[str, ...]] = {}  # questions asked of some minerals only
    per_mineral: str = ""  # the company question asked per mineral
    labels: str = ""
    sure: bool = True  # whether a file of these versions was ever seen; else the layout is known from guides
    newer: bool = False  # whether the versions are newer than all that were seen
    smelters: ListLayout
    products: ListLayout
    mines: ListLayout | None = None
    lookups: tuple[ListLayout, ...] = ()
    count: tuple[str, ...] = ("D2",)

    @property
    def mineral_rows(self) -> int:
        """How many rows below a question may hold an answer."""
        return len(self.minerals) or MOST_MINERALS


@lru_cache
def all_layouts() -> tuple[Layout, ...]:
    """Read every layout, oldest first within a template."""
    return msgspec.convert(_read("layouts")["layouts"], tuple[Layout, ...])


def layout_for(template: str, version: str) -> tuple[Layout, bool]:
    """Return the layout of a version, and whether it is a guess: the nearest older one, for a version not known."""
    known = [layout for layout in all_layouts() if layout.template == template]
    if not version:
        return known[-1], True
    wanted = version_key(version)
    fitting = [layout for layout in known if version_key(layout.since) <= wanted]
    layout = fitting[-1] if fitting else known[0]
    return layout, layout.newer or not fitting or wanted[:2] > version_key(layout.until)[:2]


def version_key(version: str) -> tuple[int, int, str]:
    """Return what versions sort by: 6.1 is 6.10, and 2.03a follows 2.03."""
    found = NUMBER.match(version)
    if not found:
        return (0, 0, "")
    return int(found[1]), int((found[2] or "0").ljust(2, "0")[:4]), found[3]


def fold(text: str) -> str:
    """Reduce a label to letters and digits in lower case, without (*) and (1)."""
    plain = MARK.sub("", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in plain if letter.isalnum())


class Labels:
    """Folded labels of one kind and the field each stands for."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self.exact = {label: field for field, labels in reversed(fields.items()) for label in labels}
        self.longest_first = sorted((label for label in self.exact if len(label) >= LONG), key=len, reverse=True)

    def match(self, text: str) -> str:
        """Return the field whose label this text is; empty for none."""
        return self.exact.get(fold(text), "")

    def match_start(self, text: str) -> str:
        """Return the field whose label this text is or begins with, the longest label first; short ones only whole."""
        folded = fold(text)
        if folded in self.exact:
            return self.exact[folded]
        return next((self.exact[label] for label in self.longest_first if folded.startswith(label)), "")


@lru_cache
def labels_of(kind: str) -> Labels:
    """Return the labels of one kind: company, minerals, heads_smelters and so on."""
    return Labels(_read("labels")[kind])


@lru_cache
def months() -> dict[str, int]:
    """Return {first letters of a month's name: its number}."""
    return {start: number for number, starts in enumerate(_read("labels")["months"], start=1) for start in starts}


@lru_cache
def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_pack(PACKS / f"{name}.yaml")
    return content
