"""A draft as flat fields, so that each is saved, compared and quarrelled about on its own.

A draft is a Declared as plain data. Keys: company.<name>, scope, scope_description, effective_date, minerals (one a
line), answer.<question>.<mineral>, comment.<question>.<mineral>, policy.<letter>[.<mineral>], why.<letter>[.<mineral>],
smelter.<row>.<column>, product.<row>.<column>.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import msgspec

from minerals.declarations.document.asking import (
    LETTERS,
    MOST_MINERALS,
    OPTIONS,
    SCOPES,
    Step,
    asked_questions,
    company_options,
    is_per_mineral,
    minerals_of,
    needed_keys,
    options_of,
    steps_of,
    use_questions,
    used_minerals,
)
from minerals.templates_io.document import UNIDENTIFIED, UNLISTED, Company, Declared
from minerals.templates_io.enums import Template

COMPANY_NAMES: Final = Company.__struct_fields__
SMELTER_COLUMNS: Final = ("name", "country", "mines", "mine_countries", "recycled", "comments")
PRODUCT_COLUMNS: Final = ("number", "name", "requester_number", "requester_name", "comments")
FIRST_ROW: Final = {"smelters": 5, "products": 6}
LONGEST: Final = 2000
LONGEST_LINE: Final = 250
LONG_KEYS: Final = ("comment", "why", "company.address", "scope_description")
LONG_COLUMNS: Final = frozenset({"mines", "mine_countries", "comments"})
ODD: Final = re.compile(r"[^\w ()/+&-]")
UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
Plain = dict[str, Any]
Marks = Mapping[str, list[Any]]


class FieldError(ValueError):
    """A value that cannot stand: `code` is one of option, date, long, minerals, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Outcome(msgspec.Struct, kw_only=True):
    """What came of a save: fields written, fields two people wrote, fields with a value that cannot stand."""

    saved: list[str] = []
    conflicts: dict[str, str] = {}  # key: what I wrote; what stands is in the draft
    wrong: dict[str, tuple[str, str]] = {}  # key: what I wrote, code of the error


def clean_text(text: str) -> str:
    """Return a text as it can be kept: no database and no workbook holds control characters or half a letter."""
    return UNSTORABLE.sub("", text.replace("\r\n", "\n"))


def read_field(data: Mapping[str, Any], key: str) -> str:
    """Return the value of a field, "" where nothing stands."""
    kind, *path = key.split(".")
    if kind == "minerals":
        return "\n".join(data.get("minerals", ()))
    if not path:
        return str(data.get(key) or "")
    if kind in {"answer", "comment"}:
        answer = data.get("answers", {}).get(path[0], {}).get(path[1]) or {}
        return str(answer.get("value" if kind == "answer" else "comment", ""))
    if kind in {"policy", "why"}:
        return read_policy(data, kind, path)
    if kind == "company":
        return str(data.get("company", {}).get(path[0], ""))
    row = find_row(data, kind, path[0])
    return str(row.get(path[1], "")) if row else ""


def read_policy(data: Mapping[str, Any], kind: str, path: list[str]) -> str:
    """Return an answer or comment about the company."""
    entry = data.get("company_questions", {}).get(path[0]) or {}
    if len(path) > 1:
        answer = entry.get("minerals", {}).get(path[1]) or {}
        return str(answer.get("value" if kind == "policy" else "comment", ""))
    return str(entry.get("answer" if kind == "policy" else "comment", ""))


def find_row(data: Mapping[str, Any], kind: str, number: str) -> Plain | None:
    """Return a row of the smelters or products by its number."""
    rows: list[Plain] = data.get(f"{kind}s", [])
    return next((row for row in rows if str(row["row"]) == number), None)


