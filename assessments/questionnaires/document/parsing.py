"""From untyped data to the typed document."""

import re
from collections.abc import Collection, Mapping

from assessments.questionnaires.core import ShapeCode
from assessments.questionnaires.document.consistency import find_problems
from assessments.questionnaires.document.reading import DocumentErrors, Reader, join
from assessments.questionnaires.document.structs import (
    Axis,
    Band,
    Choice,
    Document,
    EvidenceSlot,
    FlagRule,
    Question,
    ScoreRule,
    Section,
    Step,
    WarnRule,
)
from assessments.questionnaires.enums import AskedOf, Aspect, Gravity, Kind, Period, Severity, Unit

DOCUMENT_CODE = re.compile(r"[a-z0-9][a-z0-9-]*")
SECTION_CODE = re.compile(r"[A-Z][A-Z0-9]*")
QUESTION_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")
CHOICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

_QUESTION_KEYS = Question.__struct_fields__
_DOCUMENT_KEYS = Document.__struct_fields__


def parse_document(source: object, provisions: Collection[str] | None = None) -> Document:
    """Read and check a document; raise DocumentErrors with every error found.

    With `provisions` (the codes of the code of conduct) each provision named must be one
    of them. Warnings, such as missing translations, are given by `find_problems`.
    """
    reader = Reader()
    document = _read_document(reader, source)
    if reader.problems:
        raise DocumentErrors(reader.problems)
    errors = [p for p in find_problems(document, provisions) if p.severity is Gravity.ERROR]
    if errors:
        raise DocumentErrors(errors)
    return document


def _read_document(reader: Reader, source: object) -> Document:
    raw = reader.mapping(source, "", _DOCUMENT_KEYS)
    _read_languages(reader, raw)
    return Document(
        code=reader.code(raw.get("code"), "code", DOCUMENT_CODE, ShapeCode.BAD_DOCUMENT_CODE),
        version=reader.string(raw.get("version"), "version"),
        title=reader.text(raw.get("title"), "title", required=True),
        code_of_conduct=reader.string(raw.get("code_of_conduct"), "code_of_conduct"),
        languages=reader.languages,
        default_language=reader.default_language,
        bands=reader.listed(raw.get("bands"), "bands", lambda v, p: _read_band(reader, v, p)),
        sections=reader.listed(raw.get("sections"), "sections", lambda v, p: _read_section(reader, v, p)),
        flags=reader.listed(raw.get("flags"), "flags", lambda v, p: _read_flag(reader, v, p)),
        asked_of=reader.optional(raw.get("asked_of"), "asked_of", AskedOf) or AskedOf.SITE,
    )


def _read_languages(reader: Reader, raw: Mapping[str, object]) -> None:
    """The languages come first: every text is read by them."""
    default = raw.get("default_language", "en")
    languages = reader.listed(raw.get("languages", [default]), "languages", reader.language)
    reader.default_language = reader.language(default, "default_language") or "en"
    reader.languages = languages
    if reader.default_language not in languages:
        reader.fail(
            "default_language",
            ShapeCode.UNLISTED_LANGUAGE,
            language=reader.default_language,
        )


def _read_band(reader: Reader, value: object, place: str) -> Band:
    raw = reader.mapping(value, place, ("code", "below"))
    return Band(
        code=reader.code(raw.get("code"), join(place, "code"), CHOICE_CODE, ShapeCode.BAD_CHOICE_CODE),
        below=reader.maybe_number(raw.get("below"), join(place, "below"), 0, 100),
    )


def _read_section(reader: Reader, value: object, place: str) -> Section:
    raw = reader.mapping(value, place, ("code", "title", "intro", "questions"))
    return Section(
        code=reader.code(raw.get("code"), join(place, "code"), SECTION_CODE, ShapeCode.BAD_SECTION_CODE),
        title=reader.text(raw.get("title"), join(place, "title"), required=True),
        intro=reader.text(raw.get("intro"), join(place, "intro")),
        questions=reader.listed(
            raw.get("questions"),
            join(place, "questions"),
            lambda v, p: _read_question(reader, v, p),
        ),
    )


