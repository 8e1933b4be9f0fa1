"""Declarations as a sheet."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import BatchFile, Declaration
from minerals.templates_io.enums import ScopeKind
from portal.lib.workbook import Sheet

WIDTHS = (9, 32, 14, 28, 16, 18, 18, 18, 10, 10, 8, 30, 14, 18, 12, 12, 12, 12, 10, 10, 10, 10, 12)


def declaration_sheet(declarations: Iterable[Declaration]) -> Sheet:
    """Return one line per declaration in the active language."""
    headers = [
        _("Number"), _("Supplier"), _("Vendor code"), _("Site"), _("Country"), _("Business unit"), _("Region"),
        _("Category"), _("Template"), _("Version"), _("Year"), _("Title"), _("State"), _("Scope"), _("Due"),
        _("Received"), _("Accepted on"), _("Effective since"), _("Items missing"), _("Errors"), _("Red flags"),
        _("Smelters"), _("Unknown smelters"),
    ]  # fmt: skip
    return Sheet(_("Declarations"), headers, (line_of(row) for row in declarations), widths=WIDTHS)


def line_of(row: Declaration) -> list[object]:
    """Return the cells of one declaration; figures only where something was handed in."""
    bond, read = row.relationship, row.current_id is not None
    return [
        row.pk,
        bond.supplier.name,
        bond.vendor_code,
        row.site.name,
        row.site.country.name,
        bond.business_unit,
        bond.region,
        bond.category,
        row.template,
        row.version,
        row.year,
        row.title,
        str(DeclarationState(row.state).label),
        str(ScopeKind(row.scope).label) if read else "",
        row.due_on,
        row.submitted_at.date() if row.submitted_at else None,
        row.accepted_at.date() if row.accepted_at else None,
        row.effective_on,
        *((row.missing, row.errors, row.red_flags, row.smelters, row.unknown_smelters) if read else (None,) * 5),
    ]


def batch_sheet(files: Iterable[BatchFile]) -> Sheet:
    """Return one line per file that was entered at once with others, in the active language."""
    headers = [
        _("File"), _("Company in the file"), _("Template"), _("Version"), _("Outcome"), _("Supplier"),
        _("Declaration"), _("Reason"),
    ]  # fmt: skip
    return Sheet(_("Files"), headers, (file_line(file) for file in files), widths=(40, 36, 10, 8, 20, 36, 36, 60))


def file_line(file: BatchFile) -> list[object]:
    """Return the cells of one file."""
    declaration = file.edition.declaration if file.edition else None
    return [
        file.name,
        file.said.get("name", ""),
        file.said.get("template", ""),
        file.said.get("version", ""),
        str(file.get_state_display()),
        declaration.relationship.supplier.name if declaration else "",
        declaration.title if declaration else "",
        file.problem,
    ]
