"""Codes of conduct as typed, frozen documents, read from packs and kept.

A provision is always named with its pack: "E1" means other things in other versions.
"""

from functools import cached_property, lru_cache

from msgspec import Struct

from assessments.codes.document.reading import ROOM, Text, UnknownCode, pick, read_file, refuse_twins
from assessments.codes.enums import Dimension


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


@lru_cache
def known_codes() -> tuple[str, ...]:
    """Give the names of the packs that are there."""
    return tuple(sorted(path.stem for path in (ROOM / "packs").glob("*.yaml")))


@lru_cache
def read_code(pack_name: str) -> CodeOfConduct:
    """Read a code of conduct; raise UnknownCode with the names there are."""
    if pack_name not in known_codes():
        known = ", ".join(known_codes())
        raise UnknownCode(f"There is no code of conduct '{pack_name}'. Known: {known}.")
    code = read_file(ROOM / "packs" / f"{pack_name}.yaml", CodeOfConduct)
    refuse_twins(pack_name, code.provision_codes)
    return code


def provision_title(code_pack: str, provision: str, language: str) -> str:
    """Give the title in the language, else in the language of the code."""
    code = read_code(code_pack)
    return pick(code.provision(provision).title, language, code.default_language)


def section_title(code_pack: str, section: str, language: str) -> str:
    """Give the title of a section such as "A"."""
    code = read_code(code_pack)
    for one in code.sections:
        if one.code == section:
            return pick(one.title, language, code.default_language)
    raise UnknownCode(f"{code_pack} has no section {section}.")
