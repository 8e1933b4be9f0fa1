"""Lines of a sheet in, the content of each checkpoint or the cells to mend out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from assessments.audits.workbook.columns import IGNORED, KEY, READ_COLUMNS, Layout, Line, Words, fold, read_key
from assessments.audits.workbook.content import TEXTS, Content, faults_of, join_contents, split_points
from assessments.audits.workbook.points import Fit, Match, Points

SKIP: Final = "skip"  # what a word of a foreign sheet stands for when its lines are passed over
SHOWN_VALUE: Final = 200
MOST_PROBLEMS: Final = 1_000


@dataclass(frozen=True)
class Problem:
    """One cell to mend: its line, the column, what stands there, a stable code and what its sentence needs."""

    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """What the sheet says on one checkpoint: the lines it was read from, and how they named it when not by its code.

    `version` is what stood when our table was downloaded; None in every other sheet.
    """

    content: Content
    lines: tuple[int, ...]
    named: tuple[str, ...] = ()
    version: int | None = None


@dataclass
class Reading:
    """What a sheet holds: entries by checkpoint, or problems. `given` are the columns it has."""

    given: frozenset[str] = frozenset()
    entries: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0


def read_lines(lines: Iterable[Line], layout: Layout, points: Points, words: Words) -> Reading:
    """Read every line; a line below another without a checkpoint, or with the same one, adds its data points.

    After MOST_PROBLEMS the rest is passed over: nobody reads a longer list.
    """
    given = frozenset(column for column in READ_COLUMNS if column in layout.columns) - {"checkpoint"}
    reader = _Reader(layout, points, words, Reading(given))
    for line in lines:
        if len(reader.reading.problems) >= MOST_PROBLEMS:
            break
        reader.take(line)
    return reader.finish()


class _Reader:
    """Reads line after line; `last` is the checkpoint a line without one belongs to, with its cells."""

    def __init__(self, layout: Layout, points: Points, words: Words, reading: Reading) -> None:
        self.layout = layout
        self.points = points
        self.words = words
        self.reading = reading
        self.last: tuple[str, dict[str, str]] | None = None

    def take(self, line: Line) -> None:
        """Take one line in."""
        cells = {
            column: line.cells[index].strip()
            for column, index in self.layout.columns.items()
            if index < len(line.cells) and line.cells[index].strip()
        }
        filled = cells.keys() & set(READ_COLUMNS)
        if not filled or cells.get("checkpoint", "").startswith(IGNORED):
            self.last = None if filled else self.last
        elif "checkpoint" not in filled:
            self.take_nameless(line, cells, filled)
        else:
            self.take_named(line, cells, filled)

    def take_nameless(self, line: Line, cells: dict[str, str], filled: set[str]) -> None:
        """A line without a checkpoint adds data points to the one above, and nothing else."""
        if self.last is not None and filled == {"data_points"}:
            self.add_points(line, self.last[0], cells)
        elif len(filled) == 1:
            self.fail(line, min(filled), cells[min(filled)], "footer", row=line.number)
        else:
            self.fail(line, "checkpoint", "", "no_checkpoint")

    def take_named(self, line: Line, cells: dict[str, str], filled: set[str]) -> None:
        """A line with a checkpoint: the first on it, one that goes on, or one too many."""
        match = self.points.find(cells["checkpoint"], finer=self.layout.foreign)
        if match.fit in (Fit.UNKNOWN, Fit.SEVERAL):
            self.last = None
            alone = match.fit is Fit.UNKNOWN and filled == {"checkpoint"}
            code = "footer" if alone else {Fit.SEVERAL: "several"}.get(match.fit, "unknown")
            self.fail(line, "checkpoint", cells["checkpoint"], code, row=line.number)
            self.read_content(line, cells)  # for its own problems
            return
        if self.last is not None and self.last[0] == match.code and goes_on(self.last[1], cells):
            self.add_points(line, match.code, cells)
            return
        self.last = (match.code, cells)
        if filled != {"checkpoint"}:
            self.take_content(line, cells, match)

    def take_content(self, line: Line, cells: dict[str, str], match: Match) -> None:
        """Read the cells of a line and keep them; in a foreign sheet beside what other lines say on the checkpoint."""
        before = len(self.reading.problems)
        content = self.read_content(line, cells)
        if content is None:
            self.reading.skipped += 1
            return
        if len(self.reading.problems) > before:
            return
        named = (cells["checkpoint"],) if match.fit is Fit.NEAR else ()
        entry = Entry(content, (line.number,), named, version_of(cells.get(KEY, ""), match.code))
        known = self.reading.entries.get(match.code)
        if known is None:
            self.reading.entries[match.code] = entry
        elif self.layout.foreign:
            self.reading.entries[match.code] = join_entries(known, entry)
        else:
            self.fail(line, "checkpoint", cells["checkpoint"], "twice", first=known.lines[0])

    def read_content(self, line: Line, cells: dict[str, str]) -> Content | None:
        """Return the cells as a content; None for a word that says the line is passed over."""
        said = cells.get("conclusion", "")
        conclusion = self.layout.words.get(fold(said)) or self.words.conclusions.get(fold(said), "")
        if conclusion == SKIP:
            return None
        if said and not conclusion:
            self.fail(line, "conclusion", said, "conclusion")
        topic = self.words.topics.get(fold(cells.get("topic", "")), "")
        if cells.get("topic") and not topic:
            self.fail(line, "topic", cells["topic"], "topic")
        texts = {column: cells.get(column, "") for column in TEXTS}
        return Content(conclusion, split_points(cells.get("data_points", "")), topic=topic, **texts)

    def add_points(self, line: Line, code: str, cells: dict[str, str]) -> None:
        """Add the data points of a line to its checkpoint; one that stands there already is not added again."""
        known = self.reading.entries.get(code, Entry(Content(), ()))
        content = known.content
        joined = tuple(dict.fromkeys((*content.data_points, *split_points(cells.get("data_points", "")))))
        if joined != content.data_points:
            lines = (*known.lines, line.number)
            self.reading.entries[code] = replace(known, content=replace(content, data_points=joined), lines=lines)

    def fail(self, line: Line, column: str, value: str, code: str, **params: Any) -> None:
        """Write a problem down."""
        self.reading.problems.append(Problem(line.number, column, value[:SHOWN_VALUE], code, params))

    def finish(self) -> Reading:
        """See whether each content makes sense as a whole, and sort the problems by line."""
        for code, entry in self.reading.entries.items():
            for fault in faults_of(entry.content):
                value = "" if fault.code == "description_missing" else code
                self.reading.problems.append(Problem(entry.lines[0], fault.column, value, fault.code, fault.params))
        self.reading.problems.sort(key=lambda problem: problem.line)
        return self.reading


def goes_on(above: Mapping[str, str], cells: Mapping[str, str]) -> bool:
    """Whether a line on the same checkpoint only adds data points: merged cells repeat what stands above."""
    others = (column for column in READ_COLUMNS if column not in ("checkpoint", "data_points"))
    return all(cells.get(column) in (None, above.get(column)) for column in others)


def join_entries(first: Entry, second: Entry) -> Entry:
    """Return two lines on one checkpoint as one."""
    return Entry(
        join_contents(first.content, second.content),
        (*first.lines, *second.lines),
        tuple(dict.fromkeys((*first.named, *second.named))),
    )


def version_of(key: str, checkpoint: str) -> int | None:
    """Return the version in the hidden column, when it belongs to this checkpoint."""
    found = read_key(key)
    return found[2] if found is not None and found[1] == checkpoint else None
