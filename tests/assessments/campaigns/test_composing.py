"""Drafts: what they take, what they refuse, when they stop being drafts."""

import datetime as dt

import pytest

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignState
from assessments.campaigns.models import Campaign
from assessments.campaigns.selection import MOST_CODES, Selection
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests.factories import make_organisation, make_version

DUE = dt.date(2026, 12, 31)


def test_a_new_campaign_is_a_draft_with_our_ladder_and_all_languages(world):
    version = make_version()
    campaign = services.create_campaign(
        buyer=world.buyer, version=version, name="  Annual   assessment ", year=2026, due_on=DUE, actor=world.erin
    )
    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.name, stored.state, stored.created_by) == ("Annual assessment", "draft", world.erin)
    assert stored.languages == ["en", "ja"]
    assert stored.reminder_days == [-14, -3, 1, 7]
    assert Selection.from_data(stored.selection) == Selection()
    entry = Entry.objects.get(deed="create_campaign")
    assert (entry.actor, entry.organisation_id, entry.thing_id) == (world.erin, world.buyer.pk, str(campaign.pk))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"year": 1999}, "year"),
        ({"year": 2101}, "year"),
        ({"languages": []}, "languages"),
        ({"languages": ["en", "fr"]}, "languages"),
        ({"message": {"en": "x" * 4001}}, "message"),
        ({"reminder_days": [200]}, "reminders"),
        ({"reminder_days": [-200]}, "reminders"),
        ({"reminder_days": list(range(9))}, "reminders"),
        ({"selection": {"own_sites": "some"}}, "selection"),
        ({"selection": {"workers_from": 251, "workers_to": 250}}, "selection"),
        ({"selection": {"workers_from": -1}}, "selection"),
        ({"selection": {"workers_to": -1}}, "selection"),
        ({"selection": {"vendor_codes": [str(n) for n in range(MOST_CODES + 1)]}}, "selection"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_changes(world, change, code):
    campaign = world.draft(due_on=DUE)
    before = Campaign.objects.filter(pk=campaign.pk).values().get()
    with pytest.raises(DomainError) as refused:
        services.change_campaign(campaign=campaign, actor=world.erin, **change)
    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert Campaign.objects.filter(pk=campaign.pk).values().get() == before


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_only_published_versions_of_the_buyer_can_be_chosen(world, state):
    campaign = world.draft(due_on=DUE)
    for version in (make_version(state=state), make_version(owner=make_organisation())):
        with pytest.raises(DomainError) as refused:
            services.change_campaign(campaign=campaign, actor=world.erin, version=version)
        assert refused.value.code == "version"


def test_a_change_is_kept(world):
    campaign = world.draft(due_on=DUE)
    services.change_campaign(
        campaign=campaign,
        actor=world.erin,
        due_on=dt.date(2027, 1, 31),
        languages=["ja"],
        message={"en": "Hello\r\nthere ", "ja": "  "},
        reminder_days=[7, -3, 7],
        selection=Selection(countries=("JP", "TH")),
    )
    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.due_on, stored.languages) == (dt.date(2027, 1, 31), ["ja"])
    assert stored.message == {"en": "Hello\nthere"}
    assert stored.reminder_days == [-3, 7]
    assert stored.selection == {"countries": ["JP", "TH"], "own_sites": "without"}


@pytest.mark.parametrize("state", set(CampaignState) - {CampaignState.DRAFT})
def test_what_is_out_does_not_change(world, state):
    campaign = world.draft(due_on=DUE)
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    with pytest.raises(DomainError) as refused:
        services.change_campaign(campaign=campaign, actor=world.erin, name="Other")
    assert refused.value.code == "sent"
    assert Campaign.objects.get(pk=campaign.pk).name == "Annual assessment"


def test_closing_leaves_answers_open(world, send):
    campaign = world.draft(due_on=DUE)
    send(campaign)
    services.close_campaign(campaign=campaign, actor=world.erin)
    assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.CLOSED
    assert set(campaign.requests.values_list("response__state", flat=True)) == {"waiting"}
    with pytest.raises(DomainError):
        services.close_campaign(campaign=campaign, actor=world.erin)
