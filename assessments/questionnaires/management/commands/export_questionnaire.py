"""Write a questionnaire, a pack or a version of the database, as a workbook."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.questionnaires.document import DocumentErrors, read_pack
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.services.workbooks import write_document, write_questionnaire
from portal.lib.errors import DomainError


class Command(BaseCommand):
    """Export; what is imported again is the same document."""

    help = "Write a questionnaire as a workbook (.xlsx): a pack folder, or the id of a version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to write and the file."""
        parser.add_argument("questionnaire", help="folder of a pack, YAML file, or id of a version in the database")
        parser.add_argument("file", type=Path, help="the workbook to write; it must not be there yet")

    def handle(self, *, questionnaire: str, file: Path, **_options: object) -> None:
        """Write the file and say so."""
        if file.exists():
            raise CommandError(f"{file} is there already. Remove it or name another file.")
        try:
            content = write_any(questionnaire)
            file.write_bytes(content)
        except DocumentErrors as errors:
            raise CommandError("\n".join(f"{one.place}: {one.message}" for one in errors.problems)) from errors
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {file} ({len(content):,} bytes).")


def write_any(questionnaire: str) -> bytes:
    """Write a pack, or the version with this id."""
    path = Path(questionnaire)
    if path.exists():
        return write_document(read_pack(path))
    version = (
        QuestionnaireVersion.objects.filter(pk=questionnaire).first()
        if questionnaire.isascii() and questionnaire.isdigit()
        else None
    )
    if version is None:
        raise CommandError(f"There is no pack {questionnaire} and no version with this id.")
    return write_questionnaire(version)
