"""What is written on one checkpoint, and what is wrong with it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from assessments.audits.enums import NONCONFORM, Conclusion

TEXTS: Final = ("description", "law", "evidence", "root_cause")
LONGEST_TEXT: Final = 10_000
LONGEST_POINT: Final = 2_000
MOST_POINTS: Final = 50
# Of several lines on one checkpoint the first of these that occurs is what is concluded.
WORST_FIRST: Final = (
    Conclusion.PRIORITY,
    Conclusion.MAJOR,
    Conclusion.MINOR,
    Conclusion.CONFORM,
    Conclusion.NOT_REVIEWED,
    Conclusion.NOT_APPLICABLE,
)
BULLET: Final = re.compile(r"^\s*[-–•・●▪*]\s+|^\s*[•・●▪]")


@dataclass(frozen=True)
class Content:
    """What the auditors write on one checkpoint; "" is not concluded yet."""

    conclusion: str = ""
    data_points: tuple[str, ...] = ()
    description: str = ""
    law: str = ""
    evidence: str = ""
    root_cause: str = ""
    topic: str = ""


class Fault(NamedTuple):
    """One thing wrong with a content: the column, a stable code, and what its sentence needs."""

    column: str
    code: str
    params: Mapping[str, Any]


def faults_of(content: Content) -> Iterator[Fault]:
    """Yield what is wrong with a content as a whole; conclusion and topic were read from closed lists."""
    if content.conclusion in NONCONFORM and not content.description:
        yield Fault("description", "description_missing", {})
    for column in TEXTS:
        if len(getattr(content, column)) > LONGEST_TEXT:
            yield Fault(column, "too_long", {"limit": LONGEST_TEXT})
    if len(content.data_points) > MOST_POINTS:
        yield Fault("data_points", "too_many_points", {"limit": MOST_POINTS})
    if any(len(point) > LONGEST_POINT for point in content.data_points):
        yield Fault("data_points", "point_too_long", {"limit": LONGEST_POINT})


def split_points(text: str) -> tuple[str, ...]:
    """Return the data points of a cell, one a line, without bullets and blank lines."""
    lines = (" ".join(BULLET.sub("", line).split()) for line in text.splitlines())
    return tuple(line for line in lines if line)


def join_contents(first: Content, second: Content) -> Content:
    """Return two lines on one checkpoint as one: the worst conclusion, every text and data point once."""
    texts = {column: join_texts(getattr(first, column), getattr(second, column)) for column in TEXTS}
    leading = min(first, second, key=lambda content: rank_of(content.conclusion))
    points = tuple(dict.fromkeys((*first.data_points, *second.data_points)))
    topic = leading.topic or first.topic or second.topic
    return replace(first, conclusion=leading.conclusion, data_points=points, topic=topic, **texts)


def join_texts(first: str, second: str) -> str:
    """Return both texts, one below the other; one that says no more than the other is left out."""
    if not second or second in first.split("\n\n"):
        return first
    return f"{first}\n\n{second}" if first else second


def rank_of(conclusion: str) -> int:
    """Return how bad a conclusion is, 0 the worst; nothing concluded comes last."""
    ranks: dict[str, int] = {value: rank for rank, value in enumerate(WORST_FIRST)}
    return ranks.get(conclusion, len(WORST_FIRST))


def take_columns(before: Content, after: Content, given: Collection[str]) -> Content:
    """Return `after`, with what a table has no column for as it was before."""
    kept = {name: getattr(before, name) for name in columns_of(before) if name not in given}
    return replace(after, **kept)


def columns_of(content: Content) -> Iterable[str]:
    """Return the names of a content's columns."""
    return content.__dataclass_fields__
