"""A real worker is killed in the middle of a campaign; another one finishes it."""

import datetime as dt
import time

import pytest
from django.db.models import Count

from assessments.campaigns import services
from assessments.campaigns.models import Campaign, Request
from assessments.responses.models import Response
from minerals.declarations.models import Declaration
from portal.accounts.models import Invitation
from portal.jobs.models import Job
from portal.jobs.services import enqueue
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from suppliers.organisations.models import MembershipOffer, Organisation, Relationship, Site
from tests.factories import make_membership, make_organisation, make_user, make_version

SITES = 4000
DUE = dt.date(2026, 12, 31)


def build_suppliers(buyer: Organisation) -> None:
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Supplier {number}", country="TH") for number in range(SITES)
    )
    Site.objects.bulk_create(
        Site(organisation=one, name=f"Plant {one.pk}", country="TH", contact_email=f"c{one.pk}@test.example")
        for one in organisations
    )
    Relationship.objects.bulk_create(
        Relationship(buyer=buyer, supplier=one, vendor_code=f"V{one.pk}") for one in organisations
    )


def wait_until(done, *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.02)
    raise AssertionError("This did not happen in time.")


@pytest.mark.parametrize(
    ("template", "model", "letter"), [("", Response, "request"), ("CMRT", Declaration, "declaration_request")]
)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(start_worker, template, model, letter):
    buyer, erin = make_organisation("Buyer"), make_user()
    make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    build_suppliers(buyer)
    asked_for = {"template": template} if template else {"version": make_version()}
    campaign = services.create_campaign(
        buyer=buyer, name="Round", year=2026, due_on=DUE, languages=["en"], actor=erin, **asked_for
    )
    first = start_worker()
    job = services.send_campaign(campaign=campaign, actor=erin)
    wait_until(lambda: Request.objects.count() >= 500)
    first.kill()
    asked = Request.objects.count()
    assert 500 <= asked < SITES
    assert asked % 500 == 0
    # What the killed worker had begun is gone with its transaction: every request is whole.
    assert model.objects.count() == Invitation.objects.count() == asked
    assert Mail.objects.filter(template=letter).count() == asked

    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)  # its lease has run out
    start_worker(beat=True)
    wait_until(lambda: Campaign.objects.get(pk=campaign.pk).state == "sent")
    assert Request.objects.count() == model.objects.count() == SITES
    assert Invitation.objects.count() == MembershipOffer.objects.count() == SITES
    mails = Mail.objects.filter(template=letter)
    assert mails.count() == mails.values("to_email").distinct().count() == SITES
    assert not Site.objects.annotate(times=Count("requests")).exclude(times=1).exists()
    assert Job.objects.get(pk=job.pk).attempts == 2


@pytest.mark.production
def test_on_postgresql_two_workers_at_once_take_turns(start_worker):
    """The same job handed to two workers: the second waits at the lock and finds its sites asked."""
    buyer, erin = make_organisation("Buyer"), make_user()
    make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    build_suppliers(buyer)
    campaign = services.create_campaign(
        buyer=buyer, version=make_version(), name="Round", year=2026, due_on=DUE, languages=["en"], actor=erin
    )
    start_worker(concurrency=2)
    job = services.send_campaign(campaign=campaign, actor=erin)
    wait_until(Request.objects.exists)
    twin = Job.objects.create(kind="campaigns.send", params=job.params, actor=erin)
    enqueue("jobs.run", job_id=str(twin.pk))
    wait_until(lambda: Job.objects.get(pk=twin.pk).finished_at and Job.objects.get(pk=job.pk).finished_at)
    assert set(Job.objects.filter(pk__in=[job.pk, twin.pk]).values_list("state", flat=True)) == {"done"}
    assert Request.objects.count() == Mail.objects.filter(template="request").count() == SITES
