"""Imported lists: what they claim, what they change, what a wrong cell is told."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from minerals.smelters.comparison import Claim, Entry, Key, Standing
from minerals.smelters.enums import Change, Status
from minerals.smelters.matching import fold_country
from minerals.smelters.models import Smelter, SmelterChange, SmelterList
from minerals.templates_io.queries import mineral_name
from portal.lib.listing import Facet
from portal.lib.workbook import column_letters
from suppliers.organisations.reports import import_lists

FAULTS: dict[str, Any] = {
    "metal_missing": gettext_lazy("The metal is missing. Add a column Metal, or choose the metal of the whole list."),
    "id_missing": gettext_lazy("The identification number is missing. Enter the CID, or delete the row."),
    "id_wrong": gettext_lazy("This is no identification number. Write CID and six digits."),
    "id_old": gettext_lazy("This is a number of the years before 2014. Enter the CID that replaced it."),
    "name_missing": gettext_lazy("The standard name is missing. Enter it, or delete the row."),
    "date": gettext_lazy("This is no date. Write it as 2026-11-14."),
    "other_name": gettext_lazy("%(cid)s has the name “%(first)s” in a row above. Give each number one standard name."),
    "other_status": gettext_lazy("%(cid)s has the status “%(first)s” in a row above. Give each number one status."),
}

# Names of ISO 3166 as lists of smelters spell them, where the interface has a shorter one.
OFFICIAL_NAMES = {
    "BO": ["Bolivia (Plurinational State of)", "Bolivia, Plurinational State of"],
    "CD": ["Congo, Democratic Republic of the", "Democratic Republic of the Congo", "Congo (Kinshasa)", "DRC"],
    "CG": ["Congo", "Republic of the Congo", "Congo (Brazzaville)"],
    "GB": ["United Kingdom of Great Britain and Northern Ireland"],
    "IR": ["Iran (Islamic Republic of)", "Iran, Islamic Republic of"],
    "KP": ["Korea, Democratic People's Republic of", "Korea (Democratic People's Republic of)"],
    "KR": ["Korea, Republic of", "Korea (Republic of)"],
    "LA": ["Lao People's Democratic Republic"],
    "MD": ["Moldova, Republic of"],
    "MK": ["North Macedonia", "Macedonia, the former Yugoslav Republic of"],
    "RU": ["Russian Federation"],
    "SY": ["Syrian Arab Republic"],
    "TR": ["Turkey", "Türkiye"],
    "TW": ["Taiwan, Province of China", "Taiwan (Province of China)"],
    "TZ": ["Tanzania, United Republic of", "United Republic of Tanzania"],
    "US": ["United States of America", "United States", "USA"],
    "VE": ["Venezuela (Bolivarian Republic of)", "Venezuela, Bolivarian Republic of"],
    "VN": ["Viet Nam"],
}


def claim_of(row: SmelterList) -> Claim:
    """Return what a list says of itself."""
    return Claim(as_of=row.as_of, metals=tuple(row.metals), complete=row.complete, older=row.older)


def read_standing(owner_id: int) -> dict[Key, Standing]:
    """Return what the registry of a company says, in one query."""
    fields = ("metal", "cid", "name", "country", "country_text", "status", "status_text", "status_as_of")
    rows = Smelter.objects.filter(owner_id=owner_id).values_list(*fields)
    return {
        (metal, cid): Standing(
            metal=metal, cid=cid, name=name, country=country, country_text=text, status=status, text=word, as_of=as_of
        )
        for metal, cid, name, country, text, status, word, as_of in rows
    }


def country_words() -> dict[str, str]:
    """Return {folded name: ISO code} of countries in every language of the interface."""
    words = {fold_country(word): code for word, code in import_lists().countries.items()}
    return words | {fold_country(name): code for code, names in OFFICIAL_NAMES.items() for name in names}


def fault_text(code: str, params: Mapping[str, Any]) -> str:
    """Return what is wrong with a cell, in the reader's language."""
    return str(FAULTS[code]) % params


def fault_place(sheet: str, row: int, column: int) -> str:
    """Return where a cell stands, as Excel names it."""
    cell = f"{column_letters(column + 1)}{row}"
    return f"{sheet}!{cell}" if sheet else cell


def change_facets(row: SmelterList) -> list[Facet]:
    """Return the filters of the changes of a list."""
    kinds = [(kind.value, kind.label) for kind in Change]
    return [
        Facet("kind", _("Change"), kinds, "kind"),
        Facet("metal", _("Metal"), [(metal, mineral_name(metal)) for metal in row.metals], "metal"),
    ]


def shown_word(change: SmelterChange, word: str) -> str:
    """Return what stood before or stands after a change: our statuses and countries in the reader's language."""
    if change.kind == Change.COUNTRY:
        return str(countries.name(word)) or word
    return str(Status(word).label) if word in Status.values else word


def entry_rows(entries: list[Entry]) -> list[Any]:
    """Return entries as plain data to keep with a list."""
    rows: list[Any] = msgspec.to_builtins(entries)
    return rows
