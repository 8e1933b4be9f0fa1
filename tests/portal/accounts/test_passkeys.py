"""Passkeys in a real browser: added, used alone and as a second factor; refusals get a sentence."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person(transactional_db):
    cache.clear()
    user = make_user("ann@test.example")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def page(browser_page, live_url, settings):
    """A tab whose machine has a fingerprint reader; live_url serves 127.0.0.1, passkeys want a name."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    browser_page.base = live_url.replace("127.0.0.1", "localhost")
    browser_page.faults = []
    browser_page.on("console", lambda m: "Content Security Policy" in m.text and browser_page.faults.append(m.text))
    return browser_page


def add_reader(page, **options):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    values = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**values, **options}})


def sign_in(page, person):
    page.goto(page.base + "/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")


def add_passkey(page, *, alone):
    page.goto(page.base + "/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn-primary")
    if alone:
        page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")


def sign_out(page):
    page.goto(page.base + "/accounts/logout/")
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "logout" not in url)


def test_passkey_signs_in_alone(page, person):
    add_reader(page)
    sign_in(page, person)
    add_passkey(page, alone=True)
    sign_out(page)
    page.goto(page.base + "/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/account/")
    assert page.locator("main").inner_text().count(person.email) == 1
    assert page.faults == []


def test_security_key_is_a_second_factor(page, person):
    add_reader(page)
    sign_in(page, person)
    add_passkey(page, alone=False)
    sign_out(page)
    sign_in(page, person)
    page.wait_for_url("**/2fa/authenticate/")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/account/")
    assert page.faults == []


def test_refused_passkey_gets_a_sentence(page, person):
    add_reader(page, isUserVerified=False)
    page.goto(page.base + "/accounts/login/")
    page.click("#passkey_login")
    page.get_by_text("The passkey was not used").wait_for()
