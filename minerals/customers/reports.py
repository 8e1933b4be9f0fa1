"""The answer letter to a customer, and the register as a sheet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minerals.customers.enums import AskedScope
from minerals.customers.models import CustomerRequest
from minerals.templates_io.document import Declared
from minerals.templates_io.enums import ASKED_TEMPLATES
from minerals.templates_io.queries import mineral_name
from portal.lib.formats import shown_date
from portal.lib.workbook import Sheet

YES = "Yes"
# The columns that the export writes and the import reads, by the column of the register.
HEADS: dict[str, Promise] = {
    "customer": gettext_lazy("Customer"),
    "contact": gettext_lazy("Contact"),
    "contact_email": gettext_lazy("E-mail"),
    "language": gettext_lazy("Language"),
    "template": gettext_lazy("Template"),
    "version": gettext_lazy("Version"),
    "scope": gettext_lazy("Scope"),
    "group": gettext_lazy("Product group"),
    "products": gettext_lazy("Products"),
    "reference": gettext_lazy("Reference"),
    "received_on": gettext_lazy("Received"),
    "due_on": gettext_lazy("Due"),
}
# What a register that was kept elsewhere says of its past; an import takes it, the export has the same columns.
PAST_HEADS: dict[str, Promise] = {
    "answered_on": gettext_lazy("Answered"),
    "answered_version": gettext_lazy("Version answered"),
}
ANSWER_HEADS: tuple[Promise, ...] = (
    gettext_lazy("State"),
    PAST_HEADS["answered_on"],
    gettext_lazy("Answered by"),
    PAST_HEADS["answered_version"],
)
WIDTHS = (30, 20, 28, 10, 10, 10, 16, 20, 30, 18, 14, 14, 12, 14, 20, 14)


def letter_facts(request: CustomerRequest, declared: Declared) -> dict[str, Any]:
    """Return what the letter says, as plain data that is kept with the answer."""
    used = [mineral for mineral in declared.minerals if is_used(declared, mineral)]
    counts: dict[str, int] = {}
    for smelter in declared.smelters:
        counts[smelter.metal] = counts.get(smelter.metal, 0) + 1
    return {
        "template": declared.template.value,
        "version": declared.version,
        "effective_on": declared.effective_date,
        "company": declared.company.name,
        "contact": declared.company.contact,
        "contact_email": declared.company.contact_email,
        "contact_phone": declared.company.contact_phone,
        "authorizer": declared.company.authorizer,
        "authorizer_title": declared.company.authorizer_title,
        "used": used,
        "unused": [mineral for mineral in declared.minerals if mineral not in used],
        "smelters": counts,
        "shares": {mineral: declared.answer(share_question(declared), mineral) for mineral in used},
        "products": len(declared.products),
    }


def is_used(declared: Declared, mineral: str) -> bool:
    """Whether a mineral is used and stays in the product, as far as the template asks."""
    return declared.answer("1", mineral) == YES and declared.answer("2", mineral) != "No"


def share_question(declared: Declared) -> str:
    """Return the number of the question about the share of suppliers who answered."""
    return {"CMRT": "6", "EMRT": "5"}.get(declared.template.value, "2")


def letter_lines(request: CustomerRequest, facts: dict[str, Any]) -> list[str]:
    """Return the paragraphs of the letter in the language that is active."""
    what = {"template": facts["template"], "version": facts["version"], "company": facts["company"]}
    lines = [
        _("Thank you for your request. Enclosed is our declaration on the %(template)s, version %(version)s.") % what,
        scope_line(request, facts),
    ]
    day = parse_date(facts["effective_on"]) if facts["effective_on"] else None
    if day:
        lines.append(_("It is effective as of %(day)s.") % {"day": shown_date(day)})
    lines += mineral_lines(facts)
    contact = ", ".join(filter(None, [facts["contact"], facts["contact_email"], facts["contact_phone"]]))
    if contact:
        lines.append(_("Please send your questions to %(contact)s.") % {"contact": contact})
    return lines


def scope_line(request: CustomerRequest, facts: dict[str, Any]) -> str:
    """Return what the declaration speaks of."""
    if request.scope == AskedScope.GROUP and request.group:
        return _("It speaks of the product group %(group)s.") % {"group": request.group.name}
    if request.scope == AskedScope.PRODUCTS:
        return _("It speaks of the products you asked for; they are on its product list.")
    return _("It speaks of our whole company.")


def mineral_lines(facts: dict[str, Any]) -> list[str]:
    """Return what the declaration says of each mineral."""
    lines = []
    if facts["used"]:
        lines.append(_("Our products contain: %(minerals)s.") % {"minerals": named(facts["used"])})
    if facts["unused"]:
        lines.append(_("Our products do not contain: %(minerals)s.") % {"minerals": named(facts["unused"])})
    if facts["smelters"]:
        pairs = [f"{mineral_name(metal)} {count}" for metal, count in sorted(facts["smelters"].items())]
        lines.append(_("Smelters and refiners on its list: %(counts)s.") % {"counts": ", ".join(pairs)})
    return lines


def named(minerals: Iterable[str]) -> str:
    """Return minerals as a list in the language that is active."""
    return ", ".join(mineral_name(mineral) for mineral in minerals)


def letter_context(request: CustomerRequest, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the context of the PDF; call it under the customer's language."""
    return {
        "request": request,
        "facts": facts,
        "subject": subject_of(request),
        "greeting": greeting_of(request),
        "lines": letter_lines(request, facts),
        "made_on": timezone.localdate(),
    }


