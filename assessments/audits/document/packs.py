"""Reading programmes: the packs that ship, a file of an author, the JSON of a buyer's own version."""

from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

from assessments.audits.document.problems import missing_texts, programme_problems
from assessments.audits.document.structs import Programme

_PACKS = Path(__file__).parent.parent / "packs"


class ProgrammeError(ValueError):
    """A programme is broken; the message names the place."""


@lru_cache
def known_programmes() -> tuple[str, ...]:
    """Give the codes of the standard programmes."""
    return tuple(sorted(path.stem for path in _PACKS.glob("*.yaml")))


def pack_path(code: str) -> Path:
    """Return the file of a standard programme."""
    return _PACKS / f"{code}.yaml"


@lru_cache
def read_programme(code: str) -> Programme:
    """Read a standard programme; raise ProgrammeError for one that is not there or broken."""
    if code not in known_programmes():
        raise ProgrammeError(f"There is no audit programme '{code}'. Known: {', '.join(known_programmes())}.")
    return read_file(pack_path(code))


def read_file(path: Path) -> Programme:
    """Read a programme that an author wrote; raise ProgrammeError naming every fault, missing languages among them."""
    try:
        programme = shape_programme(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeError, yaml.YAMLError, ProgrammeError) as error:
        raise ProgrammeError(f"{path.name}: {error}") from error
    problems = [*programme_problems(programme), *missing_texts(programme)]
    if programme.code != path.stem:
        problems.append(f"code: the file of '{programme.code}' is named {programme.code}.yaml.")
    if problems:
        raise ProgrammeError(f"{path.name}: " + " ".join(problems))
    return programme


def build_programme(raw: object) -> Programme:
    """Make a programme of plain data; raise ProgrammeError naming every fault."""
    programme = shape_programme(raw)
    problems = programme_problems(programme)
    if problems:
        raise ProgrammeError(" ".join(problems))
    return programme


def shape_programme(raw: object) -> Programme:
    """Make a programme of plain data and look at its shape only; raise ProgrammeError naming the first fault."""
    try:
        return msgspec.convert(raw, Programme)
    except msgspec.ValidationError as error:
        raise ProgrammeError(str(error)) from error
