"""Rows of a list of smelters: clean entries, one per metal and id, or the cells that are wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from minerals.smelters.comparison import Entry
from minerals.smelters.enums import Status
from minerals.smelters.matching import clean_metal, clean_words, fold_country, fold_name, is_cid, is_old_id, tidy_id
from minerals.smelters.workbook.cells import clean_status, is_ticked, read_day
from minerals.templates_io.document import LookupRow

Numbered = tuple[int, Sequence[Any]]
MOST_FAULTS: Final = 1000
# Rows of look-up lists that are no smelters.
PSEUDO: Final = frozenset({"smelter not listed", "smelter not yet identified", "unknown"})
FOOTER: Final = "©"


@dataclass(frozen=True, slots=True)
class CellFault:
    """One thing wrong: where, what stands there, why."""

    sheet: str
    row: int
    column: int  # index from 0
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row as text, by column; a missing column is empty."""

    row: int
    cells: Mapping[str, Any]

    def text(self, column: str, limit: int = 250) -> str:
        """Return a cell as text on one line."""
        value = self.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean_words("" if value is None else str(value), limit)


@dataclass
class ListReading:
    """What a list holds: entries by metal and id, or what is wrong with it. `rows` counts what was read."""

    countries: Mapping[str, str]
    metal: str = ""  # of a list that has no column for it
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)  # countries that are not known by name
    rows: int = 0
    failed: int = 0  # all wrong cells; the list of them ends at MOST_FAULTS

    def fail(self, at: "Place", column: str, value: str, code: str, **params: Any) -> None:
        """Note a wrong cell."""
        self.failed += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(CellFault(at.sheet, at.row, at.columns.get(column, 0), value, code, params))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands."""

    sheet: str
    row: int
    columns: Mapping[str, int]


def read_lines(reading: ListReading, sheet: str, lines: Sequence[Numbered], columns: Mapping[str, int]) -> None:
    """Take the rows under the heads of one sheet in."""
    for number, cells in lines:
        given = {column: cells[index] for column, index in columns.items() if index < len(cells)}
        line = Line(number, given)
        if is_nothing(line):
            continue
        reading.rows += 1
        read_line(reading, line, Place(sheet, number, columns))


def is_nothing(line: Line) -> bool:
    """Whether a row is empty, a footer, or one of the pseudo rows of a look-up list."""
    texts = [line.text(column) for column in line.cells]
    if not any(texts) or any(text.startswith(FOOTER) for text in texts):
        return True
    words = {line.text("lookup").lower(), line.text("name").lower()} - {""}
    no_id = not line.text("cid")
    return no_id and (not line.text("name") or bool(words & PSEUDO) or sum(map(bool, texts)) == 1)


def read_line(reading: ListReading, line: Line, at: Place) -> None:
    """Take one row in: an entry, more names for one that is there, or what is wrong with it."""
    metal, cid, name = clean_metal(line.text("metal")) or reading.metal, tidy_id(line.text("cid")), line.text("name")
    before = reading.failed
    if not metal:
        reading.fail(at, "metal", "", "metal_missing")
    if not is_cid(cid):
        code = "id_missing" if not cid else "id_old" if is_old_id(cid) else "id_wrong"
        reading.fail(at, "cid", cid, code)
    if not name:
        reading.fail(at, "name", "", "name_missing")
    audited_on, readable = read_day(line.cells.get("audited_on"))
    if not readable:
        reading.fail(at, "audited_on", line.text("audited_on"), "date")
    if reading.failed > before:
        return
    country_text = line.text("country", 120)
    country = reading.countries.get(fold_country(country_text), "")
    if country_text and not country:
        reading.strange.add(country_text)
    status, text, programme = read_status(line)
    entry = Entry(
        metal=metal,
        cid=cid,
        name=name,
        names=other_names(line, name),
        old_ids=tuple(word.upper() for word in line.text("old_id").replace(",", " ").split() if is_old_id(word)),
        country=country,
        country_text=country_text,
        city=line.text("city", 120),
        state=line.text("state", 120),
        status=status,
        text=text,
        programme=programme,
        audited_on=audited_on,
        cycle=line.text("cycle", 40),
    )
    take_entry(reading, entry, at)


def read_status(line: Line) -> tuple[str, str, str]:
    """Return (status, the source's word, programme); a tick of another programme counts where no word stands."""
    text, programme = line.text("status"), line.text("programme", 120)
    others = [name for column, name in (("lbma", "LBMA"), ("rjc", "RJC")) if is_ticked(line.text(column))]
    if others and not programme:
        programme = ", ".join(others)
    if not text and others:
        return Status.RECOGNISED, "", programme
    return clean_status(text), text, programme


def other_names(line: Line, name: str) -> tuple[str, ...]:
    """Return the further names of a row: its look-up name, or aliases parted by semicolons."""
    given = [clean_words(word) for word in line.text("lookup", 2000).split(";")]
    return tuple(dict.fromkeys(word for word in given if word and word != name and word.lower() not in PSEUDO))


def take_entry(reading: ListReading, entry: Entry, at: Place) -> None:
    """Add an entry; a further row of the same smelter may bring another look-up name, not another standard name."""
    known = reading.entries.get(entry.key)
    if known is None:
        reading.entries[entry.key] = entry
        return
    if fold_name(known.name) != fold_name(entry.name):
        reading.fail(at, "name", entry.name, "other_name", first=known.name, cid=entry.cid)
        return
    if entry.status and known.status and entry.text.casefold() != known.text.casefold():
        reading.fail(at, "status", entry.text, "other_status", first=known.text, cid=entry.cid)
        return
    reading.entries[entry.key] = merge_entries(known, entry)


def merge_entries(known: Entry, entry: Entry) -> Entry:
    """Return two rows of one smelter as one entry: names joined, what the first leaves open filled in."""
    joined = {
        name: getattr(known, name) or getattr(entry, name)
        for name in (
            *("country", "country_text", "city", "state", "status", "text", "programme", "audited_on", "cycle"),
        )
    }
    return Entry(
        metal=known.metal,
        cid=known.cid,
        name=known.name,
        names=tuple(dict.fromkeys((*known.names, *entry.names))),
        old_ids=tuple(dict.fromkeys((*known.old_ids, *entry.old_ids))),
        **joined,
    )


def read_looked_up(rows: Sequence[LookupRow], countries: Mapping[str, str]) -> ListReading:
    """Return the entries of the look-up list of a template.

    Nobody can correct that list, so a row without a proper id, or one that contradicts a row above, is passed over.
    """
    reading = ListReading(countries)
    columns = ("metal", "lookup", "name", "country", "cid", "city", "state")
    places = {column: index for index, column in enumerate(columns)}
    for number, row in enumerate(rows, start=1):
        line = Line(number, {column: getattr(row, column) for column in columns})
        if not is_nothing(line):
            reading.rows += 1
            read_line(reading, line, Place("", number, places))
    return reading
