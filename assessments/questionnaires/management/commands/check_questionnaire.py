"""Check a questionnaire, a pack or a workbook, and say what is in it. Needs no database."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from django.core.management.base import BaseCommand, CommandError
from msgspec import Struct
from msgspec.structs import replace

from assessments.codes.document import CodeOfConduct, known_codes, read_code
from assessments.questionnaires.core import Problem
from assessments.questionnaires.document import (
    Document,
    DocumentErrors,
    Summary,
    document_hash,
    find_problems,
    read_pack,
    summarise,
)
from assessments.questionnaires.document.glossary import find_term_problems, read_glossary
from assessments.questionnaires.document.parsing import DOCUMENT_CODE
from assessments.questionnaires.enums import Gravity, Severity
from assessments.questionnaires.services.workbooks import read_workbook, unknown_code_of_conduct
from assessments.questionnaires.workbook import name_cells
from portal.lib.errors import DomainError

SHIPPED = Path(__file__).resolve().parents[2] / "packs"
WORKBOOK = ".xlsx"
SHOWN_TRANSLATIONS = 5


class Told(Struct, frozen=True):
    """A problem in English."""

    place: str
    code: str
    message: str
    severity: Gravity


class Report(Struct, frozen=True):
    """What the command found; `--json` prints it as it is."""

    path: str
    ok: bool
    sha256: str | None
    summary: Summary | None
    provisions_covered: tuple[str, ...]
    provisions_not_covered: tuple[str, ...]
    errors: tuple[Told, ...]
    warnings: tuple[Told, ...]


def make_report(path: Path, glossary: Path | None = None) -> Report:
    """Read and check a pack against the code of conduct that it names, and the words against a glossary."""
    try:
        document, cells = read_any(path)
    except DocumentErrors as errors:
        return Report(str(path), False, None, None, (), (), tell_problems(errors.problems), ())
    except DomainError as error:
        unread = Told(path.name, error.code, error.message, Gravity.ERROR)
        return Report(str(path), False, None, None, (), (), (unread,), ())
    code, problems = _read_code(document)
    known = code.provision_codes if code else None
    problems += name_cells(find_problems(document, known), cells)
    if glossary is not None:
        problems += _find_wrong_terms(document, glossary)
    asked = {question.provision for question in document.questions}
    told = tell_problems(problems)
    errors_found = tuple(one for one in told if one.severity is Gravity.ERROR)
    return Report(
        path=str(path),
        ok=not errors_found,
        sha256=document_hash(document),
        summary=summarise(document),
        provisions_covered=tuple(one for one in known or () if one in asked),
        provisions_not_covered=tuple(one for one in known or () if one not in asked),
        errors=errors_found,
        warnings=tuple(one for one in told if one.severity is Gravity.WARNING),
    )


def tell_problems(problems: Iterable[Problem]) -> tuple[Told, ...]:
    """Give problems with their English sentences."""
    return tuple(Told(one.place, one.code, one.message, one.severity) for one in problems)


def read_any(path: Path) -> tuple[Document, Mapping[str, str]]:
    """Read a pack, a YAML file or a workbook; give the cells of a workbook, too.

    Raises DocumentErrors, and DomainError for a file that should be a workbook and is none.
    """
    if path.suffix.lower() != WORKBOOK:
        return read_pack(path), {}
    return read_workbook(path.read_bytes(), find_shipped)


def find_shipped(code: str, version: str | None) -> Document | None:
    """Find the pack that a workbook extends among those that ship: checking needs no database."""
    path = SHIPPED / code
    if not DOCUMENT_CODE.fullmatch(code) or not path.is_dir():
        return None
    document = read_pack(path)
    return document if version in (None, document.version) else None


def _find_wrong_terms(document: Document, glossary: Path) -> list[Problem]:
    try:
        return find_term_problems(document, read_glossary(glossary))
    except DocumentErrors as errors:
        return [replace(problem, place=f"glossary/{problem.place}") for problem in errors.problems]


def _read_code(document: Document) -> tuple[CodeOfConduct | None, list[Problem]]:
    if document.code_of_conduct in known_codes():
        return read_code(document.code_of_conduct), []
    return None, [unknown_code_of_conduct(document.code_of_conduct)]


class Command(BaseCommand):
    help = "Check a questionnaire (a pack folder, a YAML file or a workbook) and say what is in it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="folder with questionnaire.yaml, YAML file, or .xlsx")
        parser.add_argument(
            "--glossary", type=Path, help="folder of en.yaml and one file per language; packs that ship have theirs"
        )
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(
        self, *, file: Path, json: bool, glossary: Path | None = None, verbosity: int = 1, **_options: object
    ) -> None:
        if not file.exists():
            raise CommandError(f"There is no file or folder {file}.")
        report = make_report(file, glossary or glossary_of(file))
        if json:
            self.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode())
        else:
            for line in report_lines(report, everything=verbosity > 1):
                self.stdout.write(line)
        if not report.ok:
            raise CommandError(f"{_count(len(report.errors), 'error')}: mend them and check again.")


def glossary_of(file: Path) -> Path | None:
    """Give the glossary of the packs that ship; other questionnaires have their own words."""
    return SHIPPED / "glossary" if file.resolve().is_relative_to(SHIPPED) else None


def report_lines(report: Report, *, everything: bool = False) -> Iterator[str]:
    """Word the report; missing translations are cut short unless `everything` is wanted."""
    if report.summary:
        yield from _summary_lines(report.summary)
        yield from _coverage_lines(report)
    for problem in report.errors:
        yield f"ERROR    {problem.place}: {problem.message} [{problem.code}]"
    untranslated = [p for p in report.warnings if p.code == "missing_translation"]
    for problem in report.warnings:
        if everything or problem.code != "missing_translation":
            yield f"WARNING  {problem.place}: {problem.message} [{problem.code}]"
    if untranslated and not everything:
        places = ", ".join(f"{p.place} ({p.message})" for p in untranslated[:SHOWN_TRANSLATIONS])
        yield f"WARNING  {_count(len(untranslated), 'missing translation')}, the first: {places} (all with -v 2)"
    yield f"{_count(len(report.errors), 'error')}, {_count(len(report.warnings), 'warning')}."


def _summary_lines(summary: Summary) -> Iterator[str]:
    title = next(iter(summary.title.values()))
    yield f"{title} ({summary.code} {summary.version}, on {summary.code_of_conduct})"
    yield (
        f"  {_count(summary.questions, 'question')}: {summary.required} required, {summary.scored} scored,"
        f" {summary.conditional} conditional, {summary.with_evidence} with evidence; total weight {summary.weight:g}"
    )
    kinds = sorted(summary.kinds.items(), key=lambda item: -item[1])
    yield "  Kinds: " + ", ".join(f"{kind} {number}" for kind, number in kinds)
    yield "  Sections:"
    for section in summary.sections:
        name = next(iter(section.title.values()), "")
        yield (
            f"    {section.code:<6} {section.questions:>3} questions, {section.scored:>3} scored,"
            f" weight {section.weight:>5g}  {name}"
        )
    severities = ", ".join(f"{severity} {summary.flags.get(severity, 0)}" for severity in Severity)
    yield f"  Flag rules: {sum(summary.flags.values())} ({severities})"
    for language, number in summary.translated.items():
        percent = 100 * number // summary.texts
        yield f"  Texts in {language}: {number} of {summary.texts} ({percent} %)"


def _coverage_lines(report: Report) -> Iterator[str]:
    covered, missing = report.provisions_covered, report.provisions_not_covered
    if covered or missing:
        yield f"  Provisions asked about: {len(covered)} of {len(covered) + len(missing)}: {', '.join(covered)}"
    if missing:
        yield f"  Not asked about: {', '.join(missing)}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
