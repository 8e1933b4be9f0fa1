"""Say what hangs on each question of a questionnaire, and which of them move nothing. Needs no database."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from django.core.management.base import BaseCommand, CommandError

from assessments.codes.document import UnknownCode, provision_title
from assessments.questionnaires.document import Document, DocumentErrors
from assessments.questionnaires.management.commands.check_questionnaire import read_any
from assessments.scoring.enums import Use
from assessments.scoring.scoring import PartWeight, QuestionWeight, Sensitivity, explain_weights
from portal.lib.errors import DomainError

PACKS = Path(__file__).resolve().parents[3] / "questionnaires" / "packs"
USE_WORDS = {
    Use.CONDITION: "shows other questions",
    Use.FLAG: "read by a flag",
    Use.WARNING: "read by a note",
    Use.METRIC: "a figure to compare",
}


class Command(BaseCommand):
    help = "Explain a questionnaire: what each question, section and provision can move, and what moves nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("questionnaire", help="name of a pack that ships, pack folder, YAML file or workbook")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")

    def handle(self, *, questionnaire: str, json: bool, **_options: object) -> None:
        document = read_named(questionnaire)
        found = explain_weights(document)
        if json:
            lists = {"silent": [one.code for one in found.silent], "dead": [one.code for one in found.dead]}
            whole = {**msgspec.to_builtins(found), **lists}
            self.stdout.write(msgspec.json.format(msgspec.json.encode(whole)).decode())
            return
        for line in explain_lines(document, found):
            self.stdout.write(line)


def read_named(name: str) -> Document:
    """Read a pack by its path, or by its name among those that ship; raise CommandError naming what is wrong."""
    path = next((path for path in (Path(name), PACKS / name) if path.exists()), None)
    if path is None:
        known = ", ".join(sorted(path.parent.name for path in PACKS.glob("*/questionnaire.yaml")))
        raise CommandError(f"There is no file, folder or pack {name}. Packs that ship: {known}.")
    try:
        return read_any(path)[0]
    except DocumentErrors as errors:
        raise CommandError(f"The questionnaire has errors:\n{errors}") from errors
    except DomainError as error:
        raise CommandError(f"{path.name}: {error.message}") from error


def explain_lines(document: Document, found: Sensitivity) -> Iterator[str]:
    """Word a sensitivity: the whole, sections, provisions, what moves most, what moves nothing."""
    yield f"{document.pick(document.title, 'en')[0]} ({document.code} {document.version})"
    scored = sum(one.weight > 0 for one in found.questions)
    best = _show(found.maximum)
    yield f"  {len(found.questions)} questions, {scored} scored; total weight {found.weight:g}; best total {best}"
    yield "Moves are points of 100 between the worst and the best answer, when every question shows."
    yield "Sections: weight, share, best score, what all its answers move, flag rules"
    for part in found.sections:
        yield _part_line(part, document.pick(document.section(part.code).title, "en")[0])
    yield "Provisions:"
    for part in found.provisions:
        yield _part_line(part, _provision(document, part.code))
    yield "Questions by what they move: of the total, of the section alone"
    for one in sorted((one for one in found.questions if one.move > 0), key=lambda one: -one.move):
        yield _question_line(one)
    yield from _list_lines(f"Move nothing, but are read ({len(found.silent)}):", found.silent)
    yield from _list_lines(f"Dead weight: move nothing and nothing reads them ({len(found.dead)}):", found.dead)


def _part_line(part: PartWeight, title: str) -> str:
    figures = f"{part.weight:>6g} {part.share:>5.1f} % {_show(part.maximum):>6} {part.move:>6.1f} {part.flags:>3}"
    return f"  {part.code:<6}{figures}  {title}"


def _question_line(one: QuestionWeight) -> str:
    notes = [f"weight {one.weight:g}", *(["conditional"] if one.conditional else [])]
    notes += [f"flags {', '.join(one.flags)}"] if one.flags else []
    return f"  {one.move:>5.1f} {one.section_move:>6.1f}  {one.code}  ({'; '.join(notes)})"


def _list_lines(head: str, questions: Iterable[QuestionWeight]) -> Iterator[str]:
    yield head
    for one in questions:
        readers = ", ".join([*one.opens, *one.flags])
        words = ", ".join(USE_WORDS[use] for use in one.uses) or "nothing reads the answer"
        yield f"  {one.code}: {words}" + (f" ({readers})" if readers else "")


def _provision(document: Document, code: str) -> str:
    try:
        return provision_title(document.code_of_conduct, code, "en")
    except UnknownCode:
        return ""


def _show(score: float | None) -> str:
    return "none" if score is None else f"{score:.1f}"
