"""Sign-in pages: every one renders in our frame, none carries a script or a style inline, none says who exists."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.notices.models import Mail
from portal.notices.services import send_due_mails
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

OPEN_PAGES = [
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_email_verification_sent",
    "account_request_login_code",
    "help",
]
OWN_PAGES = [
    "account",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
]


@pytest.fixture
def person():
    user = make_user("ann@test.example", name="Ann")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def assert_clean(response):
    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1>" in page and "Sanpo</title>" in page
    assert "style=" not in page and "onclick=" not in page
    for attributes in re.findall(r"<script\b([^>]*)>", page):
        assert "src=" in attributes or 'type="application/json"' in attributes


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_page_is_in_our_frame_without_inline_scripts(client, name):
    assert_clean(client.get(reverse(name)))


@pytest.mark.parametrize("name", OWN_PAGES)
def test_own_page_is_in_our_frame_without_inline_scripts(signed_in, name):
    assert_clean(signed_in.get(reverse(name)))


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"])
def test_second_factor_page_asks_for_the_password_first(signed_in, name):
    first = signed_in.get(reverse(name))
    assert first.url.startswith(reverse("account_reauthenticate"))


def test_sign_up_answers_with_a_sentence(client):
    for answer in (
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), {"email": "x@test.example", "password1": "good long pass"}),
    ):
        assert "Nobody can sign up here alone" in answer.content.decode()


def test_password_signs_in(client, person):
    answer = client.post(reverse("account_login"), {"login": "ANN@test.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_wrong_password_and_unknown_address_read_the_same(client, person):
    def words(login):
        answer = client.post(reverse("account_login"), {"login": login, "password": "wrong wrong wrong"})
        return re.sub(r'value="[^"]*"', "", re.sub(r"(csrfmiddlewaretoken|value)=\S+", "", answer.content.decode()))

    assert words("ann@test.example") == words("nobody@test.example")


def test_password_reset_reads_the_same_and_goes_through_the_queue(client, person, settings):
    settings.BASE_URL = "https://sanpo.example"
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).content
        for email in ("ann@test.example", "nobody@test.example")
    ]
    assert "If the address belongs to an account" in pages[0].decode()
    known, unknown = Mail.objects.order_by("pk")
    assert known.to_email == "ann@test.example" and unknown.to_email == "nobody@test.example"
    assert "https://sanpo.example/accounts/password/reset/key/" in known.text
    assert "There is no account with this address" in unknown.text


def test_reset_link_sets_a_new_password(client, person, settings):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"http\S+/accounts/password/reset/key/\S+", Mail.objects.get().text).group()
    page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    answer = client.post(
        page.redirect_chain[-1][0], {"password1": "a new long secret", "password2": "a new long secret"}
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password("a new long secret")
    again = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    assert "This link no longer works" in again.content.decode()


def test_reset_link_ignores_the_host_of_the_request(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": person.email}, headers={"host": "evil.example"})
    text = Mail.objects.get().text
    assert "evil.example" not in text and settings.BASE_URL in text


def test_code_signs_in(client, person):
    page = client.post(reverse("account_request_login_code"), {"email": person.email}, follow=True)
    assert "If ann@test.example belongs to an account" in page.content.decode()
    code = Mail.objects.get().subject.rpartition(": ")[2]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_code_page_reads_the_same_for_an_unknown_address(client, person):
    def words(email):
        page = Client().post(reverse("account_request_login_code"), {"email": email}, follow=True).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page).replace(email, "")

    assert words("ann@test.example") == words("nobody@test.example")


def test_code_mail_is_in_the_language_of_its_reader(client, person):
    person.language = "ja"
    person.save()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    assert Mail.objects.get().language == "ja"


def test_code_leaves_the_database_once_it_is_sent(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    send_due_mails()
    sent = Mail.objects.get()
    assert (sent.state, sent.text, sent.html) == ("sent", "", "")
    assert mail.outbox[0].subject.startswith("Your sign-in code")


def test_account_page_changes_name_and_languages(signed_in, person):
    answer = signed_in.post(reverse("account"), {"name": "Anna", "language": "th", "second_language": "en"})
    assert answer.url == reverse("account")
    person.refresh_from_db()
    assert (person.name, person.language, person.second_language) == ("Anna", "th", "en")


def test_account_page_refuses_the_same_language_twice(signed_in, person):
    answer = signed_in.post(reverse("account"), {"name": "Ann", "language": "ja", "second_language": "ja"})
    assert answer.status_code == 400
    assert "Choose a second language that differs" in answer.content.decode()
    person.refresh_from_db()
    assert person.language == "en"


def test_language_is_kept_in_a_cookie_before_sign_in(client):
    answer = client.post(reverse("set_language"), {"language": "ja", "next": "/help/"})
    assert (answer.url, answer.cookies["sanpo_language"].value) == ("/help/", "ja")
    assert client.get("/help/").headers["Content-Language"] == "ja"


def test_language_is_kept_with_the_person(signed_in, person):
    signed_in.post(reverse("set_language"), {"language": "zh-hans", "next": "/help/"})
    person.refresh_from_db()
    assert person.language == "zh-hans"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)"])
def test_language_switch_leads_nowhere_else(client, target):
    assert client.post(reverse("set_language"), {"language": "ja", "next": target}).url == "/"


def test_language_switch_refuses_an_unknown_language(client):
    answer = client.post(reverse("set_language"), {"language": "xx", "next": "/help/"})
    assert "sanpo_language" not in answer.cookies


def test_new_address_counts_only_after_its_link_was_opened(signed_in, person, settings):
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    signed_in.post(reverse("account_email"), {"action_add": "", "email": "new@test.example"})
    person.refresh_from_db()
    assert person.email == "ann@test.example"
    link = re.search(r"http\S+/accounts/confirm-email/\S+", Mail.objects.get(to_email="new@test.example").text).group()
    signed_in.post(link.removeprefix(settings.BASE_URL))
    person.refresh_from_db()
    assert person.email == "new@test.example"


def test_ten_refusals_lock_one_address_from_one_place_for_a_while(client, person, settings):
    settings.AXES_ENABLED = True
    other = make_user("bob@test.example")

    def attempt(login, password, place="10.0.0.1"):
        cache.clear()  # the quicker limit of the sign-in page is not what is looked at here
        return Client(REMOTE_ADDR=place).post(reverse("account_login"), {"login": login, "password": password})

    for _number in range(10):
        answer = attempt("Ann@test.example", "wrong wrong")
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    assert attempt(person.email, PASSWORD).status_code == 429
    assert attempt(other.email, PASSWORD).status_code == 302
    assert attempt(person.email, PASSWORD, place="10.0.0.2").status_code == 302


def test_many_tries_in_a_minute_are_slowed_down(client, person):
    for _number in range(6):
        answer = client.post(reverse("account_login"), {"login": person.email, "password": "wrong wrong"})
    assert "Too many failed login attempts" in answer.content.decode()


def test_codes_are_sent_three_times_a_minute_at_most(client, person):
    for _number in range(5):
        Client().post(reverse("account_request_login_code"), {"email": person.email})
    assert Mail.objects.count() == 3


def test_a_request_by_token_needs_no_second_factor(person):
    from portal.api.authentication import digest_of
    from portal.api.models import Token

    type(person).objects.update(second_factor_required=True)
    Token.objects.create(user=person, name="t", prefix="abc", digest=digest_of("secret"), scopes=[])
    answer = Client().get("/api/v1/sites/", headers={"Authorization": "Bearer abc.secret"})
    assert b"second_factor" not in answer.content
