"""Audits as a sheet."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.audits.enums import RELEASED_STATES
from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet


def audit_sheet(audits: Iterable[Audit], *, for_firm: bool) -> Sheet:
    """Return one line per audit in the active language; figures only where the report is out or the firm asks."""
    headers = [
        _("Number"), _("State"), _("Programme"), _("Kind"), _("Buyer"), _("Supplier"), _("Site"), _("Country"),
        _("Audit firm"), _("First day on site"), _("Last day on site"), _("Released"), _("Valid until"), _("Who pays"),
        _("Score"), _("Conform"), _("Priority"), _("Major"), _("Minor"), _("Vendor code"), _("Business unit"),
    ]  # fmt: skip
    widths = [9, 20, 22, 22, 28, 28, 28, 16, 24, 14, 14, 12, 12, 16, 8, 9, 9, 9, 9, 14, 16]
    if for_firm:  # how a buyer counts its suppliers is none of an audit firm's business
        headers, widths = headers[:-2], widths[:-2]
    return Sheet(_("Audits"), headers, (line_of(audit, for_firm=for_firm) for audit in audits), widths=widths)


def line_of(audit: Audit, *, for_firm: bool) -> list[object]:
    """Return the cells of one audit."""
    is_shown = for_firm or audit.state in RELEASED_STATES
    figures: list[object] = [audit.score, audit.conform, audit.priority, audit.major, audit.minor]
    bond: list[object] = [audit.relationship.vendor_code, audit.relationship.business_unit]
    return [
        audit.pk,
        audit.get_state_display(),
        pick_text(audit.programme.title)[0],
        pick_text(programme_of(audit.programme).kind(audit.kind).title)[0],
        audit.relationship.buyer.name,
        audit.site.organisation.name,
        audit.site.name,
        audit.site.country.name,
        audit.firm.name if audit.firm else "",
        audit.starts_on,
        audit.ends_on,
        audit.released_on,
        audit.valid_until,
        audit.get_payer_display(),
        *(figures if is_shown else [None] * len(figures)),
        *([] if for_firm else bond),
    ]
