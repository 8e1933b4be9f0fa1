"""One request's door: send again, ask another person."""

import datetime as dt

import pytest
import time_machine

from assessments.campaigns import services
from assessments.campaigns.models import Request
from assessments.responses.models import Response
from portal.accounts.models import Invitation
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from suppliers.organisations.models import MembershipOffer
from tests.factories import make_membership, make_user

DUE = dt.date(2026, 12, 31)
SENT = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def requests(world, send) -> dict[str, Request]:
    with time_machine.travel(SENT, tick=False):
        campaign = world.draft(due_on=DUE)
        send(campaign)
    rows = Request.objects.select_related(
        "campaign__buyer", "campaign__version", "site__organisation", "relationship", "response", "invitation"
    )
    return {row.relationship.vendor_code: row for row in rows}


def later(**parts: int) -> time_machine.travel:
    return time_machine.travel(SENT + dt.timedelta(**parts), tick=False)


def test_the_request_goes_out_again_with_the_same_link(requests, world):
    request = requests["A"]
    with later(days=40):
        assert services.resend_request(request=request, actor=world.erin) == 1
        again = Mail.objects.get(key__startswith=f"again:{request.pk}:")
        assert (again.template, again.to_email) == ("request", "a@test.example")
        assert again.context["invitation_id"] == request.invitation_id
        # The invitation had run out after thirty days: a link that is mailed must open the door.
        assert Invitation.objects.get(pk=request.invitation_id).is_usable


def test_haste_is_refused(requests, world):
    with later(hours=1):
        services.resend_request(request=requests["A"], actor=world.erin)
    with later(hours=1, minutes=4), pytest.raises(DomainError) as refused:
        services.resend_request(request=requests["A"], actor=world.erin)
    assert refused.value.code == "too_often"
    for hour in range(2, 6):
        with later(hours=hour):
            services.resend_request(request=requests["A"], actor=world.erin)
    with later(hours=7), pytest.raises(DomainError):
        services.resend_request(request=requests["A"], actor=world.erin)
    assert Mail.objects.filter(key__startswith=f"again:{requests['A'].pk}:").count() == 5


def test_nobody_to_write_to_is_said(requests, world):
    with pytest.raises(DomainError) as refused:
        services.resend_request(request=requests["D"], actor=world.erin)
    assert refused.value.code == "nobody"


@pytest.mark.parametrize("state", ["submitted", "in_review", "accepted", "declined", "cancelled"])
def test_what_is_answered_is_not_asked_again(requests, world, state):
    Response.objects.filter(pk=requests["A"].response_id).update(state=state)
    requests["A"].response.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        services.resend_request(request=requests["A"], actor=world.erin)
    assert refused.value.code == "answered"


def test_another_person_is_invited_and_gets_the_request(requests, world):
    request = requests["D"]
    door = services.invite_contact(
        request=request, email="New@test.example", name="New", language="ja", actor=world.erin
    )
    stored = Request.objects.get(pk=request.pk)
    assert (stored.invitation, stored.contact_email) == (door, "new@test.example")
    assert MembershipOffer.objects.get(invitation=door).organisation == request.site.organisation
    mail = Mail.objects.get(context__request_id=request.pk)
    assert (mail.to_email, mail.language, mail.template) == ("new@test.example", "ja", "request")


def test_a_supplier_with_people_invites_for_itself(requests, world):
    make_membership(make_user("x@test.example"), requests["D"].site.organisation)
    with pytest.raises(DomainError) as refused:
        services.invite_contact(
            request=requests["D"], email="n@test.example", name="N", language="en", actor=world.erin
        )
    assert refused.value.code == "members"
    assert not Mail.objects.filter(context__request_id=requests["D"].pk).exists()
