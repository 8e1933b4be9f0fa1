"""What is wrong with a template, in the reader's language: one sentence per code that says how to mend it.

The place is named by the page or the mail; the sentence names the metal, the smelter, the country.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_countries import countries

from minerals.templates_io.document import Issue
from portal.lib.formats import shown_date

Sentences = Mapping[str, Callable[[], str]]

FIELDS: Final[Mapping[str, Any]] = {
    "name": gettext_lazy("the company's name"),
    "scope": gettext_lazy("the scope of the declaration"),
    "contact": gettext_lazy("the name of the contact"),
    "contact_email": gettext_lazy("the e-mail address of the contact"),
    "contact_phone": gettext_lazy("the phone number of the contact"),
    "authorizer": gettext_lazy("the name of the authorizer"),
    "authorizer_email": gettext_lazy("the e-mail address of the authorizer"),
    "authorizer_phone": gettext_lazy("the phone number of the authorizer"),
    "date": gettext_lazy("the effective date"),
}
MINERALS: Final[Mapping[str, Any]] = {
    "tantalum": pgettext_lazy("mineral", "Tantalum"),
    "tin": pgettext_lazy("mineral", "Tin"),
    "gold": pgettext_lazy("mineral", "Gold"),
    "tungsten": pgettext_lazy("mineral", "Tungsten"),
    "cobalt": pgettext_lazy("mineral", "Cobalt"),
    "copper": pgettext_lazy("mineral", "Copper"),
    "graphite": pgettext_lazy("mineral", "Graphite"),
    "lithium": pgettext_lazy("mineral", "Lithium"),
    "mica": pgettext_lazy("mineral", "Mica"),
    "nickel": pgettext_lazy("mineral", "Nickel"),
    "aluminum": pgettext_lazy("mineral", "Aluminium"),
    "chromium": pgettext_lazy("mineral", "Chromium"),
    "iron/ steel": pgettext_lazy("mineral", "Iron or steel"),
    "magnesium": pgettext_lazy("mineral", "Magnesium"),
    "palladium": pgettext_lazy("mineral", "Palladium"),
    "silicon": pgettext_lazy("mineral", "Silicon"),
    "silver": pgettext_lazy("mineral", "Silver"),
    "titanium": pgettext_lazy("mineral", "Titanium"),
    "zinc": pgettext_lazy("mineral", "Zinc"),
}
# What RMI's Checker counts.
MISSING: Final[Sentences] = {
    "missing_field": lambda: _("Fill in %(field)s."),
    "missing_email": lambda: _("Fill in %(field)s."),
    "email_without_at": lambda: _("Write %(field)s in full: it has no @."),
    "missing_description": lambda: _("Describe the scope: it is neither the whole company nor a list of products."),
    "missing_minerals": lambda: _("Choose the minerals that the declaration is about."),
    "missing_other_mineral": lambda: _("Write the name of the mineral that is chosen as “Other”."),
    "missing_answer": lambda: _("Answer question %(question)s for %(metal)s."),
    "missing_letter": lambda: _("Answer question %(question)s about the company."),
    "missing_letter_mineral": lambda: _("Answer question %(question)s about the company for %(metal)s."),
    "missing_url": lambda: _(
        "Write the web address of the policy into the comment of question %(question)s, or answer the question with No."
    ),
    "missing_url_www": lambda: _(
        "Write the web address of the policy with www into the comment of question %(question)s, "
        "or answer the question with No."
    ),
    "missing_format": lambda: _(
        "Describe the format of your surveys in the comment of question %(question)s, "
        "or choose one of its other answers."
    ),
    "missing_products": lambda: _(
        "The scope is products: list their numbers on the sheet Product List, from its first row on."
    ),
    "missing_smelters": lambda: _("List the smelters on the sheet Smelter List, from its first row on."),
    "missing_smelter": lambda: _("List at least one smelter of %(metal)s on the sheet Smelter List."),
    "unlisted_incomplete": lambda: _("Give the name and the country of every smelter that is “not listed”."),
}
COMPANY: Final[Sentences] = {
    "name_is_same": lambda: _("Write a person's name for %(field)s: customers do not accept “same”."),
    "date_unreadable": lambda: _(
        "The effective date “%(text)s” cannot be read for sure. Write the month as a word, as in 10-May-2026."
    ),
    "date_too_early": lambda: _("The effective date %(date)s is before there were such templates. Correct it."),
    "date_future": lambda: _("The effective date %(date)s is in the future. Write the day on which this was true."),
    "date_stale": lambda: _(
        "The effective date %(date)s is more than %(months)s months past. Check the answers and give a newer date."
    ),
    "date_refused": lambda: _(
        "Version %(version)s of the template refuses dates after %(limit)s in Excel, though %(date)s is right. "
        "Fill in a newer version."
    ),
    "template_stale": lambda: _(
        "Version %(version)s of the %(template)s is out of date. Fill in version %(newest)s or a newer one."
    ),
    "template_replaced": lambda: _("The %(template)s was replaced by the %(newest)s. Fill in the newest %(newest)s."),
    "layout_guessed": lambda: _(
        "Version %(version)s of the %(template)s is not known here. It was read like the nearest one: "
        "compare what was read with the file."
    ),
    "policy_without_address": lambda: _(
        "The policy is said to be public. Write its web address into the comment of question %(question)s."
    ),
    "comment_not_english": lambda: _("A comment is not in English. The template asks for English: translate it."),
}
ANSWERS: Final[Sentences] = {
    "answer_unknown": lambda: _(
        "“%(answer)s” is none of the answers to question %(question)s for %(metal)s. Choose one from the list."
    ),
    "smelters_despite_no": lambda: _(
        "Question %(question)s says that %(metal)s is not in the products, yet smelters of it are listed. "
        "Correct the answer or take the smelters out."
    ),
    "covered_not_cahra": lambda: _(
        "Question %(other)s says that %(metal)s comes from covered countries. These count as conflict-affected and "
        "high-risk: answer question %(question)s with Yes."
    ),
    "covered_despite_no": lambda: _(
        "Question %(question)s says No for %(metal)s, yet this place names %(country)s. Correct the one or the other."
    ),
    "risky_despite_no": lambda: _(
        "Question %(question)s says No for %(metal)s, yet this place names %(country)s, which your customer's list of "
        "risky areas holds. Find out where the ore was mined and correct the answer."
    ),
    "origin_no_unproven": lambda: _(
        "Question %(question)s says No for %(metal)s, but not all suppliers or smelters are known. "
        "Answer Unknown, or find out the rest first."
    ),
    "recycled_contradicted": lambda: _(
        "Question %(question)s says that all %(metal)s is recycled, yet %(smelter)s is listed with a mine or as not "
        "recycled. Correct the one or the other."
    ),
    "recycled_rows_say_yes": lambda: _(
        "Every smelter of %(metal)s is listed as fed by recycled material alone, yet question %(question)s says No. "
        "Correct the one or the other."
    ),
    "recycled_with_mine": lambda: _(
        "%(smelter)s is fed by recycled or scrap material alone, yet a mine is named. "
        "Write “Recycled/scrap” in its place, or change the column on recycled sources to No."
    ),
    "response_low": lambda: _(
        "Too few suppliers of %(metal)s have answered (question %(question)s: “%(answer)s”). "
        "Ask the others again and hand in a new declaration."
    ),
    "identified_without_all": lambda: _(
        "Question %(question)s says that all smelters of %(metal)s are identified, although by question %(other)s not "
        "all suppliers have answered. Answer No until all have."
    ),
    "identified_with_open": lambda: _(
        "Question %(question)s says that all smelters of %(metal)s are identified, yet the list has one that is "
        "“not yet identified”. Answer No, or name the smelter."
    ),
    "smelters_left_out": lambda: _(
        "Question %(question)s says that smelters of %(metal)s were left out. List every smelter that you know of."
    ),
}
SMELTERS: Final[Sentences] = {
    "cid_malformed": lambda: _("%(cid)s is no smelter id. Was %(suggestion)s meant? Smelter: %(smelter)s."),
    "cid_unknown_form": lambda: _(
        "%(cid)s is no smelter id: an id is CID and six digits. Copy it from the template's list. Smelter: %(smelter)s."
    ),
    "cid_old": lambda: _(
        "%(cid)s is an id of templates before 3.0. Write the CID that %(smelter)s has today, if it has one."
    ),
    "cid_old_metal": lambda: _(
        "%(cid)s is the id of a smelter of %(other)s, but the row is about %(metal)s. Correct the one or the other."
    ),
    "cid_old_country": lambda: _(
        "%(cid)s is the id of a smelter in %(other)s, but the row says %(country)s. Correct the one or the other."
    ),
    "cid_differs": lambda: _(
        "The id typed for %(smelter)s is %(typed)s, the row shows %(cid)s. Choose the smelter again from the list."
    ),
    "cid_other_metal": lambda: _(
        "By the template's list, %(cid)s is a smelter of %(other)s, but the row is about %(metal)s. "
        "Correct the metal or the id."
    ),
    "cid_other_name": lambda: _(
        "By the template's list, %(cid)s is %(other)s, but the row names %(smelter)s. Correct the name or the id."
    ),
    "cid_other_country": lambda: _(
        "By the template's list, %(cid)s stands in %(other)s, but the row says %(country)s. "
        "Correct the country or the id."
    ),
    "pair_unknown": lambda: _(
        "The template's list knows no smelter of %(metal)s named %(smelter)s. Choose one from the list, "
        "or choose “Smelter not listed” and give its name and country."
    ),
    "row_without_metal": lambda: _("Choose the metal of %(smelter)s."),
    "row_other_metal": lambda: _("The template does not ask about %(metal)s. Take the row of %(smelter)s out."),
    "row_unnamed": lambda: _("A smelter of %(metal)s is “not listed”: write its name and its country."),
    "row_with_mark": lambda: _("The name or the country of %(smelter)s has an exclamation mark. Write it without."),
    "origin_is_smelter_country": lambda: _(
        "For every smelter of %(metal)s the country of the mines is the country of the smelter. "
        "Ask the smelters where the ore was mined: that is often elsewhere."
    ),
    "origin_unread": lambda: _(
        "“%(text)s” is no country that is known here (mines of %(smelter)s). Write the names of the countries."
    ),
}
SENTENCES: Final[Sentences] = {**MISSING, **COMPANY, **ANSWERS, **SMELTERS}
_DATES = ("date", "limit")
_MINERALS_IN = ("metal", "mineral")


def mineral_name(mineral: str) -> str:
    """Return a mineral in the reader's language; one that is none of the templates' own as it is written."""
    return str(MINERALS.get(mineral.strip().casefold(), mineral))


def say_issue(issue: Issue) -> str:
    """Return the sentence of an issue in the reader's language."""
    return SENTENCES[issue.code]() % _facts(issue)


def _facts(issue: Issue) -> dict[str, str]:
    """Return the facts of an issue in words: fields, minerals, dates, countries."""
    facts = dict(issue.params)
    if "field" in facts:
        facts["field"] = str(FIELDS.get(facts["field"], facts["field"]))
    facts |= {name: mineral_name(facts[name]) for name in _MINERALS_IN if facts.get(name)}
    facts |= {name: shown_date(date.fromisoformat(facts[name])) for name in _DATES if facts.get(name)}
    if issue.code in {"cid_old_metal", "cid_other_metal"}:
        facts["other"] = mineral_name(facts["other"])
    if "country" in facts:
        facts["country"] = _country_names(facts["country"]) or _("the covered countries")
    if issue.code == "cid_old_country":
        facts["other"] = _country_names(facts["other"])
    if not facts.get("smelter"):
        facts["smelter"] = _("this smelter")
    return facts


def _country_names(codes: str) -> str:
    """Return names for codes ('CD, RW'); a text that is no code stays as it was written."""
    return ", ".join(str(countries.name(code)) or code for code in codes.split(", ") if code)