def write_field(data: Plain, key: str, value: str) -> None:
    """Write a value that `check_field` let pass."""
    kind, *path = key.split(".")
    if kind == "minerals":
        data["minerals"] = value.split("\n") if value else []
    elif not path:
        data[key] = value
    elif kind in {"answer", "comment"}:
        answers = data.setdefault("answers", {}).setdefault(path[0], {})
        answers.setdefault(path[1], {})["value" if kind == "answer" else "comment"] = value
    elif kind in {"policy", "why"}:
        entry = data.setdefault("company_questions", {}).setdefault(path[0], {})
        if len(path) > 1:
            answer = entry.setdefault("minerals", {}).setdefault(path[1], {})
            answer["value" if kind == "policy" else "comment"] = value
        else:
            entry["answer" if kind == "policy" else "comment"] = value
    elif kind == "company":
        data.setdefault("company", {})[path[0]] = value
    else:
        row = find_row(data, kind, path[0])
        if row is not None:
            row[path[1]] = value


def is_field(data: Mapping[str, Any], key: str) -> bool:
    """Whether a key names a field of this draft."""
    kind, *path = key.split(".")
    match kind, len(path):
        case (("scope" | "scope_description" | "effective_date" | "minerals"), 0):
            return kind != "minerals" or data["template"] != Template.CMRT
        case "company", 1:
            return path[0] in COMPANY_NAMES
        case (("answer" | "comment"), 2):
            return path[0] in OPTIONS[data["template"]] and path[1] in minerals_of(data)
        case (("policy" | "why"), (1 | 2)):
            return is_policy(data, path)
        case (("smelter" | "product"), 2):
            columns = SMELTER_COLUMNS if kind == "smelter" else PRODUCT_COLUMNS
            return path[1] in columns and find_row(data, kind, path[0]) is not None
    return False


def is_policy(data: Mapping[str, Any], path: list[str]) -> bool:
    """Whether a letter, with a mineral where it is asked for each, is asked in this template."""
    if path[0] not in tuple(LETTERS[data["template"]]):
        return False
    if len(path) == 1:
        return not is_per_mineral(data["template"], path[0])
    return is_per_mineral(data["template"], path[0]) and path[1] in minerals_of(data)


def check_field(data: Mapping[str, Any], key: str, value: str) -> str:
    """Return the value as it is kept; raises FieldError for one that cannot stand."""
    kind, *path = key.split(".")
    if not is_field(data, key):
        raise FieldError("unknown")
    if kind == "minerals":
        return check_minerals(data, value)
    value = clean_text(value).strip()
    options = field_options(data, key)
    if value and options and value not in options:
        raise FieldError("option")
    if value and key == "effective_date":
        return check_date(value)
    is_long = (
        kind in LONG_KEYS
        or (len(path) > 1 and path[1] in LONG_COLUMNS)
        or key in {"company.address", "scope_description"}
    )
    if len(value) > (LONGEST if is_long else LONGEST_LINE):
        raise FieldError("long")
    return value


