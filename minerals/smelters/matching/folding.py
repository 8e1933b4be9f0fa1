"""Names made comparable: what two spellings of one name have in common."""

import re
import unicodedata
from typing import Final

from minerals.smelters.enums import Rejection

# The metals the templates speak of, by every word they use for them.
METALS: Final = {
    "au": "Gold",
    "sn": "Tin",
    "ta": "Tantalum",
    "w": "Tungsten",
    "co": "Cobalt",
    "cu": "Copper",
    "li": "Lithium",
    "ni": "Nickel",
    "al": "Aluminum",
    "ag": "Silver",
    "zn": "Zinc",
    "aluminium": "Aluminum",
    "natural graphite": "Graphite",
} | {
    metal.casefold(): metal
    for metal in (
        *("Gold", "Tin", "Tantalum", "Tungsten", "Cobalt", "Mica", "Copper", "Graphite", "Lithium", "Nickel"),
        *("Aluminum", "Silver", "Zinc"),
    )
}
# Words that say what form a company has, not which company it is. Left out of the comparison of similar names only:
# "Example Tin Ltd." and "Example Tin GmbH" may well be two companies.
FORMS: Final = frozenset(
    {"ab", "ag", "as", "bhd", "bv", "co", "coltd", "company", "corp", "corporation", "cv", "gmbh", "holding"}
    | {"holdings", "inc", "incorporated", "jsc", "kg", "kk", "limited", "llc", "llp", "ltd", "ltda", "mbh", "nv"}
    | {"ojsc", "ooo", "oy", "pjsc", "plc", "pt", "pte", "pty", "pvt", "sa", "sac", "sae", "sarl", "sas", "sdn", "se"}
    | {"spa", "spol", "srl", "sro", "sp", "zoo", "tbk", "the"}
)
# What people write where a name is asked for and they have none.
JUNK: Final = frozenset(
    {"", "na", "n a", "nil", "none", "no", "not applicable", "not available", "tbd", "tba", "unknown", "various", "any"}
    | {"see list", "see attached", "confidential", "supplier", "smelter", "refiner", "multiple", "same", "test", "x"}
    | {"不明", "なし", "未知", "无", "該当なし", "ไม่ทราบ"}
)
# Words of companies that sell metal and do not make it.
TRADERS: Final = frozenset({"trading", "trader", "traders", "distributor", "distributors", "distribution", "wholesale"})
INITIALS: Final = re.compile(r"(?<=\b\w) (?=\w\b)")  # "a g" was "A.G."
SPACES: Final = re.compile(r"\s+")


def clean_words(text: str, limit: int = 250) -> str:
    """Return a text on one line, composed and trimmed, cut to `limit` characters."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isprintable():
        plain = "".join(letter if letter.isprintable() else " " for letter in plain)
    return SPACES.sub(" ", plain).strip()[:limit].strip()


def fold_name(text: str) -> str:
    """Return a name so that width, case, accents of composition and punctuation do not matter.

    "EXAMPLE Tin-Works Co., Ltd." and "example tin works co ltd" are one; nothing that tells companies apart is lost.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(
        letter if unicodedata.category(letter)[0] in "LNM" else "" if letter in "'’.`" else " " for letter in plain
    )
    return " ".join(kept.split())[:250].strip()


def loosen_name(folded: str) -> str:
    """Return a folded name without accents and company forms, its words in order: for likeness only."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter))
    words = INITIALS.sub("", bare).split()
    return " ".join(sorted(word for word in words if word not in FORMS) or sorted(words))


def clean_metal(text: str) -> str:
    """Return a metal in the word of the templates: "TIN", "Tin (Sn)" and "Sn" are "Tin"; others as they stand."""
    plain = clean_words(text, 40)
    known = METALS.get(plain.casefold()) or METALS.get(plain.split("(")[0].strip().casefold())
    return known or plain


def is_junk(folded: str) -> bool:
    """Whether a folded name names no smelter: a metal, "N/A", "various"."""
    return folded in JUNK or folded in METALS or len(folded) == 1 or folded.replace(" ", "").isdigit()


def guess_rejection(folded: str) -> Rejection | None:
    """Return why a folded name is probably no smelter; a proposal for a person, never a decision."""
    if folded in METALS:
        return Rejection.METAL
    if is_junk(folded):
        return Rejection.NO_NAME
    return Rejection.TRADER if TRADERS & set(folded.split()) else None


def fold_country(text: str) -> str:
    """Return the name of a country without blanks, signs and articles: "Korea, Republic of the" is one word."""
    return fold_name(text).replace(" ", "").replace("the", "")
