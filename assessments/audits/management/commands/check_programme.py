"""Check an audit programme and say what is in it. Needs no database."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.audits.document import Programme, ProgrammeError, known_programmes, pack_path, read_file


class Command(BaseCommand):
    help = "Check an audit programme (a YAML file), or with --all those that ship, and say what is in it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("file", type=Path, nargs="?", help="YAML file")
        chosen.add_argument("--all", action="store_true", help="check the programmes that ship")

    def handle(self, *, file: Path | None, all: bool, **_options: object) -> None:
        files = [pack_path(code) for code in known_programmes()] if file is None else [file]
        broken = 0
        for path in files:
            try:
                for line in report_lines(read_file(path)):
                    self.stdout.write(line)
            except ProgrammeError as error:
                broken += 1
                self.stderr.write(str(error))
        if broken:
            raise CommandError("Mend the programme and check it again.")


def report_lines(programme: Programme) -> Iterator[str]:
    """Word what is in a programme."""
    yield f"{programme.title['en']} ({programme.code} {programme.version}, on {programme.code_of_conduct})"
    yield f"  Kinds: {', '.join(kind.code for kind in programme.kinds)}"
    yield f"  Checkpoints: {len(programme.points)}, each with {programme.data_points} data points or more"
    yield f"  Grades: {', '.join(f'{grade.severity} {grade.deduction:g}' for grade in programme.grades)}"
    yield f"  Score: up to {programme.score.top:g}" if programme.score else "  Score: none"
    yield f"  Recognition: {', '.join(level.code for level in programme.recognition) or 'none'}"
    yield f"  Clocks: {len(programme.clocks)} rows, {len(programme.topics)} topics"
