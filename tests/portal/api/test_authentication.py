"""Tokens open the door only while they live, their person may use them, and their scopes say so."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.api.enums import Scope
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership
from tests.factories import cast, make_membership, make_user
from tests.portal.api.world import SCOPES, SECRET, make_token, program, program_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/findings/"


@pytest.fixture
def people():
    return cast()


def refusal(answer):
    return answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["message"]


def test_resources_are_all_tested():
    assert [name for name, _view in settings.API_ROUTES] == list(SCOPES)


def test_every_scope_opens_something():
    writing = {scope for scope in Scope if scope.startswith("write:")}
    assert set(SCOPES.values()) | writing == set(Scope)


@pytest.mark.parametrize("resource", SCOPES)
def test_each_resource_needs_its_scope(people, resource):
    others = [scope for scope in Scope if scope != SCOPES[resource]]
    assert program_of(people.erin, SCOPES[resource]).get(f"/api/v1/{resource}/").status_code == 200
    assert refusal(program_of(people.erin, *others).get(f"/api/v1/{resource}/")) == (
        403,
        "forbidden",
        f"This token lacks the scope {SCOPES[resource].value}. Make one that has it.",
    )


def test_without_a_token_nobody_comes_in():
    answer = Client().get(ADDRESS)
    assert refusal(answer) == (
        401,
        "unauthenticated",
        "Send a token as “Authorization: Bearer” and the token behind it. Make one on your account page.",
    )
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "fields",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["revoked", "expired"],
)
def test_a_dead_token_is_refused(people, fields):
    assert refusal(program(make_token(people.erin, **fields)).get(ADDRESS)) == (
        401,
        "unauthenticated",
        "This token has expired or was revoked. Make a new one on your account page.",
    )


@pytest.mark.parametrize("start", ["", "snp000000000.", "snp000000000", ".", "\xe9.", "a'b."])
def test_an_unknown_token_is_refused(people, start):
    answer = Client(headers={"authorization": f"Bearer {start}{SECRET}"}).get(ADDRESS)
    assert refusal(answer) == (
        401,
        "unauthenticated",
        "This token is not known. Check that the whole token was copied, or make a new one.",
    )


def test_the_secret_counts_and_not_the_prefix_alone(people):
    token = make_token(people.erin)
    client = Client(headers={"authorization": f"Bearer {token.prefix}.{'x' * 43}"})
    assert client.get(ADDRESS).status_code == 401
    assert program(token).get(ADDRESS).status_code == 200


@pytest.mark.parametrize("kind", ["Token", "Basic"])
def test_another_kind_of_header_is_refused_with_a_sentence(people, kind):
    client = Client(headers={"authorization": f"{kind} {make_token(people.erin).prefix}.{SECRET}"})
    assert refusal(client.get(ADDRESS)) == (
        401,
        "unauthenticated",
        "Send the token as “Authorization: Bearer” and the token behind it.",
    )


def test_a_token_dies_with_its_person(people):
    client = program_of(people.erin)
    people.erin.is_active = False
    people.erin.save()
    assert client.get(ADDRESS).status_code == 401


def test_a_token_dies_with_the_role_that_made_it(people):
    client = program_of(people.erin)
    Membership.objects.filter(user=people.erin).update(role=Role.BUYER_READER)
    assert refusal(client.get(ADDRESS)) == (
        401,
        "unauthenticated",
        "The person behind this token has left or no longer has a role that may use tokens.",
    )


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.BUYER_ADMINISTRATOR, 200),
        (Role.BUYER_PROCUREMENT, 200),
        (Role.SUPPLIER_MANAGER, 200),
        (Role.BUYER_READER, 401),
        (Role.SUPPLIER_EDITOR, 401),
        (Role.SUPPLIER_READER, 401),
        (Role.AUDITOR, 200),
        (Role.FIRM_MANAGER, 200),
    ],
)
def test_roles_that_may_use_tokens(role, status):
    user = make_user()
    make_membership(user, role=role)
    assert program_of(user).get(ADDRESS).status_code == status


def test_use_is_noted_once_a_minute_and_in_the_trail_once_a_day(people, time_machine):
    time_machine.move_to("2026-05-04T10:00:00Z", tick=False)
    token = make_token(people.erin)
    client = program(token)
    seen = []
    for seconds in (0, 30, 61, 24 * 3600):
        time_machine.move_to("2026-05-04T10:00:00Z", tick=False)
        time_machine.shift(timedelta(seconds=seconds))
        client.get(ADDRESS)
        token.refresh_from_db()
        uses = Entry.objects.filter(deed="use_token", organisation_id=people.buyer.pk).count()
        seen.append((token.last_used_at.strftime("%d %H:%M:%S"), uses))
    assert seen == [("04 10:00:00", 1), ("04 10:00:00", 1), ("04 10:01:01", 1), ("05 10:00:00", 2)]


def test_people_in_the_browser_read_with_their_own_rights(people):
    client = Client()
    client.force_login(people.carol)
    assert client.get("/api/v1/organisations/").json()["results"][0]["name"] == "Audit firm"


def test_the_browser_needs_its_csrf_token_to_write(people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.erin)
    answer = client.post(ADDRESS, {}, content_type="application/json")
    assert refusal(answer)[:2] == (403, "forbidden")
    assert "CSRF" in refusal(answer)[2]


def test_a_program_needs_no_csrf_token(people):
    client = program(make_token(people.erin), enforce_csrf_checks=True)
    assert client.post(ADDRESS, {}, content_type="application/json").status_code == 405
