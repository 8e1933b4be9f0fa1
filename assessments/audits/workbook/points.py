"""Which checkpoint a cell means: "A3", "A 3", "A3.1" and "VAP-A3.2.1" may all be A3."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Fit(StrEnum):
    """How a cell fits the checkpoints of a programme."""

    EXACT = "exact"
    NEAR = "near"  # understood, but shown to a person
    SEVERAL = "several"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Match:
    """The checkpoint a cell means."""

    fit: Fit
    code: str = ""


class Points:
    """The checkpoints of one programme, ready to be looked up."""

    def __init__(self, codes: Iterable[str]) -> None:
        known = tuple(codes)
        keys = Counter(key_of(code) for code in known)
        # Two checkpoints that only differ in writing are never taken for each other.
        self.by_key = {key_of(code): code for code in known if keys[key_of(code)] == 1}
        self.exact = frozenset(known)
        self.pattern = pattern_of([key for key in self.by_key if any(letter.isdigit() for letter in key)])

    def find(self, text: str, *, finer: bool = False) -> Match:
        """Return the checkpoint of a cell; `finer` takes a part of a checkpoint and words around it, too."""
        plain = text.strip()
        if plain in self.exact:
            return Match(Fit.EXACT, plain)
        code = self.by_key.get(key_of(plain))
        if code is not None:
            return Match(Fit.EXACT if not finer else Fit.NEAR, code)
        return self.find_within(plain) if finer else Match(Fit.UNKNOWN)

    def find_within(self, text: str) -> Match:
        """Return the first checkpoint named in a text; two in a row ("A3, A4") are too many for one line."""
        plain = unicodedata.normalize("NFKC", text).casefold()
        found = self.pattern.search(plain) if self.pattern else None
        if found is None:
            return Match(Fit.UNKNOWN)
        code = self.by_key[key_of(found["code"])]
        beside = re.match(r"\s*[,;/&+、・]\s*", plain[found.end() :])
        if self.pattern and beside:
            second = self.pattern.match(plain, found.end() + beside.end())
            if second is not None and self.by_key[key_of(second["code"])] != code:
                return Match(Fit.SEVERAL)
        return Match(Fit.NEAR, code)


def key_of(text: str) -> str:
    """Return a code so that width, case, blanks, hyphens and leading zeros do not matter; dots do."""
    plain = re.sub(r"[\s_–-]+", "", unicodedata.normalize("NFKC", text).casefold()).rstrip(".:")
    return re.sub(r"0+(?=[0-9])", lambda zeros: "" if starts_number(plain, zeros.start()) else zeros[0], plain)


def starts_number(text: str, place: int) -> bool:
    """Whether no digit stands before the place: "A03" has a leading zero there, "A103" has none."""
    return place == 0 or not text[place - 1].isdigit()


def pattern_of(keys: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds a code in a text, the longest first, with finer numbers or one letter behind it."""
    codes = [loose_code(key) for key in sorted(keys, key=len, reverse=True)]
    if not codes:
        return None
    return re.compile(rf"(?<![a-z0-9.])(?P<code>{'|'.join(codes)})(?:\.[0-9a-z]{{1,3}})*[a-z]?(?![a-z0-9])")


def loose_code(key: str) -> str:
    """Return the pattern of one code: blanks, hyphens and zeros may stand before each number."""
    parts = re.findall(r"[0-9]+|[^0-9]", key)
    pieces = (
        rf"[\s_–-]{{0,3}}0*{part}" if part.isdigit() and index else re.escape(part) for index, part in enumerate(parts)
    )
    return "".join(pieces)
