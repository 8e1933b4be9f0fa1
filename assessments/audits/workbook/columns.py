"""The columns of the table: their headers in every language, and whether a line of headers is ours."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

COLUMNS: Final = (
    "checkpoint",
    "title",
    "conclusion",
    "data_points",
    "description",
    "law",
    "evidence",
    "root_cause",
    "topic",
)
KEY: Final = "sanpo"  # header of the hidden column
# What a checkpoint is called helps whoever fills the table in; it is not read back.
READ_COLUMNS: Final = tuple(column for column in COLUMNS if column != "title")
REQUIRED: Final = ("checkpoint", "conclusion")
IGNORED: Final = "#"  # a header or a checkpoint that starts with it is passed over


class Line(NamedTuple):
    """One line of a sheet as text: its number there (from 1) and its cells."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Words:
    """What headers and cells may say, folded by `fold`, and the column, conclusion or topic it stands for."""

    headers: Mapping[str, str]
    conclusions: Mapping[str, str]
    topics: Mapping[str, str]


@dataclass(frozen=True)
class Layout:
    """How a sheet is read: the place of each column and the sheet's own words for conclusions, folded.

    In a `foreign` sheet checkpoints may be finer than ours and stand on several lines.
    """

    columns: Mapping[str, int]
    words: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False


def fold(text: str) -> str:
    """Return a word so that spelling, width and case do not matter: "Root cause" and "ＲＯＯＴ＿ＣＡＵＳＥ" are one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_.,:'’()*-]+", "", plain)


def name_headers(cells: Iterable[str]) -> list[str]:
    """Return the headers so that each names one column: the second "Remarks" is "Remarks (2)"."""
    counts: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.split())
        counts[fold(name)] = counts.get(fold(name), 0) + 1
        number = counts[fold(name)]
        names.append(f"{name} ({number})" if name and number > 1 else name)
    return names


def own_columns(headers: Sequence[str], words: Words) -> dict[str, int] | None:
    """Return the place of each column when the line is the header of our own table; None when it is not."""
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        if not header.strip() or header.lstrip().startswith(IGNORED):
            continue
        column = words.headers.get(fold(header))
        if column is None or column in found:
            return None
        found[column] = index
    return found if all(column in found for column in REQUIRED) else None


def fingerprint(headers: Iterable[str]) -> str:
    """Return what names a layout: the same headers in another order are the same layout."""
    names = sorted(fold(name) for name in headers if name.strip())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def make_key(audit: int, checkpoint: str, version: int) -> str:
    """Return what the hidden column holds: which audit, which checkpoint, and what stood when it was downloaded."""
    return f"{audit}|{checkpoint}|{version}"


def read_key(text: str) -> tuple[int, str, int] | None:
    """Return (audit, checkpoint, version) of the hidden column; None for anything else."""
    audit, _bar, rest = text.partition("|")
    checkpoint, _bar, version = rest.rpartition("|")
    if not (is_number(audit) and is_number(version) and checkpoint):
        return None
    return int(audit), checkpoint, int(version)


def is_number(text: str) -> bool:
    """Whether a text is a short row of plain digits."""
    return re.fullmatch(r"[0-9]{1,18}", text) is not None
