"""The first organisation of an installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.accounts.services import find_invitation
from suppliers.organisations.models import MembershipOffer, Organisation, Relationship

pytestmark = pytest.mark.django_db


def test_create_buyer_prints_a_link_that_opens():
    out = StringIO()
    call_command("create_buyer", "Acme", "boss@acme.example", stdout=out)
    buyer = Organisation.objects.get(name="Acme")
    token = out.getvalue().strip().rsplit("/", 2)[-2]
    invitation = find_invitation(token)
    assert invitation is not None
    assert MembershipOffer.objects.get(invitation=invitation).role == "buyer_administrator"
    assert Relationship.objects.get(buyer=buyer).supplier == buyer


def test_create_buyer_refuses_an_unknown_country_and_leaves_nothing():
    with pytest.raises(CommandError):
        call_command("create_buyer", "Acme", "boss@acme.example", "--country", "XX", stdout=StringIO())
    assert not Organisation.objects.exists()
