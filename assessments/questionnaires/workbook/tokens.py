"""Cutting an expression of a workbook into tokens; every token knows where it begins."""

import re
from typing import Final, NamedTuple

from assessments.questionnaires.conditions import as_number
from assessments.questionnaires.core import ExpressionCode, say_plainly, word_code

_FROM_ASIAN_KEYBOARDS: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "＂＇"}
FULL_WIDTH: Final = _FROM_ASIAN_KEYBOARDS | {0x3000: ord(" "), 0x2212: ord("-")}
"""Signs as ASCII has them, one for one, so that places stay; quotation marks are read as they stand."""

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<reference>\$\{[^{}$]*\})
    |(?P<string>'(?:[^']|'')*'|"(?:[^"]|"")*"|[‘’＇][^‘’＇]*[‘’＇]|[“”＂][^“”＂]*[“”＂])
    |(?P<number>-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<operator><=|>=|!=|[=<>≤≥≠])
    |(?P<word>[A-Za-z_][A-Za-z0-9_-]*)
    |(?P<mark>[(),*.])""",
    re.VERBOSE,
)
_SAME: Final = {"≤": "<=", "≥": ">=", "≠": "!="}
_HINTS: Final = {"&": "and", "|": "or", "!": "not(...)"}
LONGEST_NUMBER: Final = 40


class ExpressionError(Exception):
    """The expression cannot be read; the interface words it from `code` and `params`, which name the place in it."""

    def __init__(self, code: ExpressionCode, /, **params: object) -> None:
        super().__init__(word_code(code, params, say_plainly))
        self.code = code
        self.params = params


class Token(NamedTuple):
    """One token: its kind, its text, what it stands for, and where it begins (from 1)."""

    kind: str
    text: str
    value: str | int | float
    start: int


def cut_tokens(text: str) -> list[Token]:
    """Cut an expression into tokens; raise ExpressionError for a sign that has no meaning."""
    folded, place, found = text.translate(FULL_WIDTH), 0, []
    while place < len(folded):
        match = _TOKEN.match(folded, place)
        if match is None:
            raise _stray(text, place)
        if match.lastgroup and match.lastgroup != "space":
            raw = text[match.start() : match.end()]
            found.append(_make(match.lastgroup, match.group(), raw, place + 1))
        place = match.end()
    return found


def _make(kind: str, folded: str, raw: str, start: int) -> Token:
    if kind == "string":
        quote, inner = raw[0], raw[1:-1]
        return Token(kind, raw, inner.replace(quote * 2, quote) if quote in "'\"" else inner, start)
    if kind == "number":
        return Token(kind, raw, _number(folded, start), start)
    if kind == "reference":
        return Token(kind, raw, folded[2:-1].strip(), start)
    return Token(kind, raw, _SAME.get(folded, folded.lower() if kind == "word" else folded), start)


def _number(digits: str, start: int) -> int | float:
    whole = digits.lstrip("-").isdigit()
    number = as_number(int(digits) if whole else float(digits)) if len(digits) <= LONGEST_NUMBER else None
    if number is None:
        raise ExpressionError(ExpressionCode.NUMBER_TOO_LARGE, at=start)
    return number


def _stray(text: str, place: int) -> ExpressionError:
    sign = text[place]
    if sign in "'\"‘’“”＂＇":
        return ExpressionError(ExpressionCode.OPEN_QUOTE, at=place + 1)
    if sign == "$":
        return ExpressionError(ExpressionCode.BARE_DOLLAR, at=place + 1)
    if sign in _HINTS:
        return ExpressionError(ExpressionCode.STRAY_SIGN_WORD, found=sign, at=place + 1, word=_HINTS[sign])
    return ExpressionError(ExpressionCode.STRAY_SIGN, found=sign, at=place + 1)
