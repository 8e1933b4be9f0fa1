"""The registry held in memory for one batch of rows: exact finds first, likeness for suggestions only."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec
from rapidfuzz import fuzz, process

from minerals.smelters.enums import How, NameKind
from minerals.smelters.matching.folding import fold_name, is_junk, loosen_name
from minerals.smelters.matching.ids import is_cid, is_old_id, mend_cid, read_digits, tell_slip

# Below this likeness two names have little more in common than the word for what both do.
ALIKE: Final = 78.0
# A slip in an id alone means little where numbers are given out one after the other; the names must agree somewhat.
SLIP_NAMES: Final = 65.0
MOST: Final = 5
NEAR: Final = 15  # what is this much weaker than the best suggestion only distracts
SCANNED: Final = 12
EXACT_KINDS: Final = (NameKind.STANDARD, NameKind.LOOKUP, NameKind.ALIAS)
SLIPS: Final = {"digit": How.DIGIT, "swapped": How.SWAPPED, "length": How.LENGTH}


class Known(msgspec.Struct, frozen=True):
    """A smelter of the registry."""

    id: int
    metal: str
    cid: str
    name: str


class KnownName(msgspec.Struct, frozen=True):
    """A folded name, or an old id, of a smelter; `case` is the decision that taught it."""

    smelter: int
    folded: str
    kind: str
    case: int | None = None


class Asked(msgspec.Struct, frozen=True):
    """What a row says: metal in the templates' word, id as typed, every name it gives."""

    metal: str
    cid: str = ""
    names: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """The smelter a row means beyond doubt, and by what; `case` where only a person's decision makes it so."""

    smelter: int
    how: How
    case: int | None = None


class Suggestion(msgspec.Struct, frozen=True):
    """A smelter a row may mean: why, and how sure (0 to 100; for likeness the likeness itself)."""

    smelter: int
    how: How
    score: int

    @property
    def standing(self) -> int:
        """How high it ranks: a likeness of names alone comes after every better reason of the same score."""
        return self.score - 8 if self.how == How.ALIKE else self.score


