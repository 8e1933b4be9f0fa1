"""Rows behind figures, and items of groups, as sheets of a workbook."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django_countries import countries

from minerals.declarations.models import Declaration, DeclaredSmelter
from minerals.rollup.enums import FIGURE_LABELS
from minerals.rollup.models import GroupItem
from minerals.rollup.queries.evidence import Voice
from minerals.templates_io.enums import ScopeKind
from minerals.templates_io.queries import mineral_name
from portal.lib.workbook import Sheet


def voice_sheet(voices: Iterable[Voice]) -> Sheet:
    """Return what suppliers say to one question, a line each."""
    heads = [
        _("Supplier"), _("Vendor code"), _("Answer"), _("As written"), _("Comment"), _("Declaration"), _("Version"),
        _("Scope"), _("Effective date"), _("Cell"),
    ]  # fmt: skip
    lines = ([*whose(voice.contribution.declaration), *voice_cells(voice)] for voice in voices)
    return Sheet(_("Answers"), heads, lines, (30, 12, 16, 24, 40, 30, 8, 16, 14, 16))


def voice_cells(voice: Voice) -> list[object]:
    """Return one answer and where it stands."""
    row = voice.contribution
    word = str(FIGURE_LABELS.get(voice.word, "")) if voice.word else ""
    facts = [row.declaration.title, row.edition.version, scope_label(row.scope), row.effective_on, voice.cell]
    return [word, voice.text, voice.comment, *facts]


def silent_sheet(rows: Iterable[Declaration]) -> Sheet:
    """Return the declarations that are owed, a line each."""
    heads = [_("Supplier"), _("Vendor code"), _("Declaration"), _("State"), _("Due")]
    lines = ([*whose(row), row.title, row.get_state_display(), row.due_on] for row in rows)
    return Sheet(_("Not answered"), heads, lines, (30, 12, 30, 16, 12))


def row_sheet(rows: Iterable[DeclaredSmelter]) -> Sheet:
    """Return rows of smelter lists as suppliers wrote them, with what was read in them."""
    heads = [
        _("Supplier"), _("Vendor code"), _("Metal"), _("Smelter"), _("Number"), _("As written"),
        _("Country of the smelter"), _("Mines"), _("Countries of the mines"), _("Countries of origin"), _("Recycled"),
        _("Declaration"), _("Row"),
    ]  # fmt: skip
    lines = ([*whose(row.edition.declaration), *smelter_cells(row)] for row in rows)
    return Sheet(_("Rows"), heads, lines, (30, 12, 12, 30, 14, 30, 20, 30, 24, 24, 10, 30, 8))


def smelter_cells(row: DeclaredSmelter) -> list[object]:
    """Return one row of a smelter list."""
    known = [row.smelter.name, row.smelter.cid] if row.smelter else ["", row.cid]
    origins = ", ".join(str(countries.name(code)) or code for code in row.origins)
    written = [row.name, row.country_text, row.mines, row.mine_countries, origins, row.recycled]
    return [mineral_name(row.metal), *known, *written, row.edition.declaration.title, row.row]


def whose(declaration: Declaration) -> list[object]:
    """Return the supplier of a declaration and its code."""
    bond = declaration.relationship
    return [bond.supplier.name, bond.vendor_code]


def scope_label(scope: str) -> str:
    """Return what a declaration speaks of."""
    return str(ScopeKind(scope).label)


def item_sheet(items: Iterable[GroupItem]) -> Sheet:
    """Return the items of a group; the same table can be imported again."""
    heads = [_("Vendor code"), _("Product number"), _("Supplier")]
    lines = ([item.relationship.vendor_code, item.number, item.relationship.supplier.name] for item in items)
    return Sheet(_("Items"), heads, lines, (14, 24, 40))
