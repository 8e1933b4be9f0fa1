"""Heads of lists of smelters in all the spellings seen, and where they stand."""

from collections.abc import Sequence
from typing import Any, Final

from minerals.smelters.matching import fold_name

# {column: words of heads, folded}. The first that stands in a list wins.
HEADS: Final[dict[str, tuple[str, ...]]] = {
    "metal": ("metal", "mineral", "material", "metal mineral", "metals", "金属", "鉱物", "矿物"),
    "cid": (
        *("facility id", "smelter id", "smelter identification", "smelter identification number", "cid", "id"),
        *("smelter facility identification", "smelter identification number input column", "cid number", "rmi id"),
        *(
            "facility identification",
            "smelter facility id",
            "rmi smelter id",
            "smelter number",
            "smelter or refiner id",
        ),
    ),
    "name": (
        *("standard facility name", "standard smelter name", "standard smelter names", "smelter name", "facility name"),
        *("standard smelter facility name", "standard smelter or refiner name", "smelter or refiner name"),
        *("smelter facility name", "standard name", "name", "company name", "facility", "smelter", "official name"),
    ),
    "lookup": (
        *("smelter look up", "smelter lookup", "smelter reference list", "reference list", "look up name", "alias"),
        *("smelter name as reported", "known alias", "aliases", "known aliases", "also known as", "other names"),
    ),
    "country": (
        *("country location", "country", "smelter country", "facility location country", "location country"),
        *("smelter facility location country", "country of smelter", "facility country", "location", "国", "国家"),
    ),
    "city": ("city", "smelter city", "facility location city", "smelter facility location city"),
    "state": (
        *("state province region", "state province", "state", "province", "smelter facility location state province"),
        *("facility location province state", "state / province"),
    ),
    "status": (
        *("due diligence assessment program status", "due diligence assessment status", "assessment status", "status"),
        *("program status", "rmap status", "audit status", "smelter status", "conformance status", "facility status"),
        *("rmi status", "cfsp status", "rmap conformance status", "assessment program status"),
    ),
    "programme": (
        *("due diligence assessment program", "assessment program", "program", "programme", "audit program"),
        *("cross recognition", "cross recognized program", "scheme"),
    ),
    "audited_on": ("last audit date", "audit date", "last assessment date", "date of last audit", "assessment date"),
    "cycle": ("audit cycle", "cycle", "re audit cycle", "assessment cycle", "audit cycle years"),
    "lbma": ("lbma rg", "lbma", "lbma responsible gold", "lbma good delivery"),
    "rjc": ("rjc", "rjc chain of custody", "rjc coc"),
    "old_id": ("old id", "old smelter id", "previous id", "v2 id", "former id"),
}
REQUIRED: Final = ("cid", "name")
SEARCHED: Final = 30  # lines above the heads: a title, a date, terms of use
BY_HEAD: Final = {word: column for column, words in HEADS.items() for word in words}
RANKS: Final = {word: place for words in HEADS.values() for place, word in enumerate(words)}


def find_columns(lines: Sequence[tuple[int, Sequence[Any]]]) -> tuple[int, dict[str, int]] | None:
    """Return (place of the line with the heads, {column: index}); None where no line has the id and the name."""
    for place, (_number, cells) in enumerate(lines[:SEARCHED]):
        found = columns_of(cells)
        if all(name in found for name in REQUIRED):
            return place, found
    return None


def columns_of(cells: Sequence[Any]) -> dict[str, int]:
    """Return {column: index} of one line; of two heads for the same column the commoner word wins."""
    found: dict[str, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        word = fold_head(cell)
        column = BY_HEAD.get(word)
        if column is not None and (column not in found or RANKS[word] < found[column][0]):
            found[column] = (RANKS[word], index)
    return {column: index for column, (_rank, index) in found.items()}


def fold_head(cell: Any) -> str:
    """Return a head without its footnote signs: "Smelter Look-up (*)" is "smelter look up"."""
    return fold_name(cell) if isinstance(cell, str) else ""
