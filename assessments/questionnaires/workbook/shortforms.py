"""Short readable forms of what one cell holds: limits, points, bands, and the examples of a rule."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assessments.questionnaires.conditions import as_number, is_iso_date
from assessments.questionnaires.core import ExpressionCode
from assessments.questionnaires.workbook.expressions import write_value
from assessments.questionnaires.workbook.tokens import FULL_WIDTH, ExpressionError

_NUMBER: Final = re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?([eE][+-]?[0-9]+)?|-?\.[0-9]+")
_AND: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_LIMIT: Final = re.compile(r"\.\s*(>=|<=)\s*(\S+)")
_SIGNS: Final = str.maketrans({"≤": "<=", "≥": ">="})
_PARTS: Final = re.compile(r"[;\n]")
_BAND: Final = re.compile(r"([^<>=:]+?)\s*(?:<\s*(\S+))?")
_SCORE_WORDS: Final = ("yes", "no", "valid", "expired")


def show_number(value: object) -> str:
    """Write a number without a needless fraction: 48.0 as 48."""
    number = as_number(value)
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else repr(number)


def read_number(text: str) -> int | float | None:
    """Read a number as people type it ("1,200", full-width digits); None for anything else."""
    folded = text.translate(FULL_WIDTH).strip()
    if not _NUMBER.fullmatch(folded):
        return None
    digits = folded.replace(",", "")
    try:
        return as_number(int(digits) if digits.lstrip("-").isdigit() else float(digits))
    except ValueError:  # an int of more than 4300 digits
        return None


def _needed_number(text: str, where: str) -> int | float:
    number = read_number(text)
    if number is None:
        if text:
            raise ExpressionError(ExpressionCode.NO_NUMBER_HERE, found=text)
        raise ExpressionError(ExpressionCode.NUMBER_AFTER, name=where)
    return number


# ---- limits -------------------------------------------------------------------------------------------
def write_limits(low: float | None, high: float | None) -> str:
    """Write the least and the greatest value as a constraint: . >= 0 and . <= 168."""
    limits = ((">=", low), ("<=", high))
    return " and ".join(f". {sign} {show_number(limit)}" for sign, limit in limits if limit is not None)


def read_limits(text: str) -> dict[str, int | float]:
    """Read a constraint as `min` and `max`; raise ExpressionError for one that says more than that."""
    found: dict[str, int | float] = {}
    for part in _AND.split(text.translate(FULL_WIDTH).translate(_SIGNS).strip()):
        match = _LIMIT.fullmatch(part)
        number = read_number(match[2]) if match else None
        key = "min" if match and match[1] == ">=" else "max"
        if number is None or key in found:
            raise ExpressionError(ExpressionCode.LIMITS)
        found[key] = number
    return found


# ---- points -------------------------------------------------------------------------------------------
def write_score(raw: Mapping[str, object]) -> str:
    """Write a rule for points: "48: 1; 60: 0.9; else: 0", "yes: 1; no: 0" or "valid: 1; expired: 0"."""
    steps = raw.get("steps")
    parts = [
        (show_number(step["up_to"]) if step.get("up_to") is not None else "else", step["points"])
        for step in (steps if isinstance(steps, Sequence) else ())
    ]
    parts += [(word, raw[word]) for word in _SCORE_WORDS if raw.get(word) is not None]
    return "; ".join(f"{name}: {show_number(points)}" for name, points in parts)


def read_score(text: str) -> dict[str, object]:
    """Read what `write_score` writes; "else 0" stands for "else: 0"."""
    steps: list[dict[str, object]] = []
    found: dict[str, object] = {}
    for part in _split(text):
        name, points = _pair(part)
        if name in found or any(step.get("up_to", "else") == (read_number(name) or name) for step in steps):
            raise ExpressionError(ExpressionCode.STANDS_TWICE, found=name)
        if name in _SCORE_WORDS:
            found[name] = points
        elif name == "else":
            steps.append({"points": points})
        else:
            steps.append({"up_to": _limit(name), "points": points})
    return {"steps": steps, **found} if steps else found


def _split(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(text.translate(FULL_WIDTH)) if part.strip()]


def _pair(part: str) -> tuple[str, int | float]:
    name, colon, points = part.partition(":")
    if not colon and part.lower().startswith("else"):
        name, points = "else", part[4:]
    elif not colon:
        raise ExpressionError(ExpressionCode.NO_COLON, found=part)
    name = name.strip().lower()
    return name, _needed_number(points.strip(), name)


def _limit(name: str) -> int | float:
    limit = read_number(name)
    if limit is None:
        raise ExpressionError(ExpressionCode.NO_LIMIT, found=name)
    return limit


# ---- bands --------------------------------------------------------------------------------------------
def write_bands(bands: Sequence[Mapping[str, object]]) -> str:
    """Write bands, high risk first: high < 60; medium < 85; low."""
    shown = ((str(band["code"]), band.get("below")) for band in bands)
    return "; ".join(code if below is None else f"{code} < {show_number(below)}" for code, below in shown)


def read_bands(text: str) -> list[dict[str, object]]:
    """Read what `write_bands` writes."""
    found: list[dict[str, object]] = []
    for part in _split(text):
        match = _BAND.fullmatch(part)
        if match is None:
            raise ExpressionError(ExpressionCode.NO_BAND, found=part)
        below = {} if match[2] is None else {"below": _needed_number(match[2], "<")}
        found.append({"code": match[1], **below})
    return found


# ---- examples -----------------------------------------------------------------------------------------
_STEP: Final = re.compile(
    r"""[^\S\n]+
    |(?P<end>\n)
    |(?P<mark>[;=(),])
    |(?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*"|[‘’＇][^‘’＇]*[‘’＇]|[“”＂][^“”＂]*[“”＂])
    |(?P<plain>[^\s;=(),'"‘’＇“”＂{\[]+)""",
    re.VERBOSE,
)
_CONSTANTS: Final[dict[str, object]] = {"true": True, "false": False, "null": None}
_CELL: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

Mark = tuple[str, object]


def write_examples(examples: Sequence[Mapping[str, object]]) -> str:
    """Write sets of answers, one a line: A3-LONGEST-WEEK = 61; B2-DRILLS = 'yes'; P-HEADS.agency.male = 4."""
    return "\n".join("; ".join(_write_answers(answers)) for answers in examples)


def _write_answers(answers: Mapping[str, object]) -> Iterator[str]:
    for code, value in answers.items():
        if isinstance(value, Mapping) and value and all(_is_cell(key, value[key]) for key in value):
            yield from (f"{code}.{cell} = {write_value(number)}" for cell, number in value.items())
        else:
            yield f"{code} = {_write_answer(value)}"


def _is_cell(key: object, value: object) -> bool:
    return isinstance(key, str) and _CELL.fullmatch(key) is not None and as_number(value) is not None


def _write_answer(value: object) -> str:
    if isinstance(value, str) or as_number(value) is not None:
        return write_value(value)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return f"({', '.join(write_value(item) for item in value)})"
    return json.dumps(value, ensure_ascii=False)


def read_examples(text: str) -> list[dict[str, object]]:
    """Read sets of answers, one a line; raise ExpressionError naming the line."""
    found: list[dict[str, object]] = []
    for number, line in enumerate(_cut_lines(text), start=1):
        try:
            if line:
                found.append(_read_answers(line))
        except ExpressionError as error:
            raise ExpressionError(error.code, **error.params, line=number) from None
    return found


def _cut_lines(text: str) -> list[list[Mark]]:
    """Cut a cell into lines of marks; a line break inside quotation marks is part of the text."""
    lines: list[list[Mark]] = [[]]
    place, decoder = 0, json.JSONDecoder()
    while place < len(text):
        match = _STEP.match(text, place)
        if match is not None:
            place = match.end()
            if match.lastgroup == "end":
                lines.append([])
            elif match.lastgroup is not None:
                lines[-1].append(_read_mark(match.lastgroup, match.group()))
            continue
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            raise ExpressionError(ExpressionCode.STRAY_SIGN, found=text[place], at=place + 1) from None
        lines[-1].append(("value", value))
    return lines


def _read_mark(kind: str, text: str) -> Mark:
    if kind == "string":
        quote, inner = text[0], text[1:-1]
        return "value", inner.replace(quote * 2, quote) if quote in "'\"" else inner
    return (kind, text.translate(FULL_WIDTH)) if kind == "plain" else ("mark", text)


def _read_answers(line: list[Mark]) -> dict[str, object]:
    answers: dict[str, object] = {}
    place = 0
    while place < len(line):
        kind, name = line[place]
        if kind != "plain" or line[place + 1 : place + 2] != [("mark", "=")]:
            raise ExpressionError(ExpressionCode.EXAMPLE_FORM, found=name)
        value, place = _read_answer(line, place + 2, str(name))
        _keep(answers, str(name), value)
        if line[place : place + 1] not in ([], [("mark", ";")]):
            raise ExpressionError(ExpressionCode.EXAMPLE_SEMICOLON, code=name)
        place += 1
    return answers


def _keep(answers: dict[str, object], name: str, value: object) -> None:
    """Put an answer down; the cells of one table go together."""
    code, dot, cell = name.partition(".")
    whole = answers.setdefault(code, {}) if dot else answers
    key = cell if dot else code
    if not isinstance(whole, dict) or key in whole:
        raise ExpressionError(ExpressionCode.STANDS_TWICE, found=name)
    whole[key] = value


def _read_answer(line: list[Mark], place: int, name: str) -> tuple[object, int]:
    kind, value = line[place] if place < len(line) else ("", None)
    if kind == "value":
        return value, place + 1
    if kind == "plain":
        return _plain(str(value)), place + 1
    if (kind, value) == ("mark", "("):
        return _read_codes(line, place + 1, name)
    raise ExpressionError(ExpressionCode.EXAMPLE_VALUE_MISSING, code=name)


def _plain(word: str) -> object:
    """A word without quotation marks: a number, or the text as it stands (yes, 2026-11-30)."""
    if word in _CONSTANTS:
        return _CONSTANTS[word]
    number = None if is_iso_date(word) else read_number(word)
    return word if number is None else number


def _read_codes(line: list[Mark], place: int, name: str) -> tuple[object, int]:
    codes: list[object] = []
    while line[place : place + 1] != [("mark", ")")]:
        if codes and line[place : place + 1] == [("mark", ",")]:
            place += 1
        kind, value = line[place] if place < len(line) else ("", None)
        if kind not in ("value", "plain"):
            raise ExpressionError(ExpressionCode.EXAMPLE_CHOICES, code=name)
        codes.append(value)
        place += 1
    return codes, place + 1
