"""What texts about origins are read by: names of countries, covered countries, phrases. Data of packs/*.yaml."""

import re
import unicodedata
from functools import cache, cached_property, lru_cache
from pathlib import Path

import msgspec

from minerals.origins.core.packs import read_pack

_PACKS = Path(__file__).parent.parent / "packs"
_ACCENTS = re.compile("[\u0300-\u036f]")
_INITIALS = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=\s?[^\W\d_](?:\.|\b)|\s|$|[,;)])")
# A full stop behind a usual short form ends nothing: "Dem. Rep. of the Congo", "St. Martin".
_STOPS = re.compile(
    r"[;；。|\n\r•·]|(?<!\brep)(?<!\bdem)(?<!\bst)(?<!\bste)(?<!\bis)(?<!\bisl)(?<!\bfed)(?<!\bpeop)\.(?=\s|$)|!|\?"
)
_LISTS = re.compile(r"[,，、/／:：+]")
_JOINERS = re.compile(r"""\band\b|\bor\b|[-&‐‑–—_().\[\]{}"'`´‘’“”「」（）<>*\t]""")
_SPACES = re.compile(r" +")


# Kinds of phrases that are looked for in a text, beside the names of countries.
_KINDS = ("groups", "before", "near", "after", "ends", "recycled", "not_recycled", "empty", "masks")


class Risk(msgspec.Struct, frozen=True):
    """What the lists in force say of one country: the worst grade, the regions it speaks of, the lists."""

    grade: str = ""
    regions: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


class Phrases(msgspec.Struct, frozen=True, kw_only=True):
    """Phrases of packs/phrases.yaml, folded when they are used."""

    covered: dict[str, list[str]]  # {programme: ISO 3166 codes}
    groups: list[str]
    before: list[str]
    near: list[str]
    fillers: list[str]
    verbs: list[str]
    after: list[str]
    joins: list[str]
    ends: list[str]
    recycled: list[str]
    not_recycled: list[str]
    empty: list[str]
    codes: dict[str, str]
    no_codes: list[str]
    masks: list[str]


class Country(msgspec.Struct, frozen=True):
    """One country of packs/countries.yaml."""

    code: str
    iso3: str
    names: list[str]


class Areas(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that `parse_origins` needs. `names` is {folded name: ISO 3166 code}; `risky` is {code: Risk}."""

    covered: frozenset[str]
    names: dict[str, str]
    codes: dict[str, str]
    no_codes: frozenset[str] = frozenset()  # codes that are more often words: NO, NA, IT
    groups: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    fillers: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    after: tuple[str, ...] = ()
    joins: frozenset[str] = frozenset()
    ends: tuple[str, ...] = ()
    recycled: tuple[str, ...] = ()
    not_recycled: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    risky: dict[str, Risk] = {}

    @cached_property
    def by_start(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return {first two letters: [(phrase, kind, code)]}, longest phrase first."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for kind in _KINDS:
            for phrase in getattr(self, kind):
                found.setdefault(phrase[:2], []).append((phrase, kind, ""))
        for name, code in self.names.items():
            found.setdefault(name[:2], []).append((name, "names", code))
        for phrases in found.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        return found


@lru_cache(maxsize=8192)  # templates repeat their names and countries row by row
def fold_text(text: str) -> str:
    """Return a text as names are compared: one width, small letters, no accents, ' ; ' for ends, ' , ' for lists.

    Other scripts keep their vowel signs: only the Latin combining accents are taken off.
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).replace("_x000D_", "\n"))
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain)).casefold()
    plain = _INITIALS.sub(r"\1", plain)
    plain = _JOINERS.sub(" ", _LISTS.sub(" , ", _STOPS.sub(" ; ", plain)))
    return _SPACES.sub(" ", plain).strip()


def fold_name(name: str) -> str:
    """Return a name as `fold_text` gives it, without the marks of lists: 'Congo, Republic of' is one name."""
    return _SPACES.sub(" ", fold_text(name).replace(";", " ").replace(",", " ")).strip()


@cache
def base_areas() -> Areas:
    """Return what the packs know: no list of risky countries is among it."""
    phrases = msgspec.convert(_read("phrases.yaml"), Phrases)
    countries = msgspec.convert(_read("countries.yaml"), list[Country])
    folded = {kind: _folded(getattr(phrases, kind)) for kind in _KINDS}
    areas = Areas(
        covered=frozenset(code for codes in phrases.covered.values() for code in codes),
        names={fold_name(name): country.code for country in countries for name in country.names},
        codes={code: country.code for country in countries for code in (country.code, country.iso3)} | phrases.codes,
        no_codes=frozenset(phrases.no_codes),
        fillers=frozenset(phrases.fillers),
        verbs=frozenset(phrases.verbs),
        joins=frozenset(phrases.joins),
    )
    return msgspec.structs.replace(areas, **folded)


def _read(name: str) -> object:
    return read_pack(_PACKS / name)


def _folded(phrases: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold_name(phrase) for phrase in phrases))