def _read_question(reader: Reader, value: object, place: str) -> Question:
    since = len(reader.problems)
    raw = reader.mapping(value, place, _QUESTION_KEYS)

    def at(key: str) -> tuple[object, str]:
        return raw.get(key), join(place, key)

    def axis(item: object, where: str) -> Axis:
        return _read_axis(reader, item, where)

    question = Question(
        code=reader.code(*at("code"), QUESTION_CODE, ShapeCode.BAD_QUESTION_CODE),
        kind=reader.choice(*at("kind"), Kind),
        text=reader.text(*at("text"), required=True),
        guidance=reader.text(*at("guidance")),
        why=reader.text(*at("why")),
        required=reader.flag(*at("required"), default=True),
        provision=None if raw.get("provision") is None else reader.string(*at("provision")),
        asks=reader.listed(*at("asks"), lambda v, p: reader.choice(v, p, Aspect)),
        weight=reader.maybe_number(*at("weight"), 0, 1000) or 0.0,
        unit=reader.optional(*at("unit"), Unit),
        period=reader.optional(*at("period"), Period),
        decimals=int(reader.maybe_number(*at("decimals"), 0, 6) or 0),
        min=reader.maybe_number(*at("min")),
        max=reader.maybe_number(*at("max")),
        choices=reader.listed(*at("choices"), lambda v, p: _read_choice(reader, v, p)),
        rows=reader.listed(*at("rows"), axis),
        columns=reader.listed(*at("columns"), axis),
        score=_read_score(reader, *at("score")),
        show_if=None if "show_if" not in raw else reader.condition(*at("show_if")),
        warn_if=_read_warning(reader, *at("warn_if")),
        evidence=_read_evidence(reader, *at("evidence")),
    )
    reader.name_owner(since, raw.get("code"))
    return question


def _read_axis(reader: Reader, value: object, place: str) -> Axis:
    raw = reader.mapping(value, place, ("code", "text"))
    return Axis(
        code=reader.code(raw.get("code"), join(place, "code"), CHOICE_CODE, ShapeCode.BAD_CHOICE_CODE),
        text=reader.text(raw.get("text"), join(place, "text"), required=True),
    )


def _read_choice(reader: Reader, value: object, place: str) -> Choice:
    raw = reader.mapping(value, place, ("code", "text", "points", "exclusive"))
    return Choice(
        code=reader.code(raw.get("code"), join(place, "code"), CHOICE_CODE, ShapeCode.BAD_CHOICE_CODE),
        text=reader.text(raw.get("text"), join(place, "text"), required=True),
        points=reader.maybe_number(raw.get("points"), join(place, "points"), -1, 1),
        exclusive=reader.flag(raw.get("exclusive"), join(place, "exclusive"), default=False),
    )


def _read_score(reader: Reader, value: object, place: str) -> ScoreRule | None:
    if value is None:
        return None
    raw = reader.mapping(value, place, ("steps", "yes", "no", "valid", "expired"))

    def points(key: str) -> float | None:
        return reader.maybe_number(raw.get(key), join(place, key), 0, 1)

    return ScoreRule(
        steps=reader.listed(raw.get("steps"), join(place, "steps"), lambda v, p: _read_step(reader, v, p)),
        yes=points("yes"),
        no=points("no"),
        valid=points("valid"),
        expired=points("expired"),
    )


def _read_step(reader: Reader, value: object, place: str) -> Step:
    raw = reader.mapping(value, place, ("up_to", "points"))
    return Step(
        points=reader.number(raw.get("points"), join(place, "points"), 0, 1),
        up_to=reader.maybe_number(raw.get("up_to"), join(place, "up_to")),
    )


def _read_warning(reader: Reader, value: object, place: str) -> WarnRule | None:
    if value is None:
        return None
    raw = reader.mapping(value, place, ("when", "text"))
    return WarnRule(
        when=reader.condition(raw.get("when"), join(place, "when")),
        text=reader.text(raw.get("text"), join(place, "text"), required=True),
    )


def _read_evidence(reader: Reader, value: object, place: str) -> EvidenceSlot | None:
    if value is None:
        return None
    raw = reader.mapping(value, place, ("text", "required"))
    return EvidenceSlot(
        text=reader.text(raw.get("text"), join(place, "text")),
        required=reader.flag(raw.get("required"), join(place, "required"), default=False),
    )


def _read_flag(reader: Reader, value: object, place: str) -> FlagRule:
    since = len(reader.problems)
    raw = reader.mapping(value, place, FlagRule.__struct_fields__)
    flag = FlagRule(
        code=reader.code(raw.get("code"), join(place, "code"), QUESTION_CODE, ShapeCode.BAD_QUESTION_CODE),
        provision=reader.string(raw.get("provision"), join(place, "provision")),
        severity=reader.choice(raw.get("severity"), join(place, "severity"), Severity),
        when=reader.condition(raw.get("when"), join(place, "when")),
        text=reader.text(raw.get("text"), join(place, "text"), required=True),
        advice=reader.text(raw.get("advice"), join(place, "advice")),
        fires=reader.listed(raw.get("fires"), join(place, "fires"), reader.answers),
        quiet=reader.listed(raw.get("quiet"), join(place, "quiet"), reader.answers),
    )
    reader.name_owner(since, raw.get("code"))
    return flag
