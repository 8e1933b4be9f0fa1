"""Two versions of a questionnaire side by side: what differs, and which answers still fit. No Django."""

from assessments.questionnaires.comparison.carrying import Carry, carried_value, carry_of, still_fits
from assessments.questionnaires.comparison.comparing import compare_documents
from assessments.questionnaires.comparison.structs import Change, Comparison, Part, Parts, ScoreChange, SectionWeight

__all__ = [
    "Carry",
    "Change",
    "Comparison",
    "Part",
    "Parts",
    "ScoreChange",
    "SectionWeight",
    "carried_value",
    "carry_of",
    "compare_documents",
    "still_fits",
]
