"""Score a file of answers against a questionnaire. Needs no database."""

import json as json_module
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
from django.core.management.base import BaseCommand, CommandError

from assessments.codes.document import UnknownCode, provision_title
from assessments.questionnaires.checks import missing_answers
from assessments.questionnaires.conditions import is_iso_date, read_answer
from assessments.questionnaires.document import (
    Document,
    DocumentErrors,
    ValueProblem,
    describe_problem,
    fill_text,
    read_pack,
    validate_value,
)
from assessments.scoring.scoring import Contribution, Result, SnapshotError, Tally, compile_scorer

TOP_LOSSES = 10


def read_answers(document: Document, raw: object) -> tuple[dict[str, object], list[str]]:
    """Turn a snapshot or a plain {CODE: value} map into a snapshot, with a sentence per bad value."""
    if not isinstance(raw, Mapping):
        return {}, ["The file must hold a JSON object: a snapshot, or {CODE: value, ...}."]
    whole = raw if isinstance(raw.get("answers"), Mapping) else {"answers": raw}
    as_of = whole.get("as_of", date.today().isoformat())
    problems = [] if is_iso_date(as_of) else [f"as_of: '{as_of}' is not a day; write YYYY-MM-DD."]
    answers: dict[str, object] = {}
    for code, entry in whole["answers"].items():
        sentence = _read_one(document, code, entry, answers)
        if sentence:
            problems.append(f"{code}: {sentence}")
    return {"format": whole.get("format", 1), "as_of": as_of, "answers": answers}, problems


def _read_one(document: Document, code: str, entry: object, answers: dict[str, object]) -> str:
    if code not in document.positions:
        return "The questionnaire has no such question."
    read = read_answer(entry)
    try:
        value = validate_value(document.question(code), read.value)
    except ValueProblem as problem:
        return describe_problem(problem)
    answers[code] = {"value": value, "na": read.na, "evidence": read.evidence}
    return ""


class Command(BaseCommand):
    help = "Score a JSON file of answers (a snapshot, or {CODE: value}) against a questionnaire."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("questionnaire", type=Path, help="YAML file or pack folder")
        parser.add_argument("answers", type=Path, help="JSON file: a snapshot, or {CODE: value}")
        parser.add_argument("--json", action="store_true", help="print the whole result as JSON")
        parser.add_argument("--language", default="en", help="language of the texts shown")

    def handle(
        self, *, questionnaire: Path, answers: Path, json: bool, language: str = "en", **_options: object
    ) -> None:
        document = _read_questionnaire(questionnaire)
        snapshot, problems = read_answers(document, _read_json(answers))
        if problems:
            raise CommandError("\n".join([*problems, "Nothing was scored."]))
        result = _score(document, snapshot)
        if json:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(result)).decode())
            return
        for line in result_lines(document, result, language):
            self.stdout.write(line)
        gaps = missing_answers(document, snapshot["answers"], date.fromisoformat(str(snapshot["as_of"])))  # type: ignore[arg-type]
        if gaps:
            listed = ", ".join(f"{gap.code} ({gap.reason})" for gap in gaps[:TOP_LOSSES])
            self.stdout.write(f"Not ready to submit, {len(gaps)} open: {listed}")


def _score(document: Document, snapshot: Mapping[str, object]) -> Result:
    try:
        return compile_scorer(document).score(snapshot)
    except SnapshotError as error:
        raise CommandError(str(error)) from error


def _read_questionnaire(path: Path) -> Document:
    if not path.exists():
        raise CommandError(f"There is no file or folder {path}.")
    try:
        return read_pack(path)
    except DocumentErrors as errors:
        raise CommandError(f"The questionnaire has errors:\n{errors}") from errors


def _read_json(path: Path) -> object:
    try:
        return json_module.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be opened: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error


def result_lines(document: Document, result: Result, language: str) -> Iterator[str]:
    """Word a result: total, sections, provisions, where most was lost, flags."""
    yield f"{document.pick(document.title, language)[0]} ({document.code} {document.version})"
    yield f"Total: {_show(result.total)} of 100, band: {result.band or 'none'} (scoring {result.scoring_version})"
    yield "Sections:"
    for code, tally in result.sections.items():
        title = document.pick(document.section(code).title, language)[0]
        yield f"  {code:<6} {_tally(tally)}  {title}"
    yield "Provisions:"
    for code, tally in result.provisions.items():
        yield f"  {code:<6} {_tally(tally)}  {_provision(document, code, language)}"
    yield from _loss_lines(document, result.contributions, language)
    yield from _flag_lines(document, result, language)


def _loss_lines(document: Document, contributions: Sequence[Contribution], language: str) -> Iterator[str]:
    lost = sorted((one for one in contributions if one.lost > 0), key=lambda one: -one.lost)
    yield f"Most was lost here ({min(len(lost), TOP_LOSSES)} of {len(lost)}):"
    for one in lost[:TOP_LOSSES]:
        text = document.pick(document.question(one.code).text, language)[0]
        yield f"  -{one.lost:.1f}  {one.code} ({one.state}): {text}"
    bare = [one.code for one in contributions if one.missing_evidence]
    if bare:
        yield f"Evidence missing: {', '.join(bare)}"


def _flag_lines(document: Document, result: Result, language: str) -> Iterator[str]:
    yield f"Flags: {len(result.flags)}"
    for flag in result.flags:
        rule = document.flag(flag.rule)
        text = fill_text(document, rule.text, flag.inputs, language=language)
        yield f"  {flag.severity:<8} {flag.provision:<4} {flag.rule}: {text}"
        if rule.advice:
            yield f"           {document.pick(rule.advice, language)[0]}"
    if result.not_evaluated:
        yield f"Not evaluated, for want of answers: {', '.join(result.not_evaluated)}"


def _provision(document: Document, code: str, language: str) -> str:
    try:
        return provision_title(document.code_of_conduct, code, language)
    except UnknownCode:
        return ""


def _tally(tally: Tally) -> str:
    return f"{_show(tally.score):>5}  ({tally.earned:g} of {tally.weight:g})"


def _show(score: float | None) -> str:
    return "-" if score is None else f"{score:.1f}"
