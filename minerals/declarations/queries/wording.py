"""The words of the form. The questions are told in our own words; their numbers are those of the templates."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from minerals.declarations.document import LETTERS, is_per_mineral
from minerals.declarations.document.asking import (
    DISCLOSURES,
    FORMATS,
    OPTIONS,
    REGION_ONLY,
    VALUES,
    WHEN_VALIDATED,
    Step,
)
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Template
from minerals.templates_io.queries import mineral_name, say_issue

Words = dict[str, Any]
ADDED = gettext_lazy("Is it put into the product on purpose, or needed to make it?")
REMAINS = gettext_lazy("Is any of it still in the product when it is finished?")
AT_RISK = gettext_lazy("Does any smelter in your supply chain buy it from a conflict-affected or high-risk area?")
RECYCLED = gettext_lazy("Does all of it come from recycling or scrap?")
ANSWERED = gettext_lazy("How many of the suppliers that matter have answered your survey?")
IDENTIFIED = gettext_lazy("Do you know every smelter it comes from?")
REPORTED = gettext_lazy("Does this declaration name every smelter that you were told of?")
QUESTIONS: dict[str, Words] = {
    Template.CMRT: {
        "1": ADDED,
        "2": REMAINS,
        "3": gettext_lazy("Does any smelter in your supply chain buy it from a covered country?"),
        "4": AT_RISK,
        "5": RECYCLED,
        "6": ANSWERED,
        "7": IDENTIFIED,
        "8": REPORTED,
    },
    Template.EMRT: {
        "1": ADDED, "2": REMAINS, "3": AT_RISK, "4": RECYCLED, "5": ANSWERED, "6": IDENTIFIED, "7": REPORTED,
    },
    Template.AMRT: {"1": ADDED, "2": ANSWERED},
}  # fmt: skip
COVERED = gettext_lazy(
    "Covered countries: the Democratic Republic of the Congo, Angola, Burundi, the Central African Republic, the "
    "Republic of the Congo, Rwanda, South Sudan, Tanzania, Uganda and Zambia."
)
RISKY = gettext_lazy(
    "Areas of conflict, weak government or serious abuse. Ask your smelters where their ore was mined."
)
HELP: dict[str, Words] = {
    Template.CMRT: {"3": COVERED, "4": RISKY},
    Template.EMRT: {"3": RISKY},
    Template.AMRT: {},
}
POLICIES: Words = {
    "A": gettext_lazy("Does your company have a policy on buying minerals responsibly?"),
    "B": gettext_lazy("Can anybody read that policy on your website?"),
    "C": gettext_lazy("Must your direct suppliers buy from smelters that passed an independent audit?"),
    "D": gettext_lazy("Do you carry out due diligence on where your minerals come from?"),
    "E": gettext_lazy("Do you ask your own suppliers where their minerals come from?"),
    "F": gettext_lazy("Do you check what your suppliers answer against what you expect?"),
    "G": gettext_lazy("When an answer falls short, do you follow up until it is mended?"),
    "H": gettext_lazy("Must your company file a yearly report on conflict minerals?"),
}
WEBSITE = gettext_lazy("Address of the policy on your website")
LABELS: Words = {
    "company.name": gettext_lazy("Company name"),
    "company.id": gettext_lazy("Company number"),
    "company.id_authority": gettext_lazy("Who gave that number"),
    "company.address": gettext_lazy("Address"),
    "company.contact": gettext_lazy("Contact person"),
    "company.contact_email": gettext_lazy("E-mail of the contact person"),
    "company.contact_phone": gettext_lazy("Telephone of the contact person"),
    "company.authorizer": gettext_lazy("Who signs for it"),
    "company.authorizer_title": gettext_lazy("Title of who signs"),
    "company.authorizer_email": gettext_lazy("E-mail of who signs"),
    "company.authorizer_phone": gettext_lazy("Telephone of who signs"),
    "scope": gettext_lazy("What the declaration speaks of"),
    "scope_description": gettext_lazy("What your own scope covers"),
    "effective_date": gettext_lazy("Effective date"),
    "minerals": gettext_lazy("Minerals of this declaration"),
}
HINTS: Words = {
    "company.id": gettext_lazy("For example your DUNS number."),
    "company.authorizer": gettext_lazy("A person who answers for the declaration, not only the word “same”."),
    "effective_date": gettext_lazy("The day on which what you say was true. It is not in the future."),
}
SCOPE_LABELS: Words = {
    "A": gettext_lazy("The whole company"),
    "B": gettext_lazy("Some products, which you list"),
    "C": gettext_lazy("A scope of your own, which you describe"),
}
COLUMNS: Words = {
    "name": gettext_lazy("Smelter"),
    "country": gettext_lazy("Country of the smelter"),
    "mines": gettext_lazy("Mines"),
    "mine_countries": gettext_lazy("Countries of the mines"),
    "recycled": gettext_lazy("All from recycling or scrap"),
    "comments": gettext_lazy("Comment"),
}
PRODUCT_LABELS: Words = {
    "number": gettext_lazy("Your product number"),
    "name": gettext_lazy("Your product name"),
    "requester_number": gettext_lazy("Your customer's number"),
    "requester_name": gettext_lazy("Your customer's name of it"),
    "comments": gettext_lazy("Comment"),
}
FIXED_OPTIONS: Words = {
    FORMATS[Template.CMRT][0]: gettext_lazy("Yes, by the common template"),
    FORMATS[Template.CMRT][1]: gettext_lazy("Yes, in another way (describe it)"),
    FORMATS[Template.EMRT][0]: gettext_lazy("Yes, by the common template"),
    FORMATS[Template.EMRT][1]: gettext_lazy("Yes, in another way (describe it)"),
    DISCLOSURES[0]: gettext_lazy("Yes, with the SEC"),
    DISCLOSURES[1]: gettext_lazy("Yes, with the EU"),
    DISCLOSURES[2]: gettext_lazy("Yes, with the SEC and the EU"),
    WHEN_VALIDATED[1]: gettext_lazy("Yes, once more processors have passed an audit"),
    REGION_ONLY["Mica"]: gettext_lazy("Only from India or Madagascar"),
}
WORDS: Words = {value: word.label for word, value in VALUES.items()}
PROBLEMS: Words = {
    "option": gettext_lazy("Choose one of the answers in the list."),
    "date": gettext_lazy("Write the date as year-month-day, for example 2026-05-31."),
    "long": gettext_lazy("This is too long. Shorten it; what you wrote still stands here."),
    "minerals": gettext_lazy("Name at most ten minerals, one on each line, in letters."),
}


# What is missing, said for the form where the sentence for a file speaks of sheets.
MISSING: Words = {
    "missing_products": gettext_lazy("List the products: the scope is products."),
    "missing_smelters": gettext_lazy("List the smelters."),
    "missing_smelter": gettext_lazy("List at least one smelter of %(metal)s, or say that it is not yet identified."),
    "unlisted_incomplete": gettext_lazy("Give name and country of every smelter that is not in the list."),
}


def say_open(issue: Issue, follows: int = 0) -> str:
    """Return the sentence of an issue for the form; `follows` more items are open because of it."""
    text = str(MISSING[issue.code]) % issue.params if issue.code in MISSING else say_issue(issue)
    if not follows:
        return text
    more = ngettext("%(count)d question after it is open, too.", "%(count)d questions after it are open, too.", follows)
    return f"{text} {more % {'count': follows}}"


def option_label(value: str) -> str:
    """Return an answer in the reader's language."""
    return str(FIXED_OPTIONS.get(value) or WORDS.get(value) or value)


def step_title(step: Step) -> str:
    """Return the name of a page of the form."""
    titles = {
        "company": _("Company and scope"),
        "minerals": _("Which minerals"),
        "use": _("What is in your products"),
        "questions": _("Where it comes from"),
        "policies": _("Your company's policies"),
        "products": _("Products"),
    }
    if step.kind == "smelters":
        return _("Smelters: %(mineral)s") % {"mineral": mineral_name(step.mineral)}
    return titles[step.kind]


def field_label(key: str, template: str) -> str:
    """Return a field in words, for lists of what is missing or in conflict."""
    kind, *path = key.split(".")
    if key in LABELS:
        return str(LABELS[key])
    mineral = f", {mineral_name(path[1])}" if len(path) > 1 else ""
    if kind in {"answer", "comment"} and path[0] in OPTIONS[template]:
        return f"{path[0]}. {QUESTIONS[template][path[0]]}{mineral}"
    if kind in {"policy", "why"} and path[0] in LETTERS[template]:
        per_mineral = is_per_mineral(template, path[0])
        return f"{path[0]}. {POLICIES[path[0]]}{mineral if per_mineral else ''}"
    return str({**COLUMNS, **(PRODUCT_LABELS if kind == "product" else {})}.get(path[-1] if path else "", key))
