"""The pure core of scoring: what answers earn, what a submission scores, what an answer can move."""

from assessments.scoring.scoring.personas import Outcome, Persona, judge, read_personas, unanswered
from assessments.scoring.scoring.scorer import (
    SCORING_VERSION,
    Contribution,
    Fired,
    Result,
    Scorer,
    SnapshotError,
    Tally,
    compile_scorer,
)
from assessments.scoring.scoring.sensitivity import PartWeight, QuestionWeight, Sensitivity, explain_weights

__all__ = [
    "SCORING_VERSION",
    "Contribution",
    "Fired",
    "Outcome",
    "PartWeight",
    "Persona",
    "QuestionWeight",
    "Result",
    "Scorer",
    "Sensitivity",
    "SnapshotError",
    "Tally",
    "compile_scorer",
    "explain_weights",
    "judge",
    "read_personas",
    "unanswered",
]
