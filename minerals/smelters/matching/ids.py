"""Identification numbers of smelters: "CID" and six digits; before 2014 "1DEU001"; and what people make of them."""

import re
import unicodedata
from typing import Final

from rapidfuzz.distance import OSA

CID: Final = re.compile(r"CID\d{6}", re.ASCII)
OLD_ID: Final = re.compile(r"([1-4])([A-Z]{3})(\d{3})", re.ASCII)
OLD_METALS: Final = {"1": "Gold", "2": "Tin", "3": "Tantalum", "4": "Tungsten"}
DIGITS: Final = 6
LONGEST: Final = 9
# Letters that are typed for a digit, or read for one by a scanner.
LOOK_ALIKES: Final = str.maketrans(
    {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
)
HEAD: Final = re.compile(r"(?:C[I1L|][DO0]|C[I1L|]|CD|ID)(?=[\dOQDILSBZ|])")


def tidy_id(text: str) -> str:
    """Return an id as it was typed, composed and trimmed, at most 60 characters."""
    return " ".join(unicodedata.normalize("NFKC", text).split())[:60].strip()


def is_cid(text: str) -> bool:
    """Whether the text is a well-formed CID, exactly."""
    return CID.fullmatch(text) is not None


def is_old_id(text: str) -> bool:
    """Whether the text is an id of the templates before 4.0: metal digit, country, number."""
    return OLD_ID.fullmatch(text.upper()) is not None


def read_old_id(text: str) -> tuple[str, str] | None:
    """Return (metal, three-letter country) of an old id; None for anything else."""
    found = OLD_ID.fullmatch(text.upper())
    return (OLD_METALS[found[1]], found[2]) if found else None


def read_digits(text: str) -> str:
    """Return the digits somebody meant by an id, empty where it is no CID at all.

    Mended: blanks and signs between, lower case, O for 0, l for 1, "CID" left out.
    """
    plain = re.sub(r"[\s._:#/-]+", "", unicodedata.normalize("NFKC", text).upper())
    head = HEAD.match(plain)
    rest = plain[head.end() :] if head else plain
    if not head and not any(letter.isdigit() for letter in rest):
        return ""
    digits = rest.translate(LOOK_ALIKES)
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else ""


def mend_cid(text: str) -> str:
    """Return the CID that a mistyped one was meant to be, empty where that cannot be said.

    Zeros that Excel dropped are put back; those that were typed too often are taken away.
    """
    digits = read_digits(text).lstrip("0")
    return f"CID{digits.zfill(DIGITS)}" if 1 <= len(digits) <= DIGITS else ""


def tell_slip(digits: str, cid: str) -> str:
    """Return the one slip that made `digits` of a CID: "digit", "swapped" or "length"; empty where there are more."""
    right = cid.removeprefix("CID")
    if digits == right or OSA.distance(digits, right, score_cutoff=1) != 1:
        return ""
    if len(digits) != len(right):
        return "length"
    return "swapped" if sorted(digits) == sorted(right) else "digit"
