"""A list of smelters beside the registry: what it adds, drops and says otherwise."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from minerals.smelters.enums import Change, Status
from minerals.smelters.matching import fold_name

Key = tuple[str, str]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One smelter of a list: its standard name, the other names the list has for it, its status in both words."""

    metal: str
    cid: str
    name: str
    names: tuple[str, ...] = ()
    old_ids: tuple[str, ...] = ()
    country: str = ""  # ISO, empty where the text is not known
    country_text: str = ""
    city: str = ""
    state: str = ""
    status: str = ""  # empty: the list says nothing of it
    text: str = ""
    programme: str = ""
    audited_on: date | None = None
    cycle: str = ""

    @property
    def key(self) -> Key:
        """What a smelter is known by."""
        return self.metal, self.cid


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What the registry says of a smelter."""

    metal: str
    cid: str
    name: str
    country: str = ""
    country_text: str = ""
    status: str = Status.UNKNOWN
    text: str = ""
    as_of: date | None = None


class Difference(msgspec.Struct, frozen=True):
    """One thing a list says that the registry does not."""

    kind: Change
    metal: str
    cid: str
    name: str
    before: str = ""
    after: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of itself."""

    as_of: date
    metals: tuple[str, ...]
    complete: bool = False
    older: bool = False


def compare_list(entries: Sequence[Entry], standing: Mapping[Key, Standing], claim: Claim) -> list[Difference]:
    """Return every difference: what the list has, in its order, then what it no longer has.

    A list that is older than the status we have does not change it. One release before the newest only adds.
    """
    found: list[Difference] = []
    for entry in entries:
        known = standing.get(entry.key)
        if known is None:
            found.append(Difference(Change.ADDED, entry.metal, entry.cid, entry.name, after=said_status(entry)))
        elif not claim.older:
            found += compare_one(entry, known, claim.as_of)
    if claim.complete and not claim.older:
        found += gone(standing, {entry.key for entry in entries}, claim)
    return found


def said_status(entry: Entry) -> str:
    """Return the list's own word for a status, ours where it has none."""
    return entry.text or entry.status


def compare_one(entry: Entry, known: Standing, as_of: date) -> Iterable[Difference]:
    """Yield how a list differs from what is known of one smelter."""
    metal, cid, name = entry.metal, entry.cid, entry.name
    if fold_name(name) != fold_name(known.name):
        yield Difference(Change.RENAMED, metal, cid, name, known.name, name)
    if changes_status(entry, known, as_of):
        yield Difference(Change.STATUS, metal, cid, name, known.text or known.status, said_status(entry))
    if changes_country(entry, known):
        yield Difference(
            Change.COUNTRY, metal, cid, name, known.country or known.country_text, entry.country or entry.country_text
        )


def changes_status(entry: Entry, known: Standing, as_of: date) -> bool:
    """Whether a list says another status, and is not older than the one that is known.

    A list without statuses brings one back that was removed: it is on the list again.
    """
    if known.as_of is not None and as_of < known.as_of:
        return False
    if not entry.status:
        return known.status == Status.REMOVED
    other_word = entry.status == Status.UNKNOWN and fold_name(entry.text) != fold_name(known.text)
    return entry.status != known.status or other_word


def changes_country(entry: Entry, known: Standing) -> bool:
    """Whether a list names another country; silence is no change, nor is another spelling of the same."""
    if entry.country or known.country:
        return bool(entry.country) and entry.country != known.country
    return bool(entry.country_text) and fold_name(entry.country_text) != fold_name(known.country_text)


def gone(standing: Mapping[Key, Standing], listed: set[Key], claim: Claim) -> Iterable[Difference]:
    """Yield the smelters of the list's metals that a complete list does not have any more."""
    metals = {metal.casefold() for metal in claim.metals}
    for key, known in standing.items():
        covered = known.metal.casefold() in metals and key not in listed
        newer = known.as_of is not None and claim.as_of < known.as_of
        if covered and not newer and known.status != Status.REMOVED:
            yield Difference(
                Change.REMOVED, known.metal, known.cid, known.name, known.text or known.status, Status.REMOVED
            )


def count_changes(differences: Iterable[Difference]) -> dict[str, int]:
    """Return how many there are of every kind, zeros too."""
    counted = Counter(found.kind for found in differences)
    return {kind.value: counted[kind] for kind in Change}
