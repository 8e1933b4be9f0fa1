"""Deeds on tokens: made once, shown once, stored as a hash, revoked for good, all in the trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.api.models import Token
from portal.api.services import MOST_TOKENS, create_token, digest_of, revoke_token
from portal.lib.errors import DomainError, ForbiddenError
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership
from tests.portal.api.world import make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def trail():
    return list(Entry.objects.order_by("pk").values_list("deed", "actor__email", "organisation_id", "detail"))


def test_create_token_stores_a_hash_and_returns_the_key_once(people):
    before = timezone.now()
    token, key = create_token(name="ERP", scopes=["read:sites", "read:flags"], days=90, actor=people.dave)
    prefix, secret = key.split(".")
    assert (token.prefix, token.digest, token.user, token.scopes) == (
        prefix,
        digest_of(secret),
        people.dave,
        ["read:flags", "read:sites"],
    )
    assert prefix.startswith("snp")
    assert len(secret) == 43
    assert abs(token.expires_at - before - timedelta(days=90)) < timedelta(minutes=1)
    stored = Token.objects.filter(pk=token.pk).values().get()
    assert secret not in str(stored)
    assert trail() == [
        (
            "create_token",
            "dave@test.example",
            people.buyer.pk,
            {"name": "ERP", "scopes": ["read:flags", "read:sites"], "days": 90},
        )
    ]


def test_keys_differ(people):
    keys = {create_token(name=str(n), scopes=["read:sites"], days=30, actor=people.dave)[1] for n in range(5)}
    assert len(keys) == 5


def test_the_trail_of_every_organisation_it_reaches_has_the_deed(people):
    make_membership(people.dave, people.supplier, Role.SUPPLIER_MANAGER)
    make_membership(people.dave, people.other_buyer, Role.BUYER_READER)
    create_token(name="ERP", scopes=["read:sites"], days=30, actor=people.dave)
    assert [row[2] for row in trail()] == [people.buyer.pk, people.supplier.pk]


def test_other_roles_make_none(people):
    with pytest.raises(ForbiddenError):
        create_token(name="ERP", scopes=["read:sites"], days=30, actor=people.bob)
    assert (Token.objects.count(), trail()) == (0, [])


def test_one_name_lives_once(people):
    first = make_token(people.dave, name="ERP")
    make_token(people.erin, name="BI")
    with pytest.raises(DomainError) as refused:
        create_token(name="ERP", scopes=["read:sites"], days=30, actor=people.dave)
    assert refused.value.code == "name_taken"
    revoke_token(token=first, actor=people.dave)
    create_token(name="ERP", scopes=["read:sites"], days=30, actor=people.dave)
    create_token(name="BI", scopes=["read:sites"], days=30, actor=people.dave)


def test_tokens_are_counted(people):
    for number in range(MOST_TOKENS):
        make_token(people.dave, name=str(number))
    make_token(people.dave, name="dead", revoked_at=timezone.now())
    with pytest.raises(DomainError) as refused:
        create_token(name="ERP", scopes=["read:sites"], days=30, actor=people.dave)
    assert (refused.value.code, refused.value.message) == (
        "too_many",
        "You have 20 tokens. Revoke one that is no longer used first.",
    )


def test_revoke_token_is_done_once(people):
    token = make_token(people.dave)
    revoke_token(token=token, actor=people.dave)
    token.refresh_from_db()
    first = token.revoked_at
    revoke_token(token=token, actor=people.dave)
    token.refresh_from_db()
    assert (token.is_live, token.revoked_at) == (False, first)
    assert trail() == [("revoke_token", "dave@test.example", people.buyer.pk, {"name": "ERP"})]