def greeting_of(request: CustomerRequest) -> str:
    """Return the first line."""
    return _("Dear %(name)s,") % {"name": request.contact or request.customer}


def subject_of(request: CustomerRequest) -> str:
    """Return the subject of the letter."""
    words = _("Declaration of minerals (%(template)s)") % {"template": request.template}
    if not request.reference:
        return words
    return _("%(subject)s, your reference %(reference)s") % {"subject": words, "reference": request.reference}


def letter_text(request: CustomerRequest, facts: dict[str, Any]) -> str:
    """Return the letter as text to paste into a mail; call it under the customer's language."""
    names = [facts["authorizer"], facts["authorizer_title"], facts["company"]]
    return "\n\n".join(
        [greeting_of(request), *letter_lines(request, facts), "\n".join(filter(None, [_("Kind regards"), *names]))]
    )


def register_sheet(rows: Iterable[CustomerRequest]) -> Sheet:
    """Return the register as a sheet that the import reads back."""
    return Sheet(
        title=_("Customers' requests"),
        headers=[str(head) for head in [*HEADS.values(), *ANSWER_HEADS]],
        rows=(row_of(row) for row in rows),
        widths=WIDTHS,
    )


def empty_sheet() -> Sheet:
    """Return the table to fill in for an import, with its drop-down lists."""
    columns = list(HEADS)
    choices = {
        columns.index("language"): [code for code, _name in settings.LANGUAGES],
        columns.index("template"): [template.value for template in ASKED_TEMPLATES],
        columns.index("scope"): [str(label) for label in AskedScope.labels],
    }
    heads = [str(head) for head in HEADS.values()]
    return Sheet(title=_("Customers' requests"), headers=heads, rows=[[]], widths=WIDTHS, choices=choices)


def row_of(request: CustomerRequest) -> list[Any]:
    """Return one request as a row."""
    answered = request.answered_at.date() if request.answered_at else None
    return [
        request.customer,
        request.contact,
        request.contact_email,
        request.language,
        request.template,
        request.version,
        request.get_scope_display(),
        request.group.code if request.group else "",
        request.products,
        request.reference,
        request.received_on,
        request.due_on,
        request.get_state_display(),
        answered,
        str(request.answered_by or ""),
        request.answered_version,
    ]
