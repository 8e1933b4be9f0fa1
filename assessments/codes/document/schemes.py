"""Schemes that reports can be grouped by: other standards, and every code of conduct itself."""

from functools import cached_property, lru_cache

from msgspec import Struct

from assessments.codes.document.conduct import known_codes, read_code
from assessments.codes.document.reading import ROOM, CodeError, Text, UnknownCode, pick, read_file, refuse_twins


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """An element, clause, item or disclosure: its number and its title, never its text."""

    code: str
    title: Text


class Scheme(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    """A list of numbered items."""

    code: str
    name: str
    default_language: str
    items: tuple[Item, ...]

    @cached_property
    def item_codes(self) -> tuple[str, ...]:
        """All numbers in the order of the scheme."""
        return tuple(item.code for item in self.items)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Number -> place in the scheme, from 0."""
        return {code: place for place, code in enumerate(self.item_codes)}

    def item(self, code: str) -> Item:
        """Give the item; raise UnknownCode if there is none."""
        if code not in self.positions:
            raise UnknownCode(f"{self.code} has no item {code}.")
        return self.items[self.positions[code]]


@lru_cache
def known_schemes() -> tuple[str, ...]:
    """Give the names of all that reports can be grouped by: codes of conduct, newest first, then other schemes."""
    others = sorted((path.stem for path in (ROOM / "schemes").glob("*.yaml")), reverse=True)
    return (*reversed(known_codes()), *others)


@lru_cache
def read_scheme(name: str) -> Scheme:
    """Read a scheme, or a code of conduct as one; raise UnknownCode with the names there are."""
    if name not in known_schemes():
        raise UnknownCode(f"There is no scheme '{name}'. Known: {', '.join(known_schemes())}.")
    if name in known_codes():
        code = read_code(name)
        items = tuple(Item(provision.code, provision.title) for provision in code.provisions)
        return Scheme(code.code, code.name, code.default_language, items)
    scheme = read_file(ROOM / "schemes" / f"{name}.yaml", Scheme)
    if scheme.code != name:
        raise CodeError(f"{name}.yaml: its code is {scheme.code}; it must be that of the file.")
    refuse_twins(f"{name}.yaml", scheme.item_codes)
    return scheme


def item_title(scheme: str, item: str, language: str) -> str:
    """Give the title in the language, else in the language of the scheme."""
    read = read_scheme(scheme)
    return pick(read.item(item).title, language, read.default_language)
