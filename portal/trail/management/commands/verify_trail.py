"""Check that nothing in the trail was changed or removed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal.trail.guards import trigger_names
from portal.trail.queries import Verdict, digest_at, verify_chain


class Command(BaseCommand):
    """Recomputes the hash chain. Its last line, noted elsewhere and given to --expect, proves the end too."""

    help = "Checks the hash chain of the trail; --expect NUMBER:DIGEST also proves that nothing was cut off its end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a seal noted earlier."""
        parser.add_argument("--expect", metavar="NUMBER:DIGEST", help="a seal noted at an earlier check")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and say what was found; a fault ends with status 1."""
        verdict = verify_chain()
        faults = [fault for fault in (verdict.fault, self.check_noted(options["expect"]), self.check_guards()) if fault]
        self.report(verdict)
        if faults:
            raise CommandError("\n".join(faults))

    def report(self, verdict: Verdict) -> None:
        """Print how far the chain holds."""
        self.stdout.write(f"{verdict.number} entries are sealed and fit, {verdict.waiting} wait for their seal.")
        self.stdout.write(f"Last seal: {verdict.number}:{verdict.digest}")

    def check_noted(self, noted: str | None) -> str:
        """Compare a seal noted earlier with the one that stands now."""
        if not noted:
            return ""
        number, _colon, digest = noted.partition(":")
        if not number.isdigit() or not digest:
            return "--expect takes NUMBER:DIGEST, as the last line of an earlier check."
        if int(number) and digest_at(int(number)) != digest:
            return f"Seal {number} is gone or is not the one noted: the chain was cut or rewritten."
        return ""

    def check_guards(self) -> str:
        """Look whether the database still refuses changes."""
        expected = trigger_names(connection.vendor)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            elif connection.vendor == "postgresql":
                cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
            else:
                return ""
            missing = expected - {row[0] for row in cursor.fetchall()}
        if not missing:
            return ""
        return (
            f"The database does not refuse changes to the trail: {', '.join(sorted(missing))} missing. Migrate again."
        )
