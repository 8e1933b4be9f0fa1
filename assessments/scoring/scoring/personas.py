"""Personas: complete sets of answers of invented plants, and what they must score. They hold a pack to its word."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from assessments.questionnaires.checks import MissingReason, missing_answers
from assessments.questionnaires.core import Code, make_problem
from assessments.questionnaires.document import EXAMPLE_DAY, Document, DocumentErrors, read_yaml
from assessments.scoring.scoring.scorer import SNAPSHOT_FORMAT, compile_scorer


class PersonaCode(Code):
    """What can be wrong with a persona; only commands say it, in English."""

    UNREADABLE = "persona_unreadable", "%(error)s."
    BAD_BASE = "persona_base", "It cannot be based on %(base)s."


class Outcome(Struct, frozen=True, forbid_unknown_fields=True):
    """What a set of answers comes to: 0 to 100 each; a section without a score is None."""

    band: str | None
    total: float | None
    sections: dict[str, float | None]
    flags: tuple[str, ...]


class Persona(Struct, frozen=True, forbid_unknown_fields=True):
    """One invented plant. `expects` says what it comes to, by the code of the questionnaire.

    With `based_on` it answers as another persona but for its own `answers`; null takes an answer away.
    """

    title: str
    answers: dict[str, object]
    expects: dict[str, Outcome]
    based_on: str | None = None


def read_personas(folder: Path) -> dict[str, Persona]:
    """Read the personas of a pack by name, each with all its answers; raise DocumentErrors naming the file."""
    raw = {path.stem: _read(path) for path in sorted(folder.glob("personas/*.yaml"))}
    return {name: msgspec.structs.replace(one, answers=_whole(name, raw)) for name, one in raw.items()}


def _read(path: Path) -> Persona:
    try:
        return msgspec.convert(read_yaml(path), Persona)
    except msgspec.ValidationError as error:
        raise DocumentErrors([make_problem(f"personas/{path.name}", PersonaCode.UNREADABLE, error=error)]) from error


def _whole(name: str, raw: Mapping[str, Persona], later: tuple[str, ...] = ()) -> dict[str, object]:
    """Give all answers of a persona, those of the one it is based on first."""
    persona = raw[name]
    if persona.based_on is None:
        return persona.answers
    if persona.based_on not in raw or persona.based_on in (name, *later):
        problem = make_problem(f"personas/{name}.yaml", PersonaCode.BAD_BASE, base=persona.based_on)
        raise DocumentErrors([problem])
    answers = _whole(persona.based_on, raw, (*later, name)) | persona.answers
    return {code: answer for code, answer in answers.items() if answer is not None}


def judge(document: Document, persona: Persona) -> Outcome:
    """Score the answers of a persona that a document asks for; the day of submission is EXAMPLE_DAY."""
    snapshot = {"format": SNAPSHOT_FORMAT, "as_of": EXAMPLE_DAY.isoformat(), "answers": _asked(document, persona)}
    result = compile_scorer(document).score(snapshot)
    return Outcome(
        band=result.band,
        total=result.total,
        sections={code: tally.score for code, tally in result.sections.items()},
        flags=tuple(sorted(fired.rule for fired in result.flags)),
    )


def unanswered(document: Document, persona: Persona) -> tuple[str, ...]:
    """Give the questions a persona would have to answer before it could submit."""
    missing = missing_answers(document, _asked(document, persona), EXAMPLE_DAY)
    return tuple(one.code for one in missing if one.reason is not MissingReason.EVIDENCE)


def _asked(document: Document, persona: Persona) -> dict[str, object]:
    return {code: answer for code, answer in persona.answers.items() if code in document.positions}
