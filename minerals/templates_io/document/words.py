"""Answers in one vocabulary. Options are English whatever the language of the labels: facts of every version."""

import re
import unicodedata

from minerals.templates_io.enums import Word

_SPACES = re.compile(r"[\s,.;:()]+")
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*%?$")
_FIXED = {
    "unknown": Word.UNKNOWN,
    "uncertain or unknown": Word.UNKNOWN,
    "uncertain": Word.UNKNOWN,
    "not declaring": Word.NOT_DECLARING,
    "not applicable for this declaration": Word.NOT_DECLARING,
    "did not survey": Word.NOT_SURVEYED,
    "none": Word.NONE,
}
# Parts of the answers about the share of suppliers, in the order they are looked for. CMRT 3.x asked in quarters.
_SHARES = (
    ("did not survey", Word.NOT_SURVEYED),
    ("unknown", Word.UNKNOWN),
    ("100", Word.ALL),
    ("greater than 90", Word.OVER_90),
    ("> 90", Word.OVER_90),
    ("greater than 75", Word.OVER_75),
    ("> 75", Word.OVER_75),
    ("greater than 50", Word.OVER_50),
    ("> 50", Word.OVER_50),
    ("50% or less", Word.UP_TO_50),
    ("less than 50", Word.UP_TO_50),
    ("< 50", Word.UP_TO_50),
    ("25", Word.UP_TO_50),
    ("none", Word.NONE),
)


def word_of(text: str) -> Word:
    """Return the word of an answer to a question of yes and no; what is none of the options is OTHER."""
    plain = _plain(text)
    if plain in _FIXED:
        return _FIXED[plain]
    if plain.endswith(" only") and not plain.startswith("yes "):
        return Word.REGION_ONLY
    if plain.startswith("yes when"):  # "when more processors are validated" is a plan
        return Word.OTHER
    if plain == "yes" or plain.startswith("yes "):
        return Word.YES
    return Word.NO if plain == "no" or plain.startswith("no ") else Word.OTHER


def share_of(text: str) -> Word:
    """Return the word of an answer about the share of suppliers: '100%', the number 1, 'No, but greater than 75%'."""
    plain = _plain(text).replace(">", "> ").replace("<", "< ").replace("  ", " ")
    number = _NUMBER.match(text.strip())
    if number and not text.strip().endswith("%"):
        return Word.ALL if float(number[1]) in {1.0, 100.0} else Word.OTHER
    for part, word in _SHARES:
        if part in plain:
            return word
    return {"yes": Word.ALL, "no": Word.OTHER}.get(plain, Word.OTHER)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
