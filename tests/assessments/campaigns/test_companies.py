"""A questionnaire that a company answers once: who is asked, how many, and in which words."""

import datetime as dt

import pytest
from django.urls import reverse

from assessments.campaigns import services
from assessments.campaigns.queries import asked_sites, count_asked, subject_of
from assessments.responses.models import Response
from tests.factories import SMALL_DOCUMENT, make_site, make_version

DUE = dt.date(2026, 12, 18)


@pytest.fixture
def version(db):
    return make_version({**SMALL_DOCUMENT, "code": "small-company", "asked_of": "company"})


def test_a_company_is_asked_once_through_its_leading_site(world, version, send):
    second = make_site(world.sites["A"].organisation, name="Second plant A")

    campaign = world.draft(due_on=DUE, version=version, selection={"vendor_codes": ["A", "B"]})
    send(campaign)

    assert campaign.of_company
    assert subject_of(campaign).per_supplier
    asked = Response.objects.filter(request__campaign=campaign).values_list("site__name", flat=True)
    assert sorted(asked) == ["Plant A", "Plant B"]
    assert second not in asked_sites(campaign, world.erin)


def test_the_count_before_sending_is_of_suppliers(world, version):
    make_site(world.sites["A"].organisation, name="Second plant A")
    campaign = world.draft(due_on=DUE, version=version, selection={"vendor_codes": ["A"]})

    assert count_asked(campaign, world.erin) == 1
    assert count_asked(world.draft(due_on=DUE, selection={"vendor_codes": ["A"]}), world.erin) == 2


def test_another_questionnaire_changes_who_is_asked(world, version):
    campaign = world.draft(due_on=DUE, version=version)

    services.change_campaign(campaign=campaign, actor=world.erin, version=make_version())

    campaign.refresh_from_db()
    assert not campaign.of_company
    assert str(subject_of(campaign).words.unit) == "sites"


def test_the_preview_speaks_of_suppliers(world, version, client):
    campaign = world.draft(due_on=DUE, version=version, selection={"vendor_codes": ["A", "B"]})
    client.force_login(world.erin)

    page = client.get(reverse("campaign_preview", args=[campaign.pk])).content.decode()

    assert "Suppliers asked" in page
    assert "Sites asked" not in page
