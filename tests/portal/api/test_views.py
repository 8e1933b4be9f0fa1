"""The page of tokens and the page of the schema."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.api.models import Token
from portal.trail.models import Entry
from suppliers.organisations.models import Membership
from tests.factories import cast
from tests.portal.api.world import make_token

pytestmark = pytest.mark.django_db
PAGE = "/account/tokens/"
GOOD = {"name": "ERP, nightly", "scopes": ["read:sites", "read:flags"], "days": "30"}


@pytest.fixture
def people():
    return cast()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def key_on(answer):
    found = re.search(r'value="(snp[a-z0-9]{9}\.[A-Za-z0-9_-]{43})"', answer.content.decode())
    return found[1] if found else None


def test_a_token_is_made_shown_once_used_and_revoked(people):
    client = signed_in(people.dave)
    made = client.post(PAGE, GOOD)
    key = key_on(made)
    assert (made.status_code, "no-store" in made.headers["Cache-Control"]) == (200, True)
    assert "shown this once" in words(made)
    again = client.get(PAGE)
    assert key.split(".")[1] not in again.content.decode()
    assert "ERP, nightly" in words(again)
    assert "never" in words(again)

    machine = Client(headers={"authorization": f"Bearer {key}"})
    assert machine.get("/api/v1/sites/").json()["count"] == 1
    assert "never" not in words(client.get(PAGE))

    token = Token.objects.get()
    answer = client.post(f"{PAGE}{token.pk}/revoke/", follow=True)
    assert "The token “ERP, nightly” is revoked." in words(answer)
    assert machine.get("/api/v1/sites/").status_code == 401
    assert list(Entry.objects.order_by("pk").values_list("deed", flat=True)) == [
        "create_token",
        "use_token",
        "revoke_token",
    ]


def test_reloading_the_page_makes_no_second_token(people):
    client = signed_in(people.dave)
    client.post(PAGE, GOOD)
    answer = client.post(PAGE, GOOD)
    assert (answer.status_code, Token.objects.count(), key_on(answer)) == (400, 1, None)
    assert "You have a token of this name. Choose another name, or revoke that token first." in words(answer)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 101}, "Ensure this value has at most 100 characters (it has 101)."),
        ({"name": "a\tb"}, "Write the name in plain letters, on one line."),
        ({"scopes": []}, "Tick at least one."),
        ({"scopes": ["write:sites"]}, "Select a valid choice. write:sites is not one of the available choices."),
        ({"days": "9999"}, "Select a valid choice. 9999 is not one of the available choices."),
    ],
)
def test_bad_input_makes_nothing(people, change, sentence):
    answer = signed_in(people.dave).post(PAGE, {**GOOD, **change})
    assert (answer.status_code, Token.objects.count()) == (400, 0)
    assert sentence in words(answer)


@pytest.mark.parametrize(
    ("name", "get", "post"),
    [
        ("alice", 200, 200),
        ("bob", 200, 403),
        ("carol", 200, 200),
        ("frank", 200, 200),
        ("dave", 200, 200),
        ("erin", 200, 200),
        ("mallory", 200, 200),
        ("trent", 200, 200),
    ],
)
def test_who_may_make_tokens(people, name, get, post):
    client = signed_in(people.people[name])
    answer = client.get(PAGE)
    assert (answer.status_code, client.post(PAGE, GOOD).status_code) == (get, post)
    assert ("Make a token" in words(answer)) == (post == 200)
    assert Token.objects.count() == (post == 200)


def test_strangers_sign_in_first():
    for address in (PAGE, "/api/v1/docs/"):
        answer = Client().get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={address}")


def test_nobody_revokes_the_token_of_another(people):
    token = make_token(people.dave)
    assert signed_in(people.erin).post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    assert signed_in(people.dave).get(f"{PAGE}{token.pk}/revoke/").status_code == 405
    token.refresh_from_db()
    assert token.is_live


def test_people_who_lost_the_role_can_still_revoke(people):
    token = make_token(people.dave)
    Membership.objects.filter(user=people.dave).delete()
    client = signed_in(people.dave)
    assert client.post(f"{PAGE}{token.pk}/revoke/", follow=True).status_code == 200
    token.refresh_from_db()
    assert not token.is_live


def test_dead_tokens_stand_last_with_their_reason(people):
    now = timezone.now()
    make_token(people.dave, name="Revoked one", revoked_at=now)
    make_token(people.dave, name="Expired one", expires_at=now - timedelta(days=1))
    make_token(people.dave, name="Live one")
    make_token(people.erin, name="Of another")
    text = words(signed_in(people.dave).get(PAGE))
    assert text.index("Live one") < text.index("Expired one") < text.index("Revoked one")
    assert "revoked on" in text
    assert "expired on" in text
    assert "Of another" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_tokens(people, count, django_assert_num_queries):
    for number in range(count):
        make_token(people.dave, name=str(number))
    client = signed_in(people.dave)
    client.get(PAGE)
    with django_assert_num_queries(5):  # session, person, organisations, tokens, workspaces
        client.get(PAGE)
