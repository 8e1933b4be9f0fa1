"""Make the demo data set: a buyer, 564 supplier plants, three years of answers, audits, minerals. Takes minutes."""

import os
import time
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.overview.management.demo import people
from assessments.overview.management.demo.story import Story
from suppliers.organisations.models import Organisation

ACCOUNTS = (
    ("erin@aozora.example", "buyer administrator at Aozora Electronics, also answers for its own sites"),
    ("dave@aozora.example", "buyer procurement (Japanese)"),
    ("alice@minami.example", "supplier manager in Japan: this year's questionnaire and a corrective action plan wait"),
    ("somchai@rayong.example", "supplier manager in Thailand: this year's questionnaire waits, an action is under way"),
    ("carol@meridian.example", "auditor of Meridian Assurance: on site today, with a tablet"),
    ("frank@meridian.example", "manager of that audit firm: teams, quality check, release"),
)


class Command(BaseCommand):
    """Deterministic by seed; does nothing where the demo is there already."""

    help = "Make the demo data set (only with SANPO_DEBUG)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the seed and the size."""
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--plants", type=int, default=people.PLANTS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the data, then say who to be."""
        if not settings.DEBUG:
            raise CommandError("The demo has known passwords. It is made only where SANPO_DEBUG is set.")
        if Organisation.objects.filter(name=people.BUYER).exists():
            self.stdout.write("The demo data is there already.")
        else:
            self.make(options["seed"], options["plants"])
        self.stdout.write(f"\nSign in with the password  {people.PASSWORD}")
        for email, role in ACCOUNTS:
            self.stdout.write(f"  {email:26} {role}")
        self.stdout.write("Every mail lands in the mailbox page: /mailbox/")

    def make(self, seed: int, plants: int) -> None:
        """Tell the story. Jobs run here, so what is enqueued goes to a broker that forgets."""
        os.environ.pop("CELERY_BROKER_URL", None)  # Celery believes it more than its configuration
        current_app.conf.update(broker_url="memory://localhost", broker_transport_options={})
        current_app.loader.import_default_modules()
        start = time.monotonic()

        def say(step: str) -> None:
            self.stdout.write(f"  {time.monotonic() - start:5.0f} s  {step}")
            self.stdout.flush()

        Story(say=say, seed=seed, plants=plants).tell()
        say("Done")
