"""Every code that the checks raise, with its grade. Codes are stable: red flags, findings and the API keep them.

Error: a customer cannot use the declaration before it is mended. Flag: a risk or a contradiction somebody must look
into. Warning: worth mending. Info: worth knowing.
"""

from typing import Final

from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade

# What RMI's Checker counts.
MISSING: Final = frozenset(
    {
        "missing_field",
        "missing_email",
        "email_without_at",
        "missing_description",
        "missing_minerals",
        "missing_other_mineral",
        "missing_answer",
        "missing_letter",
        "missing_letter_mineral",
        "missing_url",
        "missing_url_www",
        "missing_format",
        "missing_products",
        "missing_smelter",
        "missing_smelters",
        "unlisted_incomplete",
    }
)
GRADES: Final[dict[str, Grade]] = {
    **dict.fromkeys(MISSING, Grade.ERROR),
    "name_is_same": Grade.WARNING,
    "date_unreadable": Grade.ERROR,
    "date_too_early": Grade.ERROR,
    "date_future": Grade.WARNING,
    "date_stale": Grade.WARNING,
    "date_refused": Grade.INFO,
    "template_stale": Grade.WARNING,
    "template_replaced": Grade.WARNING,
    "layout_guessed": Grade.INFO,
    "policy_without_address": Grade.WARNING,
    "answer_unknown": Grade.WARNING,
    "smelters_despite_no": Grade.FLAG,
    "covered_not_cahra": Grade.ERROR,
    "covered_despite_no": Grade.FLAG,
    "risky_despite_no": Grade.FLAG,
    "origin_no_unproven": Grade.FLAG,
    "recycled_contradicted": Grade.FLAG,
    "recycled_rows_say_yes": Grade.FLAG,
    "recycled_with_mine": Grade.WARNING,
    "response_low": Grade.FLAG,
    "identified_without_all": Grade.FLAG,
    "identified_with_open": Grade.FLAG,
    "smelters_left_out": Grade.FLAG,
    "cid_malformed": Grade.ERROR,
    "cid_unknown_form": Grade.ERROR,
    "cid_old": Grade.WARNING,
    "cid_old_metal": Grade.ERROR,
    "cid_old_country": Grade.ERROR,
    "cid_differs": Grade.WARNING,
    "cid_other_metal": Grade.WARNING,
    "cid_other_name": Grade.WARNING,
    "cid_other_country": Grade.WARNING,
    "pair_unknown": Grade.WARNING,
    "row_without_metal": Grade.ERROR,
    "row_other_metal": Grade.WARNING,
    "row_unnamed": Grade.ERROR,
    "row_with_mark": Grade.WARNING,
    "origin_is_smelter_country": Grade.WARNING,
    "origin_unread": Grade.INFO,
    "comment_not_english": Grade.INFO,
}


def raise_issue(code: str, place: str, **params: str) -> Issue:
    """Return an issue with the grade of its code; a code that is not in the table is a KeyError."""
    return Issue(code, GRADES[code], place, params)
