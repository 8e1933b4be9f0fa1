"""The sheets of a questionnaire in a workbook: their columns, and the names of languages.

The names are those of XLSForm; columns under `OURS` are our own, which XLSForm passes over.
"""

import re
from typing import Final

from msgspec import Struct

SURVEY, CHOICES, FLAGS, SETTINGS = "survey", "choices", "flags", "settings"


class Column(Struct, frozen=True):
    """A column: its name, whether there is one per language, and whether a sheet cannot do without it.

    `only_others` leaves the default language out: XLSForm takes the title of a form in one language only.
    """

    name: str
    by_language: bool = False
    needed: bool = False
    ours: bool = False
    only_others: bool = False


def _ours(name: str, *, by_language: bool = False) -> Column:
    return Column(name, by_language=by_language, ours=True)


COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    SURVEY: (
        Column("type", needed=True),
        Column("name", needed=True),
        Column("label", by_language=True, needed=True),
        Column("hint", by_language=True),
        Column("required"),
        Column("relevant"),
        Column("constraint"),
        Column("appearance"),
        _ours("rows"),
        _ours("columns"),
        _ours("provision"),
        _ours("asks"),
        _ours("weight"),
        _ours("score"),
        _ours("unit"),
        _ours("period"),
        _ours("decimals"),
        _ours("why", by_language=True),
        _ours("evidence", by_language=True),
        _ours("evidence_required"),
        _ours("warn_if"),
        _ours("warn", by_language=True),
    ),
    CHOICES: (
        Column("list_name", needed=True),
        Column("name", needed=True),
        Column("label", by_language=True, needed=True),
        _ours("points"),
        _ours("exclusive"),
    ),
    FLAGS: (
        Column("code", needed=True, ours=True),
        Column("provision", needed=True, ours=True),
        Column("severity", needed=True, ours=True),
        Column("when", needed=True, ours=True),
        Column("text", by_language=True, needed=True, ours=True),
        _ours("advice", by_language=True),
        _ours("fires"),
        _ours("quiet"),
    ),
    SETTINGS: (
        Column("form_title", needed=True),
        Column("translated_title", by_language=True, ours=True, only_others=True),
        Column("form_id", needed=True),
        Column("version", needed=True),
        Column("default_language"),
        _ours("languages"),
        _ours("code_of_conduct"),
        _ours("asked_of"),
        _ours("bands"),
        _ours("extends"),
        _ours("extends_version"),
    ),
}

ALSO_READ: Final[dict[str, tuple[Column, ...]]] = {
    SURVEY: (Column("guidance_hint", by_language=True), Column("constraint_message", by_language=True)),
}
"""Columns of XLSForm that are read but never written: guidance_hint goes behind the hint, a message must stay empty."""

OTHER_NAMES: Final = {"relevance": "relevant", "list": "list_name", "id_string": "form_id", "title": "form_title"}
"""Older spellings that XLSForm still takes."""

LANGUAGE_NAMES: Final = {
    "en": "English",
    "ja": "Japanese",
    "zh-hans": "Simplified Chinese",
    "zh-hant": "Traditional Chinese",
    "th": "Thai",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ko": "Korean",
    "ms": "Malay",
    "my": "Burmese",
    "ne": "Nepali",
    "pt": "Portuguese",
    "tl": "Tagalog",
    "vi": "Vietnamese",
}

_BRACKETED: Final = re.compile(r".*\(\s*([A-Za-z0-9_-]+)\s*\)")
_BARE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_SCRIPT_LENGTH = 4
_REGION_LENGTH = 2


def show_code(language: str) -> str:
    """Spell a language code as it is usually spelt: zh-hans becomes zh-Hans, pt-br becomes pt-BR."""
    first, *rest = language.split("-")
    shown = [part.title() if len(part) == _SCRIPT_LENGTH else part for part in rest]
    return "-".join([first, *(part.upper() if len(part) == _REGION_LENGTH else part for part in shown)])


def language_head(language: str) -> str:
    """Name a language as the head of a column does: Japanese (ja)."""
    code = show_code(language)
    return f"{LANGUAGE_NAMES.get(language, code)} ({code})"


def read_language(words: str) -> str | None:
    """Give the code that is meant by "Japanese (ja)", "ja" or "Japanese"; None where there is none."""
    bracketed = _BRACKETED.fullmatch(words)
    known = {name.lower(): code for code, name in LANGUAGE_NAMES.items()}
    if bracketed:
        return bracketed[1].replace("_", "-").lower()
    if words.lower() in known:
        return known[words.lower()]
    return words.replace("_", "-").lower() if _BARE.fullmatch(words) else None
