"""Deeds on responses, split by subject."""

from assessments.responses.services.answers import (
    ClosedError,
    Given,
    Outcome,
    SavedAnswer,
    UnknownQuestionError,
    confirm_answer,
    current_of,
    save_answer,
    save_answers,
)
from assessments.responses.services.evidence import (
    MOST_FILES,
    add_evidence,
    assign_section,
    remove_evidence,
    reuse_evidence,
)
from assessments.responses.services.handing_in import (
    decline_response,
    submit_response,
    withdraw_response,
)
from assessments.responses.services.review import (
    Standing,
    accept_response,
    cancel_response,
    record_standings,
    reopen_response,
    return_response,
    start_review,
)
from assessments.responses.services.rounds import carry_over, create_responses, open_response

__all__ = [
    "MOST_FILES",
    "ClosedError",
    "Given",
    "Outcome",
    "SavedAnswer",
    "Standing",
    "UnknownQuestionError",
    "accept_response",
    "add_evidence",
    "assign_section",
    "cancel_response",
    "carry_over",
    "confirm_answer",
    "create_responses",
    "current_of",
    "decline_response",
    "open_response",
    "record_standings",
    "remove_evidence",
    "reopen_response",
    "return_response",
    "reuse_evidence",
    "save_answer",
    "save_answers",
    "start_review",
    "submit_response",
    "withdraw_response",
]
