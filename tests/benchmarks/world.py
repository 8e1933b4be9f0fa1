"""A programme of any size by bulk inserts: a buyer, suppliers with one site each, two yearly campaigns."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_countries import countries

from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import facets_of
from assessments.overview.management.demo.personas import SHARES, Plant, draw_answers
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services import import_pack
from assessments.responses.models import Answer, Response, Submission
from assessments.responses.snapshot import canonical_json, hash_of
from portal.accounts.models import User
from suppliers.organisations.enums import Role, Sector
from suppliers.organisations.models import Membership, Organisation, Relationship, Site

BATCH = 2000
VARIANTS = 60
EDITORS = 32
REGIONS = ("Americas", "China", "Europe", "Japan", "South-East Asia")
UNITS = ("Imaging", "Medical", "Optics", "Printing", "Semiconductors", "Services")
CATEGORIES = ("Assembly", "Boards", "Chemicals", "Electronics", "Logistics", "Metal", "Moulds", "Packaging", "Plastics")


@dataclass
class World:
    """What the benchmark needs to know of its data."""

    buyer: Organisation
    erin: User
    version: QuestionnaireVersion
    campaigns: dict[int, Campaign]
    snapshots: list[tuple[str, str]]
    editors: list[tuple[User, Response]]
    size: int = 0


def start_world() -> World:
    """A buyer with nobody to buy from yet."""
    buyer = Organisation.objects.create(name="Benchmark buyer", country="JP")
    erin = User.objects.create_user("erin@bench.example", "benchmark only 1", name="Erin")
    Membership.objects.create(user=erin, organisation=buyer, role=Role.BUYER_ADMINISTRATOR)
    pack = Path(settings.BASE_DIR) / "assessments" / "questionnaires" / "packs" / "facility-short"
    version = import_pack(pack, owner=None, actor=None)
    version.state = "published"
    version.save()
    campaigns = {year: make_campaign(buyer, version, year) for year in (2025, 2026)}
    return World(buyer, erin, version, campaigns, make_snapshots(version), [])


def make_campaign(buyer: Organisation, version: QuestionnaireVersion, year: int) -> Campaign:
    return Campaign.objects.create(
        buyer=buyer, version=version, year=year, name=f"Programme {year}", due_on=date.today(), languages=["en"],
        state="sent", sent_at=timezone.now(),
    )  # fmt: skip


def make_snapshots(version: QuestionnaireVersion) -> list[tuple[str, str]]:
    """Snapshots of plants of every kind, to be dealt out in turn."""
    document, made = document_of(version), []
    for seed in range(VARIANTS):
        draw = random.Random(seed)
        persona = draw.choices(list(SHARES), list(SHARES.values()))[0]
        answers = draw_answers(document, Plant(draw, persona, 200, date(2026, 9, 30), 0.2))
        entries = {code: {"value": value, "comment": "Checked on site."} for code, value in answers.items()}
        text = canonical_json({"format": 1, "as_of": "2026-09-30", "answers": entries})
        made.append((text, hash_of(text)))
    return made


def grow_world(world: World, size: int) -> None:
    """Add suppliers, with their sites, responses and submissions, until there are `size`."""
    for first in range(world.size, size, BATCH):
        add_suppliers(world, range(first, min(first + BATCH, size)))
    world.size = size
    for campaign in world.campaigns.values():
        campaign.facets = facets_of(campaign)
        campaign.save()
    if not world.editors:
        world.editors = add_editors(world)


def add_suppliers(world: World, numbers: range) -> None:
    lands = [code for code, _name in countries][:66]
    draw = random.Random(numbers.start)
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Supplier {number:05}", country=lands[number % len(lands)]) for number in numbers
    )
    sites = Site.objects.bulk_create(
        Site(
            organisation=one, name=f"{one.name} plant", country=one.country, sector=draw.choice(Sector.values),
            contact_email=f"s{one.pk}@bench.example",
        )
        for one in organisations
    )  # fmt: skip
    bonds = Relationship.objects.bulk_create(
        Relationship(
            buyer=world.buyer, supplier=one, vendor_code=f"V{number:06}", business_unit=draw.choice(UNITS),
            region=REGIONS[number % len(lands) % len(REGIONS)], category=draw.choice(CATEGORIES),
            tier=draw.randint(1, 3),
        )
        for number, one in zip(numbers, organisations, strict=True)
    )  # fmt: skip
    for year, campaign in world.campaigns.items():
        add_responses(world, campaign, year, list(zip(numbers, sites, bonds, strict=True)))


def add_responses(world: World, campaign: Campaign, year: int, rows: list[tuple[int, Site, Relationship]]) -> None:
    now = timezone.now()
    responses = Response.objects.bulk_create(
        Response(
            relationship=bond, site=site, version=world.version, title="Facility questionnaire", period=str(year),
            due_on=date.today() + timedelta(days=number % 60 - 10), **state_of(number, year, now),
        )
        for number, site, bond in rows
    )  # fmt: skip
    Request.objects.bulk_create(
        Request(
            campaign=campaign, site=site, relationship=bond, response=response, country=str(site.country),
            business_unit=bond.business_unit, region=bond.region, category=bond.category, tier=bond.tier,
            contact_email=site.contact_email,
        )
        for (_number, site, bond), response in zip(rows, responses, strict=True)
    )  # fmt: skip
    if year == 2026:
        Submission.objects.bulk_create(submission_of(world, row) for row in responses if row.state == "submitted")


def state_of(number: int, year: int, now: Any) -> dict[str, Any]:
    """The first suppliers are still answering; of the others seven in eight have handed in."""
    if year == 2025:
        score = (number * 37) % 1001 / 10
        band = "high" if score < 60 else "medium" if score < 85 else "low"
        return {"state": "accepted", "submitted_at": now - timedelta(days=365), "score": score, "band": band}
    if number < EDITORS:
        return {"state": "in_progress", "started_at": now, "asked": 60}
    return {"state": "waiting"} if number % 8 == 0 else {"state": "submitted", "submitted_at": now}


def submission_of(world: World, response: Response) -> Submission:
    text, sha256 = world.snapshots[response.site_id % VARIANTS]
    return Submission(
        response=response, number=1, snapshot=text, sha256=sha256, attested_name="A. Clerk",
        attested_on=date.today(), submitted_at=timezone.now(),
    )  # fmt: skip


def add_editors(world: World) -> list[tuple[User, Response]]:
    """One person at each of the first sites, with half of the answers given."""
    rows = Response.objects.filter(period="2026", state="in_progress").select_related("site").order_by("pk")[:EDITORS]
    codes = [question.code for question in document_of(world.version).questions]
    made = []
    for row in rows:
        user = User.objects.create_user(f"editor{row.pk}@bench.example", "benchmark only 1", name="Editor")
        Membership.objects.create(user=user, organisation_id=row.site.organisation_id, role=Role.SUPPLIER_EDITOR)
        Answer.objects.bulk_create(
            Answer(response=row, code=code, value="yes", updated_at=timezone.now()) for code in codes[::2]
        )
        made.append((user, row))
    return made
