"""What is wrong with a template, in the reader's language: one sentence per code that says how to mend it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from minerals.templates_io.document import Issue

FIELDS: Final[Mapping[str, Callable[[], str]]] = {
    "name": lambda: _("the company's name"),
    "scope": lambda: _("the scope of the declaration"),
    "contact": lambda: _("the name of the contact"),
    "contact_email": lambda: _("the e-mail address of the contact"),
    "contact_phone": lambda: _("the phone number of the contact"),
    "authorizer": lambda: _("the name of the authorizer"),
    "authorizer_email": lambda: _("the e-mail address of the authorizer"),
    "authorizer_phone": lambda: _("the phone number of the authorizer"),
    "date": lambda: _("the effective date"),
}
# What RMI's Checker counts.
MISSING: Final[Mapping[str, Callable[[], str]]] = {
    "missing_field": lambda: _("Fill in %(field)s."),
    "missing_email": lambda: _("Fill in %(field)s."),
    "email_without_at": lambda: _("Write %(field)s in full: it has no @."),
    "missing_description": lambda: _("Describe the scope: it is neither the whole company nor a list of products."),
    "missing_minerals": lambda: _("Choose the minerals that the declaration is about."),
    "missing_other_mineral": lambda: _("Name the mineral that is chosen as “Other”."),
    "missing_answer": lambda: _("Answer question %(question)s for %(metal)s."),
    "missing_letter": lambda: _("Answer question %(question)s about the company."),
    "missing_letter_mineral": lambda: _("Answer question %(question)s about the company for %(metal)s."),
    "missing_url": lambda: _(
        "Write the web address of the policy beside question %(question)s, beginning with www, "
        "or change the answer to No."
    ),
    "missing_products": lambda: _(
        "List the products on the sheet Product List, from its first row on: the scope is products."
    ),
    "missing_smelters": lambda: _("List the smelters on the sheet Smelter List, from its first row on."),
    "missing_smelter": lambda: _("List at least one smelter of %(metal)s on the sheet Smelter List."),
    "unlisted_incomplete": lambda: _("Give name and country of every smelter that is “not listed”."),
}
SENTENCES: Final[Mapping[str, Callable[[], str]]] = {**MISSING}


def say_issue(issue: Issue) -> str:
    """Return the sentence of an issue in the reader's language."""
    params = dict(issue.params)
    if params.get("field") in FIELDS:
        params["field"] = FIELDS[params["field"]]()
    return SENTENCES[issue.code]() % params
