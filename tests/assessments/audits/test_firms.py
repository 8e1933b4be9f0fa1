"""Audit firms: engaged by a buyer, led by their own manager."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.audits.models import Engagement
from assessments.audits.services.firms import end_engagement, engage_firm, engage_known_firm
from portal.accounts.models import Invitation
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.trail.models import Entry
from suppliers.organisations.models import Organisation
from suppliers.organisations.services import accept_invitation
from tests.factories import cast, make_audit, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


def engage(world, **fields):
    values = {"name": "Lotus Audits", "country": "TH", "email": "Grace@Lotus.example", "actor": world.erin}
    return engage_firm(buyer=world.buyer, **{**values, **fields})


# 1. The deeds -------------------------------------------------------------------------------------
def test_a_new_firm_is_made_engaged_and_its_manager_invited(world):
    engagement = engage(world, language="th")
    firm = engagement.firm
    assert (engagement.buyer, firm.name, firm.country.code, engagement.ended_on) == (
        world.buyer,
        "Lotus Audits",
        "TH",
        None,
    )
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.offer.organisation, invitation.offer.role) == (
        "grace@lotus.example",
        firm,
        "firm_manager",
    )
    assert [(mail.to_email, mail.language) for mail in Mail.objects.all()] == [("grace@lotus.example", "th")]
    assert Entry.objects.get(deed="engage_firm").organisation_id == world.buyer.pk
    grace = accept_invitation(invitation=invitation, name="Grace", password=None, language="th")
    assert [(row.organisation, row.role) for row in grace.memberships.all()] == [(firm, "firm_manager")]


def test_nobody_is_ever_invited_into_a_firm_that_exists(world):
    engage_known_firm(buyer=world.buyer, firm=world.audit_firm, actor=world.erin)
    with pytest.raises(DomainError) as refused:
        engage(world, name=" audit FIRM ")
    assert refused.value.code == "firm_known"
    # A firm of the same name that another buyer made is not touched: this one is another organisation.
    other = engage_firm(
        buyer=world.other_buyer, name="Audit firm", country="CN", email="x@test.example", actor=world.trent
    )
    assert other.firm != world.audit_firm
    assert not Invitation.objects.filter(offer__organisation=world.audit_firm).exists()


def test_a_bad_country_makes_nothing(world):
    before = Organisation.objects.count()
    with pytest.raises(DomainError):
        engage(world, country="ZZ")
    assert (Organisation.objects.count(), Engagement.objects.count(), Invitation.objects.count()) == (before, 0, 0)


def test_an_engagement_ends_and_begins_again(world):
    engagement = engage(world)
    end_engagement(engagement=engagement, actor=world.erin)
    assert Engagement.objects.get().ended_on is not None
    again = engage_known_firm(buyer=world.buyer, firm=engagement.firm, actor=world.erin)
    assert (again, Engagement.objects.get().ended_on) == (engagement, None)


# 2. The pages of the buyer ------------------------------------------------------------------------
def test_the_list_counts_the_audits_the_reader_sees(client, world):
    engage_known_firm(buyer=world.buyer, firm=world.audit_firm, actor=world.erin)
    make_audit(world.relationship, world.site, firm=world.audit_firm)
    make_audit(world.other_relationship, world.other_site, firm=world.audit_firm)
    client.force_login(world.dave)
    page = client.get(reverse("firm_list"))
    assert [(row.firm, row.audits) for row in page.context["page"]] == [(world.audit_firm, 1)]
    assert reverse("firm_new") not in page.content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("firm_list"))
    for _ in range(2):
        engage_known_firm(buyer=world.buyer, firm=make_organisation(), actor=world.erin)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("firm_list"))
    assert len(one) == len(three)


def test_an_administrator_engages_by_the_form(client, world):
    client.force_login(world.erin)
    answer = client.post(reverse("firm_new"), {"name": "", "country": "", "email": "no", "language": "en"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"name", "country", "email"})
    values = {"name": "Lotus", "country": "TH", "email": "grace@lotus.example", "language": "th"}
    answer = client.post(reverse("firm_new"), values)
    assert (answer.status_code, answer.url) == (302, reverse("firm_list"))
    answer = client.post(reverse("firm_new"), values)
    assert (answer.status_code, Engagement.objects.count()) == (422, 1)
    assert "You work with a firm of this name already." in answer.content.decode()


# 3. The workspace of the firm ---------------------------------------------------------------------
def test_the_firms_people_come_home_to_their_audits(client, world):
    for person in (world.carol, world.frank):
        client.force_login(person)
        assert client.get(reverse("home")).url == reverse("audit_list")
        nav = client.get(reverse("audit_list")).context["nav"]
        assert [(link["label"], link["current"]) for link in nav] == [
            ("Audits", True),
            ("Findings", False),
            ("Team", False),
        ]


def test_the_manager_invites_auditors_and_managers_alone(client, world):
    client.force_login(world.frank)
    form = client.get(reverse("team_invite")).context["form"]
    assert [value for value, _label in form.fields["role"].choices] == ["auditor", "firm_manager"]
    values = {"email": "grace@test.example", "name": "Grace", "role": "auditor", "language": "en"}
    assert client.post(reverse("team_invite"), values).url == reverse("team")
    assert client.post(reverse("team_invite"), {**values, "role": "buyer_administrator"}).status_code == 400
    offers = Invitation.objects.values_list("email", "offer__organisation", "offer__role")
    assert list(offers) == [("grace@test.example", world.audit_firm.pk, "auditor")]
    client.force_login(world.carol)
    assert client.get(reverse("team_invite")).status_code == 403


def test_the_last_manager_stays(client, world):
    mine = world.audit_firm.memberships.get(user=world.frank)
    client.force_login(world.frank)
    assert client.post(reverse("team_remove", args=[mine.pk])).status_code == 422
    assert world.audit_firm.memberships.filter(user=world.frank).exists()
