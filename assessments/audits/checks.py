"""The draft gate: what keeps the conclusions of an audit from becoming a draft report. No Django.

Which checkpoints and how many data points is the programme's; the rules are: a conclusion on every checkpoint, enough
data points on every reviewed one, a description of every nonconformity, a reason why something does not apply.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, Conclusion

REVIEWED = frozenset({Conclusion.CONFORM, *NONCONFORM})


class ProblemCode(StrEnum):
    """What is missing on a checkpoint."""

    UNANSWERED = "unanswered"
    FEW_DATA_POINTS = "few_data_points"
    NO_DESCRIPTION = "no_description"
    NO_REASON = "no_reason"


class Written(Struct, frozen=True):
    """What the gate reads of one conclusion."""

    conclusion: str = ""
    data_points: tuple[str, ...] = ()
    description: str = ""


class Problem(Struct, frozen=True):
    """One thing missing on one checkpoint; `found` of `needed` data points where these are too few."""

    checkpoint: str
    code: ProblemCode
    found: int = 0
    needed: int = 0


def find_problems(programme: Programme, contents: Mapping[str, Written]) -> list[Problem]:
    """Return what is missing, in the order of the programme; nothing when the draft may be finished."""
    problems: list[Problem] = []
    for point in programme.points:
        problems += check_point(point.code, contents.get(point.code, Written()), programme.data_points)
    return problems


def check_point(checkpoint: str, written: Written, needed: int) -> list[Problem]:
    """Return what is missing on one checkpoint."""
    if not written.conclusion:
        return [Problem(checkpoint, ProblemCode.UNANSWERED)]
    problems = []
    found = count_points(written.data_points)
    if written.conclusion in REVIEWED and found < needed:
        problems.append(Problem(checkpoint, ProblemCode.FEW_DATA_POINTS, found, needed))
    if not written.description.strip():
        if written.conclusion in NONCONFORM:
            problems.append(Problem(checkpoint, ProblemCode.NO_DESCRIPTION))
        if written.conclusion == Conclusion.NOT_APPLICABLE:
            problems.append(Problem(checkpoint, ProblemCode.NO_REASON))
    return problems


def count_points(data_points: tuple[str, ...]) -> int:
    """Count data points that say something, each once: the same sentence three times is one."""
    return len({point.strip().casefold() for point in data_points if point.strip()})
