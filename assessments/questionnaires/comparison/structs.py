"""What a comparison says, as plain data."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from assessments.questionnaires.comparison.carrying import Carry
from assessments.questionnaires.enums import Extent


class Change(Struct, frozen=True):
    """One field before and after; None where it did not stand.

    `part` is the code of a choice, a row or a column; `language` that of a text.
    """

    field: str
    old: object = None
    new: object = None
    part: str = ""
    language: str = ""


class Part(Struct, frozen=True):
    """A section, question or flag that stands in both versions and is not the same."""

    code: str
    changes: tuple[Change, ...]


class Parts(Struct, frozen=True):
    """The sections, the questions or the flags of two versions, by code.

    `moved` are the fewest that must be taken out for the others to stand in the order they stood in.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Part, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether anything is not as it was."""
        return bool(self.added or self.removed or self.changed or self.moved)

    @property
    def count(self) -> int:
        """How many say something else, or stand in one version only."""
        return len(self.added) + len(self.removed) + len(self.changed)


class SectionWeight(Struct, frozen=True):
    """The weight of a section in both versions; 0 where it does not stand."""

    code: str
    old: float
    new: float


class ScoreChange(Struct, frozen=True):
    """What of the score is no longer what it was: the questions whose points or weights differ, and the sums."""

    codes: tuple[str, ...]
    bands: bool
    sections: tuple[SectionWeight, ...]

    @property
    def old(self) -> float:
        """The whole weight before."""
        return sum(section.old for section in self.sections)

    @property
    def new(self) -> float:
        """The whole weight now."""
        return sum(section.new for section in self.sections)

    @property
    def differs(self) -> bool:
        """Whether the same answers could score differently."""
        return bool(self.codes or self.bands)


class Comparison(Struct, frozen=True):
    """Everything that differs between two versions."""

    head: tuple[Change, ...]
    sections: Parts
    questions: Parts
    flags: Parts
    carries: Mapping[str, Carry]
    score: ScoreChange

    @property
    def differ(self) -> bool:
        """Whether the two versions say anything different, their numbers aside."""
        told = [change for change in self.head if change.field not in ("code", "version")]
        return bool(told) or self.sections.differ or self.questions.differ or self.flags.differ

    def carrying(self, extent: Extent) -> tuple[str, ...]:
        """The questions of the new version whose earlier answers fit to this extent, in its order."""
        return tuple(self._carrying(extent))

    def _carrying(self, extent: Extent) -> Iterator[str]:
        removed = set(self.questions.removed)
        return (code for code, carry in self.carries.items() if carry.extent is extent and code not in removed)
