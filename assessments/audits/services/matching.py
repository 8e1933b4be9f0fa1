"""How a firm's own sheet may be read: guessed from earlier sheets and similar words, for a person to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.audits.models import FindingUpload
from assessments.audits.queries import programme_of
from assessments.audits.queries.uploads import mappings_of
from assessments.audits.reports.template import words_of
from assessments.audits.services.tables import first_lines, split_lines, table_of
from assessments.audits.services.uploading import tables_of
from assessments.audits.workbook.columns import Line, Words, fingerprint, fold, name_headers
from assessments.audits.workbook.guessing import (
    MOST_WORDS,
    find_conclusions,
    find_header,
    find_words,
    guess_columns,
    guess_conclusion,
)
from portal.lib.workbook import column_letters

SAMPLES: Final = 3
LONGEST_SAMPLE: Final = 60


@dataclass(frozen=True)
class Match:
    """A sheet to be matched: its headers, and a guess for each of our columns and each of its words."""

    sheets: Sequence[str]
    sheet: str
    header_row: int
    headers: Sequence[str]
    columns: Mapping[str, str]
    words_of: str
    words: Sequence[str]
    meanings: Mapping[str, str]
    too_many_words: bool
    samples: Sequence[tuple[str, str, str]]  # column letters, header, what stands in its first cells


def guess_match(upload: FindingUpload, *, sheet: str = "", header_row: int = 0, conclusion: str = "") -> Match:
    """Return the guess for an upload; what is chosen already (the place, the column of conclusions) is kept.

    Raises DomainError when the row chosen for the headers is empty.
    """
    tables = tables_of(upload)
    table = table_of(tables, sheet or upload.sheet)
    if not header_row:
        kept = table.sheet == upload.sheet
        header_row = upload.mapping["header_row"] if kept else find_header(first_lines(table)) or table.header_row
    header, lines = split_lines(table, header_row)
    headers = name_headers(header.cells)
    known = mappings_of(upload.audit.firm_id or 0, [fingerprint(header.cells)]).get(fingerprint(header.cells))
    words = words_of(programme_of(upload.audit.programme))
    columns = dict(known.columns) if known else guess_all(headers, lines, words)
    if conclusion in headers:
        columns["conclusion"] = conclusion
    chosen = columns.get("conclusion", "")
    found = find_words(lines, headers.index(chosen)) if chosen in headers else []
    earlier = {fold(word): meaning for word, meaning in known.words.items()} if known else {}
    return Match(
        sheets=[table.sheet for table in tables],
        sheet=table.sheet,
        header_row=header.number,
        headers=headers,
        columns=columns,
        words_of=chosen,
        words=found[:MOST_WORDS],
        meanings=guess_meanings(found, earlier, words),
        too_many_words=len(found) > MOST_WORDS,
        samples=samples_of(headers, lines, table.first_column),
    )


def guess_all(headers: Sequence[str], lines: Sequence[Line], words: Words) -> dict[str, str]:
    """Return {our column: their header}; a column is known as the conclusions by what it holds, whatever its header."""
    named = {words.headers.get(fold(header)) for header in headers}
    likely = "" if "conclusion" in named else find_conclusions(headers, lines, words)
    return guess_columns(headers, {**words.headers, fold(likely): "conclusion"} if likely else words.headers)


def guess_meanings(found: Sequence[str], earlier: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return what each word means: as said before, else guessed."""
    return {word: earlier.get(fold(word)) or guess_conclusion(word, words) for word in found}


def samples_of(headers: Sequence[str], lines: Sequence[Line], first_column: int) -> list[tuple[str, str, str]]:
    """Return the first different cells of each column, so that a person sees what it holds."""
    found = []
    for index, header in enumerate(headers):
        cells = (" ".join(line.cells[index].split()) for line in lines if index < len(line.cells))
        seen = list(dict.fromkeys(cell[:LONGEST_SAMPLE] for cell in cells if cell))[:SAMPLES]
        if header:
            found.append((column_letters(first_column + index), header, " · ".join(seen)))
    return found
