"""Django's flush, for a database whose trail refuses to be emptied."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from portal.trail.guards import statements_to_install, statements_to_remove


class Command(flush.Command):
    """Emptying the whole database is the one deed that ends a trail: test suites and demos do it, on purpose."""

    def handle(self, **options: Any) -> None:
        """Take the guard away, empty every table, put it back."""
        connection = connections[options["database"]]
        self.run(connection, statements_to_remove(connection.vendor))
        try:
            super().handle(**options)
        finally:
            self.run(connection, statements_to_install(connection.vendor))

    def run(self, connection: Any, statements: list[str]) -> None:
        """Run statements where the trail's tables exist."""
        if "trail_entry" not in connection.introspection.table_names():
            return
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
