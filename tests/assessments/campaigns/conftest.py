"""A buyer with a few suppliers, and sending without a worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine

from assessments.campaigns import services
from assessments.campaigns.models import Campaign
from portal.accounts.models import Invitation, User
from portal.jobs.models import Job
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Organisation, Relationship, Site
from tests.factories import make_membership, make_organisation, make_relationship, make_site, make_user, make_version

LANGUAGES = ["en", "ja"]


@dataclass
class World:
    """A buyer, the person who sends, and suppliers by vendor code."""

    buyer: Organisation
    erin: User
    sites: dict[str, Site]
    bonds: dict[str, Relationship]

    def draft(self, **fields) -> Campaign:
        if "template" not in fields:
            fields.setdefault("version", make_version())
        fields.setdefault("name", "Annual assessment")
        fields.setdefault("year", 2026)
        fields.setdefault("languages", LANGUAGES)
        return services.create_campaign(buyer=self.buyer, actor=self.erin, **fields)

    def add(self, code: str, *, site: dict | None = None, **bond) -> Site:
        supplier = make_organisation(f"Supplier {code}")
        self.bonds[code] = make_relationship(self.buyer, supplier, vendor_code=code, **bond)
        self.sites[code] = make_site(supplier, name=f"Plant {code}", **(site or {}))
        return self.sites[code]


@pytest.fixture
def world(db) -> World:
    """A is Japanese, B Thai in tier 2, C has a manager who reads Japanese, D has no contact."""
    buyer = make_organisation("Buyer")
    erin = make_user("erin@test.example")
    make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    world = World(buyer, erin, {}, {})
    world.add("A", site={"contact_email": "a@test.example", "contact_language": "ja", "country": "JP"})
    world.add(
        "B", tier=2, region="South", site={"contact_email": "b@test.example", "contact_language": "th", "country": "TH"}
    )
    plant = world.add("C", site={"contact_email": "c@test.example", "country": "CN"})
    make_membership(make_user("manager@test.example", language="ja"), plant.organisation, Role.SUPPLIER_MANAGER)
    world.add("D", site={"contact_email": "", "country": "VN"})
    return world


@pytest.fixture
def send(world) -> Callable[[Campaign], Job]:
    """Send a draft as a worker would."""

    def run(campaign: Campaign) -> Job:
        job = services.send_campaign(campaign=campaign, actor=world.erin)
        run_job(str(job.pk))
        campaign.refresh_from_db()
        return Job.objects.get(pk=job.pk)

    return run


@pytest.fixture
def sent(world, send):
    """All four suppliers are asked for a CMRT; A has three sites, of which the second has a contact first."""
    Invitation.objects.all().delete()
    first = world.sites["A"]
    type(first).objects.filter(pk=first.pk).update(contact_email="")
    world.second = make_site(first.organisation, name="Plant A2", contact_email="a@test.example", country="VN")
    make_site(first.organisation, name="Plant A3", contact_email="a3@test.example")
    campaign = world.draft(template="CMRT", due_on=date(2026, 6, 30), name="Minerals 2026")
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        send(campaign)
    return campaign
