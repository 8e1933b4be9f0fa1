"""What a template's own look-up list knows: which pairs it lists, and what its formulas would have filled in."""

import re
from typing import Final

import msgspec

from minerals.templates_io.document import LookupRow, SmelterRow

COMPUTED: Final = ("standard_name", "country", "cid")
LEGAL_FORM: Final = re.compile(r"(?:ltd|limited|inc|llc|l\.l\.c|corp|co|s\.?a|s\.?p\.?a|gmbh|plc)\b\.?", re.IGNORECASE)
NOT_A_NAME: Final = frozenset(("unknown", "smelter not listed", "smelter not yet identified"))


def _key(metal: str, name: str) -> tuple[str, str]:
    return metal, " ".join(name.casefold().split())


def split_aliases(text: str) -> list[str]:
    """Return the names in a list with commas; "Co., Ltd." is one name."""
    names: list[str] = []
    for piece in map(str.strip, text.split(",")):
        if names and LEGAL_FORM.match(piece):
            names[-1] += f", {piece}"
        elif piece:
            names.append(piece)
    return names


class KnownSmelters:
    """The look-up rows of a file by pair of metal and name, and by id."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], LookupRow] = {}
        self.by_cid: dict[str, LookupRow] = {}

    def add(self, values: dict[str, str], aliases: str = "") -> None:
        """Take in one row of a list. Older lists give a smelter's aliases in one cell, and the id in another list."""
        standard = values.get("name", "")
        lookup = values.get("lookup", "") or standard
        if not lookup or lookup.casefold() in NOT_A_NAME:
            return
        same = self.rows.get(_key(values["metal"], standard))
        facts = {"country": "", "cid": "", **({"country": same.country, "cid": same.cid} if same else {})}
        row = LookupRow(**{**facts, "name": lookup, **values, "lookup": lookup})
        for name in (lookup, *split_aliases(aliases)):
            if name:
                self.rows.setdefault(_key(row.metal, name), msgspec.structs.replace(row, lookup=name))
        if row.cid:
            self.by_cid.setdefault(row.cid.upper(), self.rows[_key(row.metal, lookup)])

    def all_rows(self) -> tuple[LookupRow, ...]:
        """Return every row, in the order of the lists."""
        return tuple(self.rows.values())

    def complete(self, row: SmelterRow, computed: bool) -> SmelterRow:
        """Return a row with what the file's formulas would show where no program has calculated them.

        `computed` says that the version fills in every field by itself. The older ones leave the name and country to
        the user, and what he overwrote has no id: there only a row without any of them was never calculated.
        """
        if row.is_unlisted or row.is_unidentified:
            return row
        known = self.rows.get(_key(row.metal, row.lookup)) if row.lookup else None
        if known is None and row.cid_input and not row.lookup:
            known = self.by_cid.get(row.cid_input.upper())
        if known is None:
            return row
        facts: dict[str, str] = {}
        if computed or not any(getattr(row, field) for field in COMPUTED):
            facts = {
                **{field: getattr(known, field) for field in ("metal", "name", "country", "cid", "city", "state")},
                "lookup": known.name,
                "standard_name": known.name,
            }
        blank = {field: text for field, text in facts.items() if not getattr(row, field)}
        return msgspec.structs.replace(row, listed=True, **blank)
