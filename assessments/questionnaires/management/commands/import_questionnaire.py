"""Bring a questionnaire, a pack or a workbook, into the database."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.codes.document import UnknownCode, read_code
from assessments.questionnaires.document import DocumentErrors, read_pack
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.services import import_pack, publish_version, store_document
from assessments.questionnaires.services.workbooks import read_questionnaire
from portal.lib.errors import DomainError
from suppliers.organisations.models import Organisation


class Command(BaseCommand):
    """Import a pack; the same content a second time changes nothing."""

    help = "Import a questionnaire (a pack folder, one YAML file or a workbook) as a draft, or published at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the pack, its owner and whether to publish."""
        parser.add_argument("path", type=Path, help="folder of the pack, a single YAML file, or a workbook (.xlsx)")
        parser.add_argument("--publish", action="store_true", help="make the version sendable; it never changes again")
        parser.add_argument("--owner", type=int, help="id of the buyer it belongs to; else every buyer may send it")

    def handle(self, *, path: Path, publish: bool, owner: int | None, **_options: object) -> None:
        """Import, and say what there is now."""
        if not path.exists():
            raise CommandError(f"There is nothing at {path}. Give the folder of a pack, a YAML file or a workbook.")
        organisation = Organisation.objects.filter(pk=owner).first() if owner is not None else None
        if owner is not None and organisation is None:
            raise CommandError(f"There is no organisation with the id {owner}.")
        try:
            version = import_any(path, organisation)
            if publish:
                publish_version(version, actor=None)
        except DocumentErrors as errors:
            raise CommandError("\n".join(f"{one.place}: {one.message}" for one in errors.problems)) from errors
        except UnknownCode as error:
            raise CommandError(str(error)) from error
        except DomainError as error:
            details = [f"{one['place']}: {one['message']}" for one in error.detail or ()]  # type: ignore[attr-defined]
            raise CommandError("\n".join([error.message, *details])) from error
        self.stdout.write(f"{version.questionnaire.code} {version.version} is {version.state}, id {version.pk}.")


def import_any(path: Path, owner: Organisation | None) -> QuestionnaireVersion:
    """Keep a pack or a workbook as a draft version."""
    if path.suffix.lower() == ".xlsx":
        read = read_questionnaire(path.read_bytes(), owner=owner)
        return store_document(read.document, owner=owner, actor=None, base=read.base)
    provisions = read_code(read_pack(path).code_of_conduct).provision_codes
    return import_pack(path, owner=owner, actor=None, provisions=provisions)
