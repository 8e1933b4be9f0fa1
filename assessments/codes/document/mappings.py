"""How provisions correspond to the items of a scheme, many to many, in both directions.

Files stand in mappings/<code>_<scheme>.yaml. Versions of one code reach each other, and each other's files, by the
crosswalk between them.
"""

from functools import cached_property, lru_cache

from msgspec import Struct

from assessments.codes.document.conduct import known_codes, read_code
from assessments.codes.document.crosswalks import crosswalk
from assessments.codes.document.reading import ROOM, CodeError, Text, UnknownCode, read_file, refuse_twins
from assessments.codes.document.schemes import read_scheme


class Link(Struct, frozen=True):
    """What corresponds to one provision; `reason` says why nothing does."""

    provision: str
    items: tuple[str, ...]
    reason: Text = {}


class Mapping(Struct, frozen=True, dict=True):
    """Every provision of a code of conduct with what corresponds to it in a scheme."""

    code_of_conduct: str
    scheme: str
    links: tuple[Link, ...]

    @cached_property
    def _by_provision(self) -> dict[str, Link]:
        return {link.provision: link for link in self.links}

    def link(self, provision: str) -> Link:
        """Give the link of a provision; raise UnknownCode if the code has no such provision."""
        if provision not in self._by_provision:
            raise UnknownCode(f"{self.code_of_conduct} has no provision {provision}.")
        return self._by_provision[provision]

    def items(self, provision: str) -> tuple[str, ...]:
        """Give the items that correspond to a provision; none for one that the code does not have."""
        found = self._by_provision.get(provision)
        return found.items if found else ()

    def provisions(self, item: str) -> tuple[str, ...]:
        """Give the provisions that correspond to an item."""
        return tuple(link.provision for link in self.links if item in link.items)


class _Reason(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    text: Text


class _RawLink(Struct, frozen=True, forbid_unknown_fields=True):
    provision: str
    items: tuple[str, ...]
    reason: str | None = None


class _RawMapping(Struct, frozen=True, forbid_unknown_fields=True):
    code_of_conduct: str
    scheme: str
    links: tuple[_RawLink, ...]
    reasons: tuple[_Reason, ...] = ()


@lru_cache
def mapping(code_of_conduct: str, scheme: str) -> Mapping:
    """Give how a code of conduct corresponds to a scheme; raise UnknownCode if nobody wrote that."""
    read_scheme(scheme)  # one that is not there is named before anything else
    if scheme in known_codes():
        return Mapping(code_of_conduct, scheme, _carry(code_of_conduct, scheme))
    written = [code for code in known_codes() if (ROOM / "mappings" / f"{code}_{scheme}.yaml").is_file()]
    for base in sorted(written, key=lambda code: code != code_of_conduct):
        try:
            steps = _carry(code_of_conduct, base)
        except UnknownCode:
            continue
        return Mapping(code_of_conduct, scheme, _follow(steps, _read_links(base, scheme)))
    raise UnknownCode(f"There is no mapping from {code_of_conduct} to {scheme}.")


def _carry(source: str, target: str) -> tuple[Link, ...]:
    """Lead every provision of one version to those of another, whichever of both is the newer."""
    provisions = read_code(source).provision_codes
    if source == target:
        return tuple(Link(code, (code,)) for code in provisions)
    try:
        walk = crosswalk(source, target)
    except UnknownCode:
        back = crosswalk(target, source)
        return tuple(Link(code, tuple(move.source for move in back.origins(code))) for code in provisions)
    return tuple(Link(code, (walk.move(code).target,)) for code in provisions)


def _follow(steps: tuple[Link, ...], links: dict[str, Link]) -> tuple[Link, ...]:
    """Lead on from the provisions of another version to the items of the scheme."""
    found = []
    for step in steps:
        items = dict.fromkeys(item for code in step.items for item in links[code].items)
        reason = {} if items else next((links[code].reason for code in step.items), {})
        found.append(Link(step.provision, tuple(items), reason))
    return tuple(found)


def _read_links(code: str, scheme: str) -> dict[str, Link]:
    """Read a file and hold it against the code and the scheme; raise CodeError naming what does not fit."""
    name = f"{code}_{scheme}.yaml"
    raw = read_file(ROOM / "mappings" / name, _RawMapping)
    if (raw.code_of_conduct, raw.scheme) != (code, scheme):
        raise CodeError(f"{name}: it is about {raw.code_of_conduct} and {raw.scheme}, not what its name says.")
    refuse_twins(name, tuple(link.provision for link in raw.links))
    wanted, given = set(read_code(code).provision_codes), {link.provision for link in raw.links}
    if wanted != given:
        raise CodeError(
            f"{name}: it must list every provision of {code}, each once: {', '.join(sorted(wanted ^ given))}."
        )
    reasons = {reason.code: reason.text for reason in raw.reasons}
    for link in raw.links:
        _check_link(name, link, reasons, read_scheme(scheme).positions)
    return {link.provision: Link(link.provision, link.items, reasons.get(link.reason or "", {})) for link in raw.links}


def _check_link(name: str, link: _RawLink, reasons: dict[str, Text], items: dict[str, int]) -> None:
    refuse_twins(f"{name}: {link.provision}", link.items)
    strays = [item for item in link.items if item not in items]
    if strays:
        raise CodeError(f"{name}: {link.provision} names {', '.join(strays)}, which the scheme does not have.")
    if link.items and link.reason:
        raise CodeError(f"{name}: {link.provision} has items, so a reason means nothing.")
    if not link.items and link.reason not in reasons:
        raise CodeError(f"{name}: {link.provision} has no item, so 'reason' must name one of the reasons of the file.")
