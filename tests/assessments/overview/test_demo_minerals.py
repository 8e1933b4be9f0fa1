"""The minerals of the demo: told by the services, as many as there are suppliers for, and nothing of a real list."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

import minerals.customers.tasks
from assessments.campaigns import tasks as campaign_tasks
from assessments.campaigns.models import Campaign
from assessments.overview.management.demo.minerals import company
from assessments.overview.management.demo.minerals.drawing import CARE, Speaker, draw_cmrt, draw_emrt
from assessments.overview.management.demo.minerals.smelters import FIRST_CID, draw_works
from assessments.overview.management.demo.minerals.telling import Telling
from minerals.customers.models import CustomerAnswer, CustomerRequest
from minerals.declarations.models import Declaration, Edition
from minerals.rollup.models import Rollup
from minerals.smelters.models import Smelter, SmelterList
from minerals.templates_io.workbook import build_workbook, read_declaration
from portal.jobs.services import run_job
from suppliers.organisations.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
assert minerals.customers.tasks and campaign_tasks  # they register the runners
TRADES = (
    "components",
    "circuit_boards",
    "assembly",
    "packaging",
    "metals",
    "semiconductors",
    "chemicals",
    "components",
)


@pytest.fixture
def told(monkeypatch):
    """A demo of eight suppliers and a register of forty requests."""
    monkeypatch.setattr(company, "REQUESTS", 40)
    monkeypatch.setattr(company, "OPEN_REQUESTS", 10)
    people = factories.cast()
    for number, sector in enumerate(TRADES):
        supplier = factories.make_organisation()
        factories.make_site(supplier, sector=sector)
        # What is drawn hangs on the vendor code, so that it must not hang on the order of tests.
        factories.make_relationship(people.buyer, supplier, vendor_code=f"D-{number}", business_unit="Displays")
        manager = factories.make_user(f"clerk{number}@test.example")
        manager.set_unusable_password()
        manager.save(update_fields=["password"])
        factories.make_membership(manager, supplier, Role.SUPPLIER_MANAGER)

    def finish(job):
        run_job(str(job.pk))
        job.refresh_from_db()
        assert job.state == "done", job.result

    Telling(timezone.now(), 7, people.buyer, people.erin, people.dave, finish).tell()
    return people


def test_everything_is_told_by_the_services(told):
    asked = Campaign.objects.order_by("pk").values_list("template", "state")
    assert list(asked) == [("CMRT", "sent"), ("CMRT", "sent"), ("EMRT", "sent")]
    assert Edition.objects.filter(way="upload").count() >= 3 * len(TRADES)
    states = Counter(Declaration.objects.values_list("state", flat=True))
    assert states["accepted"] and not states.keys() - {"accepted", "superseded", "received", "returned", "requested"}
    assert not Declaration.objects.filter(state="accepted", counted=False).exists()
    assert set(Rollup.objects.filter(group=None).values_list("template", flat=True)) == {"CMRT", "EMRT"}
    assert SmelterList.objects.filter(state="applied").count() >= 3


def test_every_smelter_of_the_demo_is_invented(told):
    numbers = {int(cid.removeprefix("CID")) for cid in Smelter.objects.values_list("cid", flat=True)}
    assert min(numbers) >= FIRST_CID


def test_the_register_holds_what_was_answered_before_and_now(told):
    states = Counter(CustomerRequest.objects.values_list("state", flat=True))
    assert states == {"answered": 36, "open": 4}
    assert CustomerAnswer.objects.exclude(file=None).count() == company.ANSWERED_NOW


@pytest.mark.parametrize("care", CARE)
@pytest.mark.parametrize("draw", [draw_cmrt, draw_emrt])
def test_what_a_supplier_draws_can_be_read_from_its_workbook(care, draw):
    site = factories.make_site(sector="components")
    today = timezone.localdate()
    speaker = Speaker(Random(f"{care}:{draw.__name__}"), site, "clerk@test.example", today - timedelta(days=3), care)
    declared = draw(speaker, draw_works(7, today))
    read = read_declaration(build_workbook(declared))
    assert (read.version, read.company, len(read.smelters)) == (
        declared.version, declared.company, len(declared.smelters),
    )  # fmt: skip
    assert given(read) == given(declared)


def given(declared):
    """What was answered, whatever stays empty beside it."""
    rows = declared.answers.items()
    return {(number, metal): one.value for number, row in rows for metal, one in row.items() if one.value}
