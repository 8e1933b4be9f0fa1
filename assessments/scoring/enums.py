"""Closed lists of scoring."""

from enum import StrEnum


class State(StrEnum):
    """What a question did to the score."""

    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    HIDDEN = "hidden"
    UNSCORED = "unscored"


class Use(StrEnum):
    """What reads an answer besides the score."""

    CONDITION = "condition"
    FLAG = "flag"
    WARNING = "warning"
    METRIC = "metric"
