"""Rules about rows of the Smelter List: their ids and what the file's own look-up list says of them."""

import re
from collections.abc import Iterator

from minerals.origins.core import country_code, fold_text
from minerals.templates_io.checks.case import Case
from minerals.templates_io.checks.codes import raise_issue
from minerals.templates_io.document import Issue, LookupRow, SmelterRow

_CID = re.compile(r"CID\d{6}")
_OLD_ID = re.compile(r"(\d)([A-Z]{3})\d{3}")
_NEAR_CID = re.compile(r"[CG0OI1LD\s._:#-]*?(\d{1,6})")
_NOTHING = frozenset({"", "N/A", "NA", "NONE", "UNKNOWN", "TBD", "-", "0", "NOT LISTED", "NOT AVAILABLE"})
# Letters taken for digits when an id is typed from paper.
_LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2"})
_OLD_METALS = {"1": "Gold", "2": "Tin", "3": "Tantalum", "4": "Tungsten"}
_DIGITS = 6


def check_ids(case: Case) -> Iterator[Issue]:
    """Ids that are none, ids of templates before 3.0, and a typed id that resolved to another."""
    for row in case.declared.smelters:
        written = (row.cid or row.cid_input).strip().upper()
        params = {"cid": written, "metal": row.metal, "smelter": name_of(row)}
        place = case.row_place("cid", row)
        old = _OLD_ID.fullmatch(written)
        if old:
            yield from _check_old(case, row, old, place)
        elif written not in _NOTHING and not _CID.fullmatch(written):
            suggestion = suggest_cid(written)
            code = "cid_malformed" if suggestion else "cid_unknown_form"
            yield raise_issue(code, place, suggestion=suggestion, **params)
        typed = row.cid_input.strip().upper()
        if typed and row.cid.strip() and typed != row.cid.strip().upper():
            cell = case.row_place("cid_input", row)
            yield raise_issue("cid_differs", cell, typed=typed, **params)


def suggest_cid(written: str) -> str:
    """Return the id that was probably meant: lost zeros, a mistyped CID, letters for digits. Empty if unsure."""
    text = re.sub(r"[\s._:#-]", "", written.upper())
    tail = re.sub(r"^[CG][I1L]?[D0O]?", "", text) if text[:1] in "CG" else text
    digits = tail.translate(_LOOKALIKES)
    if not digits.isdigit() or not digits.isascii():
        return ""
    digits = digits.lstrip("0")
    # Real ids begin with zeros and have three or four further digits: fewer would be guessing.
    return f"CID{digits:0>6}" if 3 <= len(digits) <= _DIGITS else ""  # noqa: PLR2004


def _check_old(case: Case, row: SmelterRow, old: re.Match[str], place: str) -> Iterator[Issue]:
    """Check an id like 2MYS016: the digit is the metal, the letters are the country."""
    metal, country = _OLD_METALS.get(old[1], ""), case.areas.codes.get(old[2], "")
    params = {"cid": old[0], "metal": row.metal, "smelter": name_of(row)}
    yield raise_issue("cid_old", place, **params)
    if metal and row.metal.strip() and metal.casefold() != row.metal.strip().casefold():
        yield raise_issue("cid_old_metal", place, other=metal, **params)
    written = country_code(row.country, case.areas)
    if country and written and country != written:
        yield raise_issue("cid_old_country", place, country=row.country, other=country, **params)


def check_listed(case: Case) -> Iterator[Issue]:
    """What the file's own look-up list says of an id, and pairs of metal and name that it does not know."""
    if not case.look_up:
        return
    for row in case.declared.smelters:
        params = {"cid": row.cid, "metal": row.metal, "smelter": name_of(row)}
        known = case.look_up.get(row.cid.strip().upper(), [])
        if known and row.metal.strip():
            mine = [entry for entry in known if entry.metal.casefold() == row.metal.strip().casefold()]
            if not mine:
                yield raise_issue("cid_other_metal", case.row_place("metal", row), other=known[0].metal, **params)
                continue
            known = mine
        if known:
            yield from _check_known(case, row, known, params)
        elif row.lookup.strip() and not (row.listed or row.is_unlisted or row.is_unidentified):
            yield raise_issue("pair_unknown", case.row_place("lookup", row), **params)


def _check_known(case: Case, row: SmelterRow, known: list[LookupRow], params: dict[str, str]) -> Iterator[Issue]:
    """Compare name and country of a row with what the look-up list has under its id: any name there is right."""
    written = {_folded(name) for name in (row.standard_name, row.name) if name.strip()}
    names = {_folded(name) for entry in known for name in (entry.name, entry.lookup) if name.strip()}
    if written and names and written.isdisjoint(names):
        yield raise_issue("cid_other_name", case.row_place("name", row), other=known[0].name, **params)
    country = known[0].country
    codes = country_code(row.country, case.areas), country_code(country, case.areas)
    if all(codes) and codes[0] != codes[1]:
        place = case.row_place("country", row)
        yield raise_issue("cid_other_country", place, country=row.country, other=country, **params)


def _folded(name: str) -> str:
    """Return a name without accents, case and signs: the hidden column of standard names is plain ASCII."""
    return re.sub(r"[\W_]+", "", fold_text(name))


def check_rows(case: Case) -> Iterator[Issue]:
    """Rows without a metal, of a metal the template does not ask about, and marks that RMI's own formats warn of."""
    asked = {mineral.casefold() for mineral in case.declared.minerals}
    for row in case.declared.smelters:
        params = {"metal": row.metal, "smelter": name_of(row)}
        if not row.metal.strip():
            yield raise_issue("row_without_metal", case.row_place("metal", row), **params)
        elif asked and row.metal.strip().casefold() not in asked:
            yield raise_issue("row_other_metal", case.row_place("metal", row), **params)
        if "!" in row.name or "!" in row.country:
            field = "name" if "!" in row.name else "country"
            yield raise_issue("row_with_mark", case.row_place(field, row), **params)
        if row.is_unlisted and not (row.name.strip() and row.country.strip()):
            field = "name" if not row.name.strip() else "country"
            yield raise_issue("row_unnamed", case.row_place(field, row), **params)


def name_of(row: SmelterRow) -> str:
    """Return what a reader knows a row by."""
    return row.standard_name or row.name or row.lookup or row.cid
