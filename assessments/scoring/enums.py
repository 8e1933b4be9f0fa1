"""Closed lists of scoring."""

from enum import StrEnum


class State(StrEnum):
    """What a question did to the score."""

    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    HIDDEN = "hidden"
    UNSCORED = "unscored"
