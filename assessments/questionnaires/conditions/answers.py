"""Reading answers: every accepted form becomes plain values by question code."""

from collections.abc import Mapping, Sequence

from msgspec import Struct


class AnswerValue(Struct, frozen=True):
    """One answer: its value, or the reason why it does not apply, and its evidence files."""

    value: object = None
    na: str | bool | None = None
    evidence: Sequence[object] = ()

    @property
    def is_na(self) -> bool:
        """Not applicable with a reason; a claim without one does not count."""
        return isinstance(self.na, str) and bool(self.na.strip())


def read_answer(answer: object) -> AnswerValue:
    """Accept an AnswerValue, a snapshot entry {value, na, evidence} or a plain value.

    A head-count value is a mapping too, but its keys always hold a dot.
    """
    if isinstance(answer, AnswerValue):
        return answer
    if isinstance(answer, Mapping) and not answer.keys().isdisjoint(_ENTRY_KEYS):
        return AnswerValue(answer.get("value"), answer.get("na"), answer.get("evidence") or ())
    return AnswerValue(answer)


_ENTRY_KEYS = frozenset({"value", "na", "evidence"})


def plain_value(answer: object) -> object:
    """Give what conditions may read of an answer: None for unanswered and N/A."""
    read = read_answer(answer)
    if read.is_na or read.na is True or read.value in ("", [], {}, ()):
        return None
    return read.value