class Registry:
    """Smelters and names, indexed once; `find` and `suggest` then read no database."""

    def __init__(self, smelters: Iterable[Known], names: Iterable[KnownName]) -> None:
        self.known: dict[int, Known] = {}
        self.by_id: dict[tuple[str, str], int] = {}
        self.by_cid: defaultdict[str, list[int]] = defaultdict(list)
        self.cids: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for smelter in smelters:
            self.known[smelter.id] = smelter
            self.by_id[smelter.metal.casefold(), smelter.cid] = smelter.id
            self.by_cid[smelter.cid].append(smelter.id)
            self.cids[smelter.metal.casefold()][smelter.cid] = smelter.id
        self.by_name: defaultdict[tuple[str, str], dict[int, set[str]]] = defaultdict(dict)
        self.names_of: defaultdict[int, set[str]] = defaultdict(set)
        self.taught: dict[tuple[int, str], int | None] = {}  # by (smelter, name); None: known without a decision
        for name in names:
            self.add_name(name)
        self.loose: dict[str, dict[tuple[int, str], str]] = {}

    def add_name(self, name: KnownName) -> None:
        """Take one name in; names of smelters outside of this registry are left out."""
        owner = self.known.get(name.smelter)
        if owner is not None:
            self.by_name[owner.metal.casefold(), name.folded].setdefault(owner.id, set()).add(name.kind)
            self.names_of[owner.id].add(name.folded)
            key = owner.id, name.folded
            known_anyway = key in self.taught and self.taught[key] is None
            self.taught[key] = None if known_anyway else name.case

    def find(self, asked: Asked) -> Verdict | None:
        """Return the smelter a row means beyond doubt: its exact id, or a name that one smelter of the metal has.

        The id wins over the name. An id that says something else than the name leaves the row to a person.
        """
        metal = asked.metal.casefold()
        folded = [name for name in map(fold_name, asked.names) if not is_junk(name)]
        by_id = self.by_id.get((metal, asked.cid))
        if by_id is not None:
            agrees = not folded or any(name in self.names_of[by_id] for name in folded)
            return Verdict(by_id, How.ID if agrees else How.ID_OTHER_NAME)
        by_old = self.find_old(metal, asked.cid)
        named, how = self.find_named(metal, folded)
        if by_old is not None and named in (None, by_old):
            return Verdict(by_old, How.OLD_ID, self.taught_by(by_old, [fold_name(asked.cid)]))
        if named is None or self.contradicts(asked.cid, named):
            return None
        return Verdict(named, how, self.taught_by(named, folded))

    def taught_by(self, smelter: int, folded: Iterable[str]) -> int | None:
        """Return the decision behind a find, where none of the names was known without one."""
        cases = [self.taught[smelter, name] for name in folded if (smelter, name) in self.taught]
        return None if None in cases else next(iter(cases), None)

    def find_old(self, metal: str, cid: str) -> int | None:
        """Return the smelter that is known to have had an old id."""
        if not is_old_id(cid):
            return None
        holders = [
            smelter
            for smelter, kinds in self.by_name.get((metal, fold_name(cid)), {}).items()
            if NameKind.OLD_ID in kinds
        ]
        return holders[0] if len(holders) == 1 else None

    def find_named(self, metal: str, folded: Iterable[str]) -> tuple[int | None, How]:
        """Return the one smelter that all the names together mean; none where they mean two or nothing."""
        found: dict[int, set[str]] = {}
        for name in folded:
            for smelter, kinds in self.by_name.get((metal, name), {}).items():
                if kinds & set(EXACT_KINDS):
                    found.setdefault(smelter, set()).update(kinds)
        if len(found) != 1:
            return None, How.ALIAS
        ((smelter, kinds),) = found.items()
        return smelter, How.STANDARD if NameKind.STANDARD in kinds else How.ALIAS

    def contradicts(self, cid: str, smelter: int) -> bool:
        """Whether a typed id speaks against the smelter its name means: another CID, or an old id of another one."""
        if is_cid(cid):
            return True
        mended = mend_cid(cid)
        meant = mended in self.by_cid or cid[:1].upper() == "C"  # a bare number may be the supplier's own
        if mended and mended != self.known[smelter].cid and meant:
            return True
        others = {owner for (_metal, name), owners in self.old_ids(cid) for owner in owners if name}
        return bool(others) and smelter not in others

    def old_ids(self, cid: str) -> list[tuple[tuple[str, str], dict[int, set[str]]]]:
        """Return who is known by an old id, whatever the metal."""
        if not is_old_id(cid):
            return []
        folded = fold_name(cid)
        return [((metal, folded), owners) for metal in self.cids if (owners := self.by_name.get((metal, folded), {}))]

    def suggest(self, asked: Asked) -> list[Suggestion]:
        """Return the smelters a row may mean, the likeliest first, each with the best reason for it."""
        best: dict[int, Suggestion] = {}
        loose = [loosen_name(name) for name in map(fold_name, asked.names) if not is_junk(name)]
        for found in (*self.by_ids(asked, loose), *self.by_names(asked), *self.by_likeness(asked, loose)):
            before = best.get(found.smelter)
            if before is None or found.standing > before.standing:
                best[found.smelter] = found
        ranked = sorted(best.values(), key=lambda found: (-found.standing, self.known[found.smelter].cid))
        return [found for found in ranked[:MOST] if found.standing >= ranked[0].standing - NEAR]

    def by_ids(self, asked: Asked, loose: list[str]) -> Iterable[Suggestion]:
        """Suggest by the id: the same in another metal, one that was mistyped, an old one."""
        metal, mended = asked.metal.casefold(), mend_cid(asked.cid)
        for smelter in self.by_cid.get(mended, ()):
            if self.known[smelter].metal.casefold() != metal:
                yield Suggestion(smelter, How.OTHER_METAL, 90)
            elif mended != asked.cid:
                yield Suggestion(smelter, How.MENDED, 98)
        for _key, owners in self.old_ids(asked.cid):
            for smelter in owners:
                yield Suggestion(smelter, How.OLD_ID, 95)
        if mended not in self.cids[metal]:
            yield from self.by_slips(metal, read_digits(asked.cid), loose)

    def by_slips(self, metal: str, digits: str, loose: list[str]) -> Iterable[Suggestion]:
        """Suggest ids that are one slip away, where the names do not speak against it."""
        for cid, smelter in self.cids[metal].items() if digits and loose else ():
            slip = tell_slip(digits, cid)
            alike = self.likeness(smelter, loose) if slip else 0
            if slip and alike >= SLIP_NAMES:
                yield Suggestion(smelter, SLIPS[slip], round(70 + alike * 0.25))

    def by_names(self, asked: Asked) -> Iterable[Suggestion]:
        """Suggest by a name that fits exactly: one that several have, a former one, one whose id says otherwise."""
        for name in map(fold_name, asked.names):
            for smelter, kinds in self.by_name.get((asked.metal.casefold(), name), {}).items():
                former = kinds == {NameKind.FORMER}
                yield Suggestion(smelter, How.FORMER if former else How.SAME_NAME, 93 if former else 96)

    def by_likeness(self, asked: Asked, loose: list[str]) -> Iterable[Suggestion]:
        """Suggest by names that are much alike."""
        names = self.loose_names(asked.metal.casefold())
        for name in loose:
            hits = process.extract(name, names, scorer=fuzz.ratio, processor=None, score_cutoff=ALIKE, limit=SCANNED)
            for _text, score, (smelter, _folded) in hits:
                yield Suggestion(smelter, How.ALIKE, int(score))

    def likeness(self, smelter: int, loose: list[str]) -> float:
        """Return how much any of the names is like any name of the smelter."""
        own = [loosen_name(name) for name in self.names_of[smelter]]
        return max((fuzz.ratio(one, other) for one in loose for other in own), default=0.0)

    def loose_names(self, metal: str) -> dict[tuple[int, str], str]:
        """Return the loosened names of a metal, made once."""
        if metal not in self.loose:
            self.loose[metal] = {
                (smelter, name): loosen_name(name)
                for (of, name), owners in self.by_name.items()
                if of == metal
                for smelter, kinds in owners.items()
                if kinds != {NameKind.OLD_ID}
            }
        return self.loose[metal]
