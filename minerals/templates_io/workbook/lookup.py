"""What a template's own look-up list knows: which pairs it lists, and what its formulas would have filled in."""

from typing import Any

import msgspec

from minerals.templates_io.document import LookupRow, SmelterRow

RESOLVED = ("name", "standard_name", "country", "cid", "source", "street", "city", "state")
COMPUTED = ("standard_name", "country", "cid")
NOT_A_NAME = frozenset(("unknown", "smelter not listed", "smelter not yet identified"))


def _key(metal: str, name: str) -> tuple[str, str]:
    return metal, " ".join(name.casefold().split())


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
        for name in (lookup, *(alias.strip() for alias in aliases.split(","))):
            if name:
                self.rows.setdefault(_key(row.metal, name), msgspec.structs.replace(row, lookup=name))
        if row.cid:
            self.by_cid.setdefault(row.cid.upper(), self.rows[_key(row.metal, lookup)])

    def all_rows(self) -> tuple[LookupRow, ...]:
        """Return every row, in the order of the lists."""
        return tuple(self.rows.values())

    def complete(self, row: SmelterRow) -> SmelterRow:
        """Return a row with what the file's formulas would show, where no program has calculated them.

        A row the formulas were calculated for stays as it is: what is empty there is empty.
        """
        if row.is_unlisted or row.is_unidentified:
            return row
        known = self.rows.get(_key(row.metal, row.lookup)) if row.lookup else None
        if known is None and row.cid_input and not row.lookup:
            known = self.by_cid.get(row.cid_input.upper())
        if known is None:
            return row
        values: dict[str, Any] = {"listed": True}
        if not any(getattr(row, field) for field in COMPUTED):
            values |= {
                "metal": row.metal or known.metal,
                "lookup": row.lookup or known.name,
                "name": row.name or known.name,
                "standard_name": known.name,
                "country": known.country,
                "cid": known.cid,
                "city": row.city or known.city,
                "state": row.state or known.state,
            }
        return msgspec.structs.replace(row, **values)
