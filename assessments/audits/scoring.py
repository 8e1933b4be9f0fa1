"""The score of an audit, its colour and its recognition: a programme and counts in, figures out. No Django.

The formula is the programme's (document.ScoreRule); where it comes from and when stands in the note of the rule.
"""

from collections.abc import Collection, Iterable

from msgspec import Struct

from assessments.audits.document import Programme, ScoreRule, Severity
from assessments.audits.enums import Conclusion


class Tally(Struct, frozen=True):
    """How many checkpoints were concluded in each way. Those without a conclusion count nowhere."""

    conform: int = 0
    priority: int = 0
    major: int = 0
    minor: int = 0
    not_applicable: int = 0
    not_reviewed: int = 0

    @property
    def nonconform(self) -> int:
        """The findings of every severity."""
        return self.priority + self.major + self.minor

    @property
    def reviewed(self) -> int:
        """What the auditors looked at and found to apply."""
        return self.conform + self.nonconform

    @property
    def concluded(self) -> int:
        """What has a conclusion of any kind."""
        return self.reviewed + self.not_applicable + self.not_reviewed


def tally(conclusions: Iterable[str]) -> Tally:
    """Count conclusions; empty ones and unknown words count nowhere."""
    counts = {str(word): 0 for word in Conclusion}
    for word in conclusions:
        if word in counts:
            counts[word] += 1
    return Tally(**counts)


def count_applicable(programme: Programme, counts: Tally) -> int:
    """Return the denominator: not applicable never counts, not reviewed only where the rule takes it as conform."""
    as_conform = programme.score is not None and programme.score.not_reviewed_conforms
    return counts.reviewed + (counts.not_reviewed if as_conform else 0)


def score_audit(programme: Programme, counts: Tally) -> float | None:
    """Return the score with one decimal, None where the programme has no rule or nothing applies."""
    applicable = count_applicable(programme, counts)
    if programme.score is None or not applicable:
        return None
    conform = applicable - counts.nonconform
    return apply_rule(programme.score, conform=conform, applicable=applicable, lost=count_lost(programme, counts))


def apply_rule(rule: ScoreRule, *, conform: int, applicable: int, lost: float) -> float:
    """Return `top` x conform / applicable less what the findings lost; below 0 unless the rule has a floor."""
    score = round(rule.top * conform / applicable - lost, 1)
    return score if rule.floor is None else max(rule.floor, score)


def count_lost(programme: Programme, counts: Tally) -> float:
    """Return what the findings take off the score by the deductions of their grades."""
    found = {Severity.PRIORITY: counts.priority, Severity.MAJOR: counts.major, Severity.MINOR: counts.minor}
    return sum(grade.deduction * found[grade.severity] for grade in programme.grades)


def recognise(programme: Programme, score: float | None, unsettled: Collection[str]) -> str:
    """Return the code of the highest level that is reached, "" for none.

    A level is reached by its score once nothing of its severities is unsettled; `unsettled` holds the severities of the
    findings that are not settled yet.
    """
    if score is None:
        return ""
    reached = (level for level in programme.recognition if score >= level.score)
    return next((level.code for level in reached if not {str(one) for one in level.settled} & set(unsettled)), "")


def band_of(programme: Programme, score: float | None) -> str:
    """Return the code of the colour band of a score, "" where there is none."""
    if score is None:
        return ""
    return next((band.code for band in programme.bands if band.above is None or score > band.above), "")
