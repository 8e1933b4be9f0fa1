"""Comparing two documents."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from assessments.questionnaires.comparison.carrying import Carry, carry_of
from assessments.questionnaires.comparison.fields import (
    changes_of_flag,
    changes_of_head,
    changes_of_question,
    changes_of_section,
    scoring_of,
)
from assessments.questionnaires.comparison.structs import (
    Change,
    Comparison,
    Part,
    Parts,
    ScoreChange,
    SectionWeight,
)
from assessments.questionnaires.document import Document, Question

Thing = TypeVar("Thing")


def compare_documents(old: Document, new: Document) -> Comparison:
    """Say what was added, removed, changed and moved, which answers still fit, and what of the score differs."""
    before, after = _questions(old), _questions(new)
    return Comparison(
        head=tuple(changes_of_head(old, new)),
        sections=_compare(
            {section.code: section for section in old.sections},
            {section.code: section for section in new.sections},
            changes_of_section,
        ),
        questions=_compare(before, after, changes_of_question, _homes(old), _homes(new)),
        flags=_compare({f.code: f for f in old.flags}, {f.code: f for f in new.flags}, changes_of_flag),
        carries=_carries(before, after),
        score=_compare_scores(old, new),
    )


def _questions(document: Document) -> dict[str, Question]:
    return {question.code: question for question in document.questions}


def _homes(document: Document) -> Mapping[str, str]:
    return document.section_codes


def _compare(
    old: Mapping[str, Thing],
    new: Mapping[str, Thing],
    changes: Callable[[Thing, Thing], Iterator[Change]],
    old_homes: Mapping[str, str] | None = None,
    new_homes: Mapping[str, str] | None = None,
) -> Parts:
    """Compare things by code; `homes` are the sections they stand in."""
    stayed = [code for code in new if code in old]
    left = {code for code in stayed if (old_homes or {}).get(code) != (new_homes or {}).get(code)}
    found = {code: tuple(changes(old[code], new[code])) for code in stayed}
    return Parts(
        added=tuple(code for code in new if code not in old),
        removed=tuple(code for code in old if code not in new),
        changed=tuple(Part(code, differences) for code, differences in found.items() if differences),
        moved=_moved([code for code in old if code in new], stayed, left),
    )


def _moved(old: Sequence[str], new: Sequence[str], left: set[str]) -> tuple[str, ...]:
    """The fewest codes that must have been moved; those that left their section are."""
    places = {code: place for place, code in enumerate(old)}
    kept = _longest_rising([places[code] for code in new if code not in left])
    return tuple(code for code in new if places[code] not in kept)


def _longest_rising(numbers: Iterable[int]) -> set[int]:
    """The members of one longest rising run within different numbers (patience sorting)."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tops, number)
        before[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    run: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        run.add(last)
        last = before[last]
    return run


def _carries(old: Mapping[str, Question], new: Mapping[str, Question]) -> dict[str, Carry]:
    """Which answers fit, question by question: those of the new version in its order, then those removed."""
    return {code: carry_of(new.get(code), old.get(code)) for code in dict.fromkeys((*new, *old))}


def _compare_scores(old: Document, new: Document) -> ScoreChange:
    before, after = _questions(old), _questions(new)
    codes = dict.fromkeys((*after, *before))
    return ScoreChange(
        codes=tuple(code for code in codes if _scoring(before.get(code)) != _scoring(after.get(code))),
        bands=old.bands != new.bands,
        sections=_section_weights(old, new),
    )


def _scoring(question: Question | None) -> object:
    return None if question is None else scoring_of(question)


def _section_weights(old: Document, new: Document) -> tuple[SectionWeight, ...]:
    before, after = _weights(old), _weights(new)
    return tuple(
        SectionWeight(code, before.get(code, 0), after.get(code, 0)) for code in dict.fromkeys((*after, *before))
    )


def _weights(document: Document) -> dict[str, float]:
    return {section.code: sum(question.weight for question in section.questions) for section in document.sections}
