"""Reads of campaigns: who sees which, how far they are, which sites a selection means."""

from assessments.campaigns.queries.figures import FACETS, answer_counts, facets_of, funnel, resumable
from assessments.campaigns.queries.lists import (
    campaign_facets,
    listed_campaigns,
    listed_requests,
    named_countries,
    request_facets,
    with_names,
)
from assessments.campaigns.queries.mails import MOST_RECIPIENTS, failed_mails, mail_keys, mails_of
from assessments.campaigns.queries.rights import visible_campaigns, visible_requests
from assessments.campaigns.queries.selections import (
    Codes,
    asked_sites,
    check_codes,
    chosen_sites,
    count_asked,
    count_selection,
    largest_meant,
    selection_choices,
    size_words,
)
from assessments.campaigns.queries.subjects import (
    DECLARATION,
    QUESTIONNAIRE,
    SUBJECTS,
    Subject,
    is_in_use,
    subject_of,
)

__all__ = [
    "DECLARATION",
    "FACETS",
    "MOST_RECIPIENTS",
    "QUESTIONNAIRE",
    "SUBJECTS",
    "Codes",
    "Subject",
    "answer_counts",
    "asked_sites",
    "campaign_facets",
    "check_codes",
    "chosen_sites",
    "count_asked",
    "count_selection",
    "facets_of",
    "failed_mails",
    "funnel",
    "is_in_use",
    "largest_meant",
    "listed_campaigns",
    "listed_requests",
    "mail_keys",
    "mails_of",
    "named_countries",
    "request_facets",
    "resumable",
    "selection_choices",
    "size_words",
    "subject_of",
    "visible_campaigns",
    "visible_requests",
    "with_names",
]
