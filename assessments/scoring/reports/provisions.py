"""Scores by provision, or by the items of another scheme."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from assessments.codes.document import read_scheme
from assessments.findings.queries import natural, title_of
from assessments.findings.queries.schemes import UNGROUPED, group_choices, grouped_title, is_mapped, items_of, reason_of
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


@dataclass(frozen=True)
class Tallied:
    """What was earned by provision now and last time, each under the code of conduct of its questionnaire."""

    code: str
    now: Tallies
    before: Tallies = field(default_factory=dict)
    code_before: str = ""

    def line(self, code: str, title: str, provisions: Sequence[str], reason: str = "") -> ScoreLine:
        """Return the line of a provision, or of an item with several."""
        score, weight = score_of_all(self.now, provisions)
        before, _weight = score_of_all(self.before, self.earlier(provisions))
        return ScoreLine(code, title, score, before, weight, reason)

    def earlier(self, provisions: Sequence[str]) -> list[str]:
        """Return the provisions of last time that correspond, each once: E1 may have been another one then."""
        if not self.code_before:
            return list(provisions)
        return list(dict.fromkeys(old for one in provisions for old in items_of(self.code, one, self.code_before)))


def provision_scores(facts: ResultFacts, group: str) -> ProvisionScores:
    """Return the scores of a result by provision; a group nobody knows is none."""
    code, previous = document_of(facts.response.version).code_of_conduct, facts.response.previous
    code_before = document_of(previous.version).code_of_conduct if previous else code
    tallied = Tallied(
        code=code,
        now=facts.score.detail["provisions"],
        before=facts.previous.detail["provisions"] if facts.previous else {},
        code_before="" if code_before == code else code_before,
    )
    return group_scores(tallied, group)


def group_scores(tallied: Tallied, group: str) -> ProvisionScores:
    """Return scores by provision, or by item: what was earned of what was to be earned on all its provisions."""
    choices, code, language = group_choices(), tallied.code, get_language() or "en"
    group = group if group in dict(choices) else UNGROUPED
    ordered = sorted((name for name, tally in tallied.now.items() if tally["weight"]), key=natural)
    if group == UNGROUPED:
        own = tuple(tallied.line(one, title_of(code, one, language), [one]) for one in ordered)
        return ProvisionScores(group, choices, "", own, (), "")
    members: dict[str, list[str]] = defaultdict(list)
    for provision in ordered:
        for item in items_of(code, provision, group):
            members[item].append(provision)
    scheme = read_scheme(group)
    items = sorted(members, key=scheme.positions.__getitem__)
    lines = tuple(tallied.line(one, grouped_title(group, one, language), members[one]) for one in items)
    left = tuple(
        tallied.line(one, title_of(code, one, language), [one], reason_of(code, one, group))
        for one in ordered
        if not items_of(code, one, group)
    )
    return ProvisionScores(group, choices, scheme.name, lines, left, "" if is_mapped(code, group) else code)


def score_of_all(tallies: Tallies, provisions: Sequence[str]) -> tuple[float | None, float]:
    """Return (score, weight) over provisions together; no score where nothing counts."""
    found = [tallies[one] for one in provisions if one in tallies]
    weight = sum(float(tally["weight"]) for tally in found)
    earned = sum(float(tally["earned"]) for tally in found)
    return (round(100 * earned / weight, 1) if weight else None), weight
