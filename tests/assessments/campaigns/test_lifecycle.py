"""Every move of a campaign, allowed and refused."""

import pytest

from assessments.campaigns.enums import CampaignState as State
from assessments.campaigns.lifecycle import TRANSITIONS, advance
from assessments.campaigns.models import Campaign
from portal.lib.errors import ConflictError, DomainError
from tests.factories import make_campaign, make_user

pytestmark = pytest.mark.django_db
ALLOWED = {(State.DRAFT, State.SENDING), (State.SENDING, State.SENT), (State.SENT, State.CLOSED)}


def test_the_table_is_the_one_of_the_design():
    assert {(source, target) for source, targets in TRANSITIONS.items() for target in targets} == ALLOWED
    assert set(TRANSITIONS) == set(State)


@pytest.mark.parametrize("target", State)
@pytest.mark.parametrize("source", State)
def test_every_pair(source, target):
    campaign, actor = make_campaign(state=source), make_user()
    if (source, target) in ALLOWED:
        change = advance(campaign, target, actor=actor)
        assert (change.source, change.target, change.actor) == (source, target, actor)
        assert campaign.state == Campaign.objects.get(pk=campaign.pk).state == target
    else:
        with pytest.raises(DomainError) as refused:
            advance(campaign, target, actor=actor)
        assert refused.value.code == "transition"
        assert Campaign.objects.get(pk=campaign.pk).state == source
        assert not campaign.changes.exists()


def test_of_two_who_press_at_once_one_wins():
    campaign = make_campaign()
    stale = Campaign.objects.get(pk=campaign.pk)
    advance(campaign, State.SENDING, actor=None)
    with pytest.raises(ConflictError):
        advance(stale, State.SENDING, actor=None)
    assert campaign.changes.count() == 1


def test_the_moment_of_sending_is_kept():
    campaign = make_campaign(state=State.SENDING)
    advance(campaign, State.SENT, actor=None)
    assert Campaign.objects.get(pk=campaign.pk).sent_at == campaign.sent_at is not None
