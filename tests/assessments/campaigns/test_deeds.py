"""Deeds on the pages of campaigns: remind, resume, invite, close."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignState
from assessments.campaigns.models import Campaign, Request
from assessments.responses.models import Response
from portal.accounts.services import invitation_url
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from tests.factories import (
    cast,
    make_campaign,
    make_membership,
    make_response,
    make_user,
)

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 12, 31)


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def sent(people):
    """A campaign of the buyer that is out, with one request."""
    response = make_response(people.relationship, people.site)
    return make_campaign(people.buyer, responses=[response], state=CampaignState.SENT, name="Round 2026")


def test_ticked_sites_are_reminded_and_the_list_stays_as_it_was(client, world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    client.force_login(world.erin)
    ids = list(Request.objects.filter(relationship__vendor_code__in="AD").values_list("pk", flat=True))
    url = reverse("campaign_remind", args=[campaign.pk])
    page = client.post(f"{url}?progress=open", {"requests": ids}, follow=True)
    assert page.redirect_chain == [(reverse("campaign_detail", args=[campaign.pk]) + "?progress=open", 302)]
    assert "1 site is reminded. The others" in page.content.decode()
    assert Mail.objects.filter(template="reminder").count() == 1


def test_nothing_ticked_is_said(client, world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    client.force_login(world.erin)
    page = client.post(reverse("campaign_remind", args=[campaign.pk]), {"requests": ["x"]})
    assert page.status_code == 422
    assert "No site is ticked" in page.content.decode()


def test_sending_that_stopped_can_be_resumed_from_the_page(client, world):
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=timezone.now())
    client.force_login(world.erin)
    url = reverse("campaign_detail", args=[campaign.pk])
    page = client.get(url)
    assert page.context["job"]["failed"]
    assert "Send the rest" in page.content.decode()
    client.post(reverse("campaign_resume", args=[campaign.pk]))
    campaign.refresh_from_db()
    assert campaign.job_id != job.pk
    run_job(str(campaign.job_id))
    assert client.get(url).context["counts"]["sent"] == 4


def test_the_progress_part_asks_for_a_new_page_when_all_is_out(client, world):
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    client.force_login(world.erin)
    url = reverse("campaign_progress", args=[campaign.pk])
    running = client.get(url)
    assert "HX-Refresh" not in running.headers
    assert f'hx-get="{url}"' in running.content.decode()
    run_job(str(job.pk))
    assert client.get(url)["HX-Refresh"] == "true"


def test_the_page_of_a_request_shows_mails_and_the_link_to_senders_only(client, world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    request = Request.objects.select_related("invitation").get(relationship__vendor_code="A")
    url = reverse("campaign_request", args=[campaign.pk, request.pk])
    link = invitation_url(request.invitation)
    client.force_login(world.erin)
    page = client.get(url)
    assert [mail.to_email for mail in page.context["mails"]] == ["a@test.example"]
    assert link in page.content.decode()
    reader = make_user()
    make_membership(reader, world.buyer, Role.BUYER_READER)
    client.force_login(reader)
    assert link not in client.get(url).content.decode()


def test_another_person_is_invited_from_the_page(client, world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    request = Request.objects.get(relationship__vendor_code="D")
    client.force_login(world.erin)
    url = reverse("request_invite", args=[campaign.pk, request.pk])
    wrong = client.post(url, {"name": "New", "email": "no address", "language": "en"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["email"])
    client.post(url, {"name": "New", "email": "new@test.example", "language": "en"})
    assert Mail.objects.filter(to_email="new@test.example", context__request_id=request.pk).count() == 1


def test_closing_from_the_page(client, people, sent):
    client.force_login(people.erin)
    page = client.post(reverse("campaign_close", args=[sent.pk]), follow=True)
    assert "The campaign is closed" in page.content.decode()
    assert Campaign.objects.get(pk=sent.pk).state == CampaignState.CLOSED
    assert Response.objects.get().is_editable
