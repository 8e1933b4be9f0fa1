"""Make the first organisation of an installation and invite its administrator."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.accounts.services import invitation_url
from portal.lib.errors import DomainError
from suppliers.organisations import services
from suppliers.organisations.enums import Role


class Command(BaseCommand):
    """Prints the administrator's link, for a server that cannot send mail yet."""

    help = "Create a buyer and invite its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name, the address and the country."""
        parser.add_argument("name")
        parser.add_argument("email")
        parser.add_argument("--country", default="JP", help="ISO code of two letters")
        parser.add_argument("--language", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create both or neither."""
        try:
            with transaction.atomic():
                buyer = services.create_organisation(name=options["name"], country=options["country"], actor=None)
                services.start_relationship(
                    buyer=buyer, supplier=buyer, vendor_code="OWN", category="Own sites", actor=None
                )
                invitation = services.invite_member(
                    organisation=buyer,
                    role=Role.BUYER_ADMINISTRATOR,
                    email=options["email"],
                    language=options["language"],
                    actor=None,
                )
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{buyer.name} is made. Open this link within 30 days to become its administrator:")
        self.stdout.write(invitation_url(invitation))