def field_options(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return what one may choose from; nothing where one writes."""
    kind, *path = key.split(".")
    if key == "scope":
        return SCOPES
    if kind == "answer":
        return options_of(data["template"], path[0], path[1])
    if kind == "policy":
        return company_options(data["template"], path[0])
    return ("Yes", "No", "Unknown") if kind == "smelter" and path[1] == "recycled" else ()


def check_minerals(data: Mapping[str, Any], value: str) -> str:
    """Return the minerals, each once, in the order of the alphabet as the templates have them."""
    wanted = {" ".join(line.split())[:40] for line in re.split(r"[\n,;]", clean_text(value))} - {""}
    if len(wanted) > MOST_MINERALS or any(ODD.search(mineral) for mineral in wanted):
        raise FieldError("minerals")
    return "\n".join(sorted(wanted))


def check_date(value: str) -> str:
    """Return an ISO date."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise FieldError("date") from error


def merge_fields(
    data: Plain, marks: dict[str, list[Any]], posted: Mapping[str, tuple[str, int]], *, now: int
) -> Outcome:
    """Write what was posted, {key: (value, the version it was written on top of)}, into the draft, as version `now`.

    `marks` is {key: [version of its last change, what stood before]}. A field that somebody else changed meanwhile
    stays as it is: silently where mine is what stood before, as a conflict where it is something third.
    """
    outcome = Outcome()
    for key, (raw, base) in posted.items():
        try:
            value = check_field(data, key, raw)
        except FieldError as error:
            if error.code != "unknown":
                outcome.wrong[key] = (raw, error.code)
            continue
        stands = read_field(data, key)
        if value == stands:
            continue
        changed, before = marks.get(key, [0, ""])
        if changed > base:
            if value != before:
                outcome.conflicts[key] = value
            continue
        write_field(data, key, value)
        marks[key] = [now, stands]
        outcome.saved.append(key)
    return outcome


def counts_of(data: Mapping[str, Any], step: Step) -> tuple[int, int]:
    """Return how many fields of a page are filled in, and how many there are."""
    if step.kind in {"smelters", "products"}:
        rows = rows_of(data, step)
        done = sum(is_complete(row, step.kind) for row in rows)
        return done, max(1, len(rows))
    keys = needed_keys(data, step)
    return sum(bool(read_field(data, key)) for key in keys), len(keys)


def step_of(data: Mapping[str, Any], key: str) -> Step:
    """Return the page on which a field stands; the first where its page is not asked for now."""
    kind, *path = key.split(".")
    match kind:
        case "answer" | "comment":
            return first_step(data, "use" if path[0] in use_questions(data) else "questions")
        case "policy" | "why":
            return first_step(data, "policies")
        case "minerals":
            return first_step(data, "minerals")
        case "smelter":
            return first_step(data, "smelters", str((find_row(data, kind, path[0]) or {}).get("metal", "")))
        case "product":
            return first_step(data, "products")
    return first_step(data, "company")


def first_step(data: Mapping[str, Any], kind: str, mineral: str = "") -> Step:
    """Return the page of a kind and mineral, else any of the kind, else the first page."""
    steps = steps_of(data)
    fits = [step for step in steps if step.kind == kind]
    exact = [step for step in fits if step.mineral == mineral]
    return (exact or fits or list(steps))[0]


def rows_of(data: Mapping[str, Any], step: Step) -> list[Plain]:
    """Return the rows of a page: the smelters of its mineral, or the products."""
    if step.kind == "products":
        return list(data.get("products", []))
    return [row for row in data.get("smelters", []) if row.get("metal") == step.mineral]


def is_complete(row: Mapping[str, Any], kind: str) -> bool:
    """Whether a row says what it has to."""
    if kind == "products":
        return bool(row.get("number"))
    lookup = str(row.get("lookup", "")).lower()
    return lookup == UNIDENTIFIED or bool(row.get("name") and (row.get("country") or lookup != UNLISTED))


def next_row(data: Mapping[str, Any], kind: str) -> int:
    """Return the number of a new row."""
    numbers: list[int] = [row["row"] for row in data.get(kind, [])]
    return max([FIRST_ROW[kind] - 1, *numbers]) + 1


def trim(data: Mapping[str, Any]) -> Plain:
    """Return the draft without what is no longer asked; in the draft itself it is kept."""
    used = used_minerals(data)
    answers = {
        question: {
            mineral: answer
            for mineral, answer in data.get("answers", {}).get(question, {}).items()
            if mineral in minerals_of(data) and question in asked_questions(data, mineral) and any(answer.values())
        }
        for question in OPTIONS[data["template"]]
    }
    company: dict[str, Any] = data.get("company_questions", {}) if used else {}
    return {
        **data,
        "answers": {question: row for question, row in answers.items() if row},
        "company_questions": {letter: trim_policy(entry, used) for letter, entry in company.items()},
        "smelters": [row for row in data.get("smelters", []) if row.get("metal") in used],
        "products": data.get("products", []) if data.get("scope") == "B" else [],
        "scope_description": data.get("scope_description", "") if data.get("scope") == "C" else "",
    }


def trim_policy(entry: Plain, used: Iterable[str]) -> Plain:
    """Return an answer about the company without minerals that are not used."""
    kept = {mineral: answer for mineral, answer in entry.get("minerals", {}).items() if mineral in used}
    return {**entry, "minerals": kept} if "minerals" in entry else entry


def declared_of(data: Mapping[str, Any]) -> Declared:
    """Return a draft as the declaration it would be handed in as."""
    return msgspec.convert(trim(data), Declared)


def open_steps(data: Mapping[str, Any]) -> list[Step]:
    """Return the pages on which something is missing."""
    return [step for step in steps_of(data) if counts_of(data, step)[0] < counts_of(data, step)[1]]
