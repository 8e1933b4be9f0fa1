"""Smelters, open names and the changes of a list as sheets."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from minerals.smelters.models import NameCase, Smelter, SmelterChange
from minerals.smelters.queries.lists import shown_word
from portal.lib.workbook import Sheet

Uses = dict[int, tuple[int, int]]


def smelter_sheet(smelters: Iterable[tuple[Smelter, tuple[int, int]]]) -> Sheet:
    """Return one line per smelter with how many declare it. Its country is not the origin of ore."""
    headers = [
        _("Metal"), _("Number"), _("Standard name"), _("Country of the smelter"), _("State or province"), _("City"),
        _("Status"), _("Status in the words of its source"), _("Traffic light"), _("As of"),
        _("Suppliers"), _("Declarations"),
    ]  # fmt: skip
    rows = (
        [
            *(one.metal, one.cid, one.name, country_of(one), one.state_text, one.city, one.get_status_display()),
            *(one.status_text, one.light.label, one.status_as_of, suppliers, declarations),
        ]
        for one, (suppliers, declarations) in smelters
    )
    return Sheet(_("Smelters"), headers, rows, widths=(12, 14, 40, 22, 18, 18, 22, 30, 24, 12, 12, 12))


def country_of(smelter: Smelter) -> str:
    """Return the country of a smelter, in the source's words where it is not known by name."""
    return str(smelter.country.name) or smelter.country_text


def name_sheet(cases: Iterable[tuple[NameCase, tuple[int, int]]]) -> Sheet:
    """Return one line per name of the queue with what was decided."""
    headers = [
        _("Metal"), _("Name as declared"), _("Number as declared"), _("Country as declared"), _("State"), _("Smelter"),
        _("Number"), _("Why it was rejected"), _("Note"), _("Decided by"), _("Decided on"),
        _("Suppliers"), _("Declarations"),
    ]  # fmt: skip
    rows = (
        [
            *(one.metal, one.name, one.cid, one.country_text, one.get_state_display()),
            *((one.smelter.name, one.smelter.cid) if one.smelter else ("", "")),
            *(one.get_rejection_display(), one.reason, str(one.decided_by or "")),
            *(one.decided_at.date() if one.decided_at else None, suppliers, declarations),
        ]
        for one, (suppliers, declarations) in cases
    )
    return Sheet(_("Smelter names"), headers, rows, widths=(12, 40, 18, 22, 18, 40, 14, 22, 30, 24, 12, 12, 12))


def change_sheet(changes: Iterable[SmelterChange]) -> Sheet:
    """Return one line per change of a list."""
    headers = [_("Change"), _("Metal"), _("Number"), _("Name"), _("Before"), _("After")]
    rows = (
        [
            *(one.get_kind_display(), one.metal, one.cid, one.name),
            *(shown_word(one, one.before), shown_word(one, one.after)),
        ]
        for one in changes
    )
    return Sheet(_("Changes"), headers, rows, widths=(16, 12, 14, 40, 40, 40))
