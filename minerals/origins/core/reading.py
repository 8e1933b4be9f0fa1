"""What a text of a template says of origins: countries, covered countries, denials, scrap."""

import re
from collections.abc import Iterator

import msgspec

from minerals.origins.core.areas import Areas, fold_name, fold_text

_LATIN = re.compile(r"[a-z0-9\u00df-\u024f]")
_SEGMENTS = re.compile(r"[,，、;；/|()\n\r]+|\s[-–]\s")
_LETTERS = re.compile(r"[^\W\d_]")


class Origins(msgspec.Struct, frozen=True, kw_only=True):
    """What was understood. `denied`: a covered country is named only to say that nothing comes from there."""

    countries: tuple[str, ...] = ()
    covered: bool = False
    risky: bool = False
    denied: bool = False
    recycled: bool = False
    unread: str = ""


class Hit(msgspec.Struct, frozen=True):
    """One phrase found at a place of the text."""

    start: int
    end: int
    kind: str
    code: str = ""


def parse_origins(text: str, areas: Areas) -> Origins:
    """Return what a text says of countries of origin; lists in any of the usual separators and scripts.

    A country named behind a denial ("does not source from DRC or Rwanda") is no hit. A denial reaches to the end of
    its clause, but not from covered countries over a comma to others: "not from DRC, China" means China.
    """
    plain, commas = _compact(fold_text(text))
    hits = [*_hits(plain, areas)]
    kept, denied = _undenied(plain, commas, hits, areas)
    entries = [*_entries(text, plain, hits)]
    named = [hit.code for hit in kept if hit.kind == "names"] + [*_codes(entries, areas)]
    found = tuple(dict.fromkeys(named))
    grouped = any(hit.kind == "groups" for hit in kept)
    return Origins(
        countries=found,
        covered=grouped or not areas.covered.isdisjoint(found),
        risky=any(code in areas.risky for code in found),
        denied=denied,
        recycled=any(hit.kind == "recycled" for hit in kept),
        unread=_unread(entries, areas),
    )


def country_code(text: str, areas: Areas, *, any_code: bool = False) -> str:
    """Return the ISO 3166 code of the one country that a cell names, empty where it names none or several.

    With `any_code` also codes count that are words elsewhere: NO is Norway in a column of countries.
    """
    name = fold_name(text)
    if name in areas.names:
        return areas.names[name]
    written = text.strip().upper()
    if areas.codes.get(written) and (any_code or written not in areas.no_codes):
        return areas.codes[written]
    found = parse_origins(text, areas).countries
    return found[0] if len(found) == 1 else ""


def region_words(text: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the regions of a list of risky areas that a text names."""
    plain = fold_text(text)
    return tuple(region for region in regions if region and fold_text(region) in plain)


def _compact(folded: str) -> tuple[str, frozenset[int]]:
    """Return the text without commas, and the places where one stood: 'Korea, Republic of' is one name."""
    words: list[str] = []
    commas: set[int] = set()
    length = 0
    for word in folded.split(" "):
        if word == ",":
            commas.add(length)
        elif word:
            words.append(word)
            length += len(word) + 1
    return " ".join(words), frozenset(commas)


def _hits(plain: str, areas: Areas) -> Iterator[Hit]:
    """Yield phrases from left to right, the longest at each place; a Latin phrase is whole words."""
    place = 0
    while place < len(plain):
        hit = _hit_at(plain, place, areas)
        if hit:
            yield hit
        place = hit.end if hit else place + 1


def _hit_at(plain: str, place: int, areas: Areas) -> Hit | None:
    for phrase, kind, code in areas.by_start.get(plain[place : place + 2], ()):
        end = place + len(phrase)
        if plain.startswith(phrase, place) and _is_whole(plain, place, end):
            return Hit(place, end, kind, code)
    return None


def _is_whole(plain: str, start: int, end: int) -> bool:
    """Whether a phrase does not begin or end inside a Latin word."""
    begins = start == 0 or not (_LATIN.match(plain[start]) and _LATIN.match(plain[start - 1]))
    return begins and (end == len(plain) or not (_LATIN.match(plain[end - 1]) and _LATIN.match(plain[end])))


def _undenied(plain: str, commas: frozenset[int], hits: list[Hit], areas: Areas) -> tuple[list[Hit], bool]:
    """Return the hits that nothing denies, and whether a covered country or group was denied."""
    kept: list[Hit] = []
    opened: Hit | None = None  # the denial that reaches on
    denied: list[bool] = []  # what it denied so far: covered or not
    covered_denied = False
    for place, hit in enumerate(hits):
        if opened and ";" in plain[opened.end : hit.start]:
            opened = None
        if hit.kind in {"before", "near", "ends"}:
            opened, denied = (None if hit.kind == "ends" else hit), []
        elif hit.kind in {"names", "groups"}:
            covered = hit.kind == "groups" or hit.code in areas.covered
            if opened and not denied and not _reaches(opened, hit, plain, commas, areas):
                opened = None
            listed = opened is not None and any(opened.end < comma <= hit.start for comma in commas)
            if (opened and not (listed and any(denied) and not covered)) or _is_denied_after(plain, hits, place, areas):
                denied.append(covered)
                covered_denied = covered_denied or covered
            else:
                kept.append(hit)
        else:
            kept.append(hit)
    return kept, covered_denied


def _reaches(opened: Hit, hit: Hit, plain: str, commas: frozenset[int], areas: Areas) -> bool:
    """Whether a denial reaches the first name behind it: a short 'no' or 'not' needs to stand close or have a verb."""
    if opened.kind == "before":
        return True
    if any(opened.end < comma <= hit.start for comma in commas):
        return False
    words = plain[opened.end : hit.start].split()
    return all(word in areas.fillers for word in words) or any(word in areas.verbs for word in words)


def _is_denied_after(plain: str, hits: list[Hit], place: int, areas: Areas) -> bool:
    """Whether a denial follows, as in 'DRC conflict free', with nothing but other covered names between."""
    for earlier, later in zip(hits[place:], hits[place + 1 :], strict=False):
        if not areas.joins.issuperset(plain[earlier.end : later.start].split()):
            return False
        if later.kind == "after":
            return True
        if later.kind not in {"names", "groups"}:
            return False
    return False


def _entries(text: str, plain: str, hits: list[Hit]) -> Iterator[tuple[str, bool]]:
    """Yield the entries of a list, and whether a phrase was found in each. Names reach over commas: look at places."""
    place = 0
    for part in _SEGMENTS.split(text):
        words, _commas = _compact(fold_text(part))
        start = max(plain.find(words, place), place)
        place = start + len(words)
        yield part.strip(" :*\t"), any(hit.start < place and hit.end > start for hit in hits)


def _codes(entries: list[tuple[str, bool]], areas: Areas) -> Iterator[str]:
    """Yield countries written as codes: whole entries of a list in capitals ('CN, PE')."""
    for entry, known in entries:
        code = entry.replace(".", "")
        if not known and code not in areas.no_codes and areas.codes.get(code):
            yield areas.codes[code]


def _unread(entries: list[tuple[str, bool]], areas: Areas) -> str:
    """Return the entries of the list in which nothing was recognised."""
    unread = [
        entry.strip(".")
        for entry, known in entries
        if not known and entry.replace(".", "") not in areas.codes and _LETTERS.search(entry)
    ]
    return "; ".join(dict.fromkeys(unread))
