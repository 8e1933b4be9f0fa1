"""Scores by provision, or by the items of another scheme."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language

from assessments.codes.document import read_scheme
from assessments.findings.queries import natural, title_of
from assessments.findings.queries.schemes import UNGROUPED, group_choices, grouped_title, is_mapped, items_of, reason_of
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.scoring.reports.results import ResultFacts

Tallies = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ScoreLine:
    """The score of a provision or an item, 0 to 100, last time's, and why a provision stands alone."""

    code: str
    title: str
    score: float | None
    before: float | None
    weight: float
    reason: str = ""


@dataclass(frozen=True)
class ProvisionScores:
    """The lines of one grouping; `left` are provisions without a counterpart, `unmapped` a code nobody mapped."""

    group: str
    choices: list[tuple[str, str]]
    name: str
    lines: tuple[ScoreLine, ...]
    left: tuple[ScoreLine, ...]
    unmapped: str


def provision_scores(facts: ResultFacts, group: str) -> ProvisionScores:
    """Return the scores of a result by provision; a group nobody knows is none."""
    before = facts.previous.detail["provisions"] if facts.previous else {}
    return group_scores(document_of(facts.response.version), facts.score.detail["provisions"], before, group)


def group_scores(document: Document, now: Tallies, before: Tallies, group: str) -> ProvisionScores:
    """Return scores by provision, or by item: what was earned of what was to be earned on all its provisions."""
    choices, code, language = group_choices(), document.code_of_conduct, get_language() or "en"
    group = group if group in dict(choices) else UNGROUPED
    ordered = sorted((name for name, tally in now.items() if tally["weight"]), key=natural)
    if group == UNGROUPED:
        own = tuple(line_of(one, title_of(code, one, language), [one], now, before) for one in ordered)
        return ProvisionScores(group, choices, "", own, (), "")
    members: dict[str, list[str]] = defaultdict(list)
    for provision in ordered:
        for item in items_of(code, provision, group):
            members[item].append(provision)
    scheme = read_scheme(group)
    items = sorted(members, key=scheme.positions.__getitem__)
    lines = tuple(line_of(one, grouped_title(group, one, language), members[one], now, before) for one in items)
    alone = [one for one in ordered if not items_of(code, one, group)]
    left = tuple(
        replace(line_of(one, title_of(code, one, language), [one], now, before), reason=reason_of(code, one, group))
        for one in alone
    )
    return ProvisionScores(group, choices, scheme.name, lines, left, "" if is_mapped(code, group) else code)


def line_of(code: str, title: str, provisions: list[str], now: Tallies, before: Tallies) -> ScoreLine:
    """Return the line of a provision, or of an item with several."""
    score, weight = score_of_all(now, provisions)
    return ScoreLine(code, title, score, score_of_all(before, provisions)[0], weight)


def score_of_all(tallies: Tallies, provisions: list[str]) -> tuple[float | None, float]:
    """Return (score, weight) over provisions together; no score where nothing counts."""
    found = [tallies[one] for one in provisions if one in tallies]
    weight = sum(float(tally["weight"]) for tally in found)
    earned = sum(float(tally["earned"]) for tally in found)
    return (round(100 * earned / weight, 1) if weight else None), weight
