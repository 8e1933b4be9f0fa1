"""Sign-ins, refused ones included, are recorded with the address they came from."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from portal.notices.models import Mail
from portal.trail.models import Entry
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def person():
    user = make_user("ann@test.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def entries():
    return [(e.deed, e.actor_label, e.address, e.detail) for e in Entry.objects.order_by("pk")]


def test_password_sign_in_and_sign_out(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    assert entries() == [
        ("sign_in", "Ann", "127.0.0.1", {"methods": ["password"]}),
        ("sign_out", "Ann", "127.0.0.1", {"kind": ""}),
    ]


def test_refused_password_names_the_person_and_never_the_password(client, person):
    client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    assert entries() == [("sign_in_failed", "Ann", "127.0.0.1", {"method": "password", "tried": ""})]


def test_refused_unknown_address_is_kept_half_hidden(client):
    client.post(reverse("account_login"), {"login": "hunter2@test.example", "password": "wrong"})
    assert entries() == [("sign_in_failed", "", "127.0.0.1", {"method": "password", "tried": "hu…"})]


def test_code_sign_in_and_refused_code(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = Mail.objects.get().subject.rpartition(": ")[2]
    client.post(reverse("account_confirm_login_code"), {"code": "wrong"})
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert [entry[0] for entry in entries()] == ["sign_in_failed", "sign_in"]
    assert entries()[1][3] == {"methods": ["code"]}


def test_password_change(client, person):
    client.force_login(person)
    new = "another long secret"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [entry[:3] for entry in entries()] == [("change_password", "Ann", "127.0.0.1")]
