"""Lines pasted from a spreadsheet as smelters: an id or a name, a country, with or without a metal, in any order."""

import re
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

CID: Final = re.compile(r"^CID\s*\d{4,8}$", re.IGNORECASE)
MOST_LINES: Final = 500


class PastedRow(msgspec.Struct, frozen=True):
    """One line: what it names. `metal` is empty where the line does not say one."""

    line: str
    metal: str = ""
    cid: str = ""
    name: str = ""
    country: str = ""


def read_lines(text: str, minerals: Collection[str]) -> Iterator[PastedRow]:
    """Yield a row for each line that says anything; columns stand apart by tabs, or by semicolons."""
    for line in text.splitlines()[:MOST_LINES]:
        cells = [" ".join(cell.split()) for cell in split_line(line)]
        cells = [cell for cell in cells if cell]
        if cells:
            yield read_cells(line.strip(), cells, minerals)


def split_line(line: str) -> list[str]:
    """Return the columns of a line."""
    return line.split("\t") if "\t" in line else line.split(";")


def read_cells(line: str, cells: list[str], minerals: Collection[str]) -> PastedRow:
    """Return a row: a metal and an id are known by their look; of the rest the first is the name, then the country."""
    known = {mineral.casefold(): mineral for mineral in minerals}
    metal = next((known[cell.casefold()] for cell in cells if cell.casefold() in known), "")
    cid = next((cell for cell in cells if CID.match(cell)), "")
    rest = [cell for cell in cells if cell.casefold() not in known and cell != cid]
    name, country, *_more = [*rest, "", ""]
    return PastedRow(line, metal, "".join(cid.split()).upper(), name[:250], country[:120])
