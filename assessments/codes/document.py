"""Codes of conduct as typed, frozen documents, read from packs and kept.

A provision is always named with its pack: "E1" means other things in other versions.
"""

from collections import Counter
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml
from msgspec import Struct, field

from assessments.codes.enums import Dimension, MoveKind

Text = dict[str, str]
Shape = TypeVar("Shape")

_ROOM = Path(__file__).parent


class UnknownCode(LookupError):
    """There is no such code of conduct, provision or crosswalk."""


class CodeError(ValueError):
    """A pack is broken; the message names the file and the place."""


class Provision(Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    title: Text


class CodeSection(Struct, frozen=True, forbid_unknown_fields=True):
    """A section; `dimension` says whether its provisions are about people, the environment or neither."""

    code: str
    title: Text
    provisions: tuple[Provision, ...]
    dimension: Dimension | None = None


class CodeOfConduct(Struct, frozen=True, dict=True, forbid_unknown_fields=True):
    code: str
    version: str
    name: str
    default_language: str
    sections: tuple[CodeSection, ...]

    @cached_property
    def provisions(self) -> tuple[Provision, ...]:
        return tuple(p for section in self.sections for p in section.provisions)

    @cached_property
    def provision_codes(self) -> tuple[str, ...]:
        """All provision codes in the order of the code."""
        return tuple(provision.code for provision in self.provisions)

    def provision(self, code: str) -> Provision:
        """Give the provision; raise UnknownCode if there is none."""
        for provision in self.provisions:
            if provision.code == code:
                return provision
        raise UnknownCode(f"{self.code} has no provision {code}.")

    def provisions_about(self, dimension: Dimension) -> frozenset[str]:
        """Give the codes of the provisions in sections of a dimension."""
        about = [section for section in self.sections if section.dimension is dimension]
        return frozenset(provision.code for section in about for provision in section.provisions)

    def section_of(self, code: str) -> CodeSection:
        """Give the section a provision stands in; raise UnknownCode if there is none."""
        for section in self.sections:
            if any(provision.code == code for provision in section.provisions):
                return section
        raise UnknownCode(f"{self.code} has no provision {code}.")


class Move(Struct, frozen=True, forbid_unknown_fields=True):
    """Where one provision went, and what happened to it on the way."""

    source: str = field(name="from")
    target: str = field(name="to")
    kind: MoveKind


class Crosswalk(Struct, frozen=True, forbid_unknown_fields=True):
    source: str = field(name="from")
    target: str = field(name="to")
    moves: tuple[Move, ...]

    def move(self, provision: str) -> Move:
        """Give the move of a provision of the older code; raise UnknownCode if there is none."""
        for move in self.moves:
            if move.source == provision:
                return move
        raise UnknownCode(f"{self.source} has no provision {provision}.")

    def origins(self, provision: str) -> tuple[Move, ...]:
        """Give the moves that lead to a provision of the newer code."""
        return tuple(move for move in self.moves if move.target == provision)


@lru_cache
def known_codes() -> tuple[str, ...]:
    """Give the names of the packs that are there."""
    return tuple(sorted(path.stem for path in (_ROOM / "packs").glob("*.yaml")))


@lru_cache
def read_code(pack_name: str) -> CodeOfConduct:
    """Read a code of conduct; raise UnknownCode with the names there are."""
    if pack_name not in known_codes():
        known = ", ".join(known_codes())
        raise UnknownCode(f"There is no code of conduct '{pack_name}'. Known: {known}.")
    code = _read(_ROOM / "packs" / f"{pack_name}.yaml", CodeOfConduct)
    _refuse_twins(pack_name, code.provision_codes)
    return code


@lru_cache
def crosswalk(from_: str, to: str) -> Crosswalk:
    """Read how one version carries over to another; raise UnknownCode if nobody wrote it."""
    path = _ROOM / "crosswalks" / f"{from_}_{to}.yaml"
    older, newer = read_code(from_), read_code(to)
    if not path.is_file():
        raise UnknownCode(f"There is no crosswalk from {from_} to {to}.")
    walk = _read(path, Crosswalk)
    _refuse_twins(path.name, tuple(move.source for move in walk.moves))
    sources = {move.source for move in walk.moves}
    strays = {move.target for move in walk.moves} - set(newer.provision_codes)
    if sources != set(older.provision_codes) or strays:
        raise CodeError(f"{path.name}: it must list every provision of {from_}, each once.")
    return walk


def provision_title(code_pack: str, provision: str, language: str) -> str:
    """Give the title in the language, else in the language of the code."""
    code = read_code(code_pack)
    return _pick(code.provision(provision).title, language, code.default_language)


def section_title(code_pack: str, section: str, language: str) -> str:
    """Give the title of a section such as "A"."""
    code = read_code(code_pack)
    for one in code.sections:
        if one.code == section:
            return _pick(one.title, language, code.default_language)
    raise UnknownCode(f"{code_pack} has no section {section}.")


def _pick(title: Text, language: str, default: str) -> str:
    wanted = language.lower().replace("_", "-")
    return title.get(wanted) or title.get(wanted.split("-")[0]) or title[default]


def _refuse_twins(name: str, codes: tuple[str, ...]) -> None:
    twins = [code for code, times in Counter(codes).items() if times > 1]
    if twins:
        raise CodeError(f"{name}: {', '.join(twins)} stands more than once.")


def _read(path: Path, shape: type[Shape]) -> Shape:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(_lower_languages(raw), shape)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CodeError(f"{path.name}: {error}") from error


def _lower_languages(raw: object) -> object:
    """Language codes are lower-case everywhere inside: zh-Hans becomes zh-hans."""
    if isinstance(raw, list):
        return [_lower_languages(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    return {
        key: {str(language).lower(): words for language, words in value.items()}
        if key == "title" and isinstance(value, dict)
        else _lower_languages(value)
        for key, value in raw.items()
    }
