"""Deeds on customers' requests, split by subject."""

from minerals.customers.services.answering import answer_request, answer_requests, start_answers
from minerals.customers.services.blanks import add_blank, remove_blank
from minerals.customers.services.entering import change_request, decline_request, enter_request, reopen_request
from minerals.customers.services.importing import run_import, start_import

__all__ = [
    "add_blank",
    "answer_request",
    "answer_requests",
    "change_request",
    "decline_request",
    "enter_request",
    "remove_blank",
    "reopen_request",
    "run_import",
    "start_answers",
    "start_import",
]
