"""Closed lists of codes of conduct."""

from enum import StrEnum


class MoveKind(StrEnum):
    """What became of a provision in the next version."""

    SAME = "same"
    RENAME = "rename"
    MERGE = "merge"
    RENUMBER = "renumber"
    WIDEN = "widen"


class Dimension(StrEnum):
    """What a section is about, as GRI 414 and 308 count it."""

    SOCIAL = "social"
    ENVIRONMENTAL = "environmental"
