"""The preview says what sending would do, and writes nothing."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from assessments.campaigns import services
from portal.accounts.models import Invitation
from portal.notices.models import Mail
from suppliers.organisations.models import Relationship
from tests.factories import make_membership, make_user

DUE = dt.date(2026, 12, 31)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC), tick=False):
        yield


def test_it_counts_who_is_asked_and_how(world):
    make_membership(make_user("second@test.example"), world.sites["C"].organisation)
    preview = services.preview_campaign(world.draft(due_on=DUE), actor=world.erin)
    assert (preview.asked, preview.suppliers, preview.mails) == (4, 4, 4)
    assert (preview.to_members, preview.by_invitation, preview.nobody) == (1, 2, 1)
    assert preview.without_contact == ("Supplier D, Plant D",)
    assert dict(preview.by_language) == {"English": 2, "日本語": 2}
    assert preview.by_country == (("China", 1), ("Japan", 1), ("Thailand", 1), ("Vietnam", 1))


def test_sending_does_what_the_preview_said(world, send):
    campaign = world.draft(due_on=DUE)
    preview = services.preview_campaign(campaign, actor=world.erin)
    assert not Mail.objects.exists() and not Invitation.objects.exists()
    send(campaign)
    assert campaign.requests.count() == preview.asked
    assert Mail.objects.count() == preview.mails
    assert campaign.requests.exclude(invitation=None).count() == preview.by_invitation
    assert campaign.requests.filter(contact_email="").count() == preview.nobody


def test_each_language_is_shown_as_one_real_reader_gets_it(world):
    campaign = world.draft(due_on=DUE, message={"en": "Thank you for your help.", "ja": "ご協力ください。"})
    samples = {sample.language: sample for sample in services.preview_campaign(campaign, actor=world.erin).samples}
    assert set(samples) == {"en", "ja"}
    english = samples["en"]
    assert english.to == "Contact <b@test.example>"
    assert english.subject == "Buyer asks Plant B to answer by 31 Dec 2026"
    assert "Thank you for your help." in english.text
    assert "“Small questionnaire” for the site Plant B (Supplier B)" in english.text
    assert "ご協力ください。" in samples["ja"].text
    assert "小さな調査票" in samples["ja"].text
    assert "2026年12月31日" in samples["ja"].text


def warnings(world, campaign) -> str:
    return "\n".join(services.preview_campaign(campaign, actor=world.erin).warnings)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(dt.date(2026, 10, 31), "in the past"), (dt.date(2026, 11, 3), "less than a week"), (DUE, None)],
)
def test_it_warns_of_a_due_date_that_is_past_or_near(world, due_on, words):
    said = warnings(world, world.draft(due_on=due_on))
    assert (words is None or words in said) and ("due date" in said) == bool(words)


def test_it_warns_of_languages_that_are_missing(world):
    assert "The questionnaire has no ไทย. Readers who prefer it: 1." in warnings(world, world.draft(due_on=DUE))
    only_english = world.draft(due_on=DUE, languages=["en"])
    assert "The campaign leaves out 日本語. Readers who prefer it: 2." in warnings(world, only_english)
    half = world.draft(due_on=DUE, message={"en": "Hello"})
    assert "Your message has no 日本語 text" in warnings(world, half)


def test_it_warns_of_codes_nobody_contacts_and_no_reminder(world):
    Relationship.objects.filter(vendor_code="B").update(ended_on=timezone.localdate(), end_reason="closed")
    campaign = world.draft(due_on=DUE, selection={"vendor_codes": ["D", "B", "X"]}, reminder_days=[])
    preview = services.preview_campaign(campaign, actor=world.erin)
    assert (preview.codes.unknown, preview.codes.ended) == (("X",), ("B",))
    said = "\n".join(preview.warnings)
    assert "1 site has nobody to write to" in said
    assert "2 vendor codes ask nobody" in said
    assert "No reminder is planned." in said


def test_it_warns_of_sites_that_still_have_the_same_questionnaire_open(world, send):
    campaign = world.draft(due_on=DUE, selection={"vendor_codes": ["A", "B"]})
    send(campaign)
    again = world.draft(due_on=DUE, version=campaign.version)
    assert "2 sites still have an open request with the same questionnaire" in warnings(world, again)
