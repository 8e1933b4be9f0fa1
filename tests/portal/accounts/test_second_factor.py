"""A second factor an organisation demands: nothing else opens before there is one."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from portal.accounts.adapter import SecondFactorAdapter
from portal.accounts.queries import has_second_factor
from suppliers.organisations.services import add_member, demand_second_factor, remove_member
from tests.factories import PASSWORD, make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def person():
    user = make_user("ann@test.example", second_factor_required=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client, person):
    client.force_login(person)
    return client


def set_up_app(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    return secret, client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})


@pytest.mark.parametrize("name", ["home", "account", "team", "job_list", "trail_list"])
def test_other_pages_lead_to_the_set_up_page_with_a_sentence(signed_in, name):
    answer = signed_in.get(reverse(name), follow=True)
    assert answer.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "Your organisation asks for a second factor" in answer.content.decode()


def test_htmx_is_led_to_the_set_up_page(signed_in):
    answer = signed_in.get(reverse("job_list"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("mfa_index"))


def test_script_gets_a_sentence_in_the_envelope(signed_in):
    answer = signed_in.get(reverse("job_list"), headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert json.loads(answer.content)["error"]["code"] == "second_factor"


@pytest.mark.parametrize("name", ["mfa_index", "mfa_activate_totp", "account_logout", "account_reauthenticate", "help"])
def test_set_up_and_way_out_stay_open(signed_in, name):
    assert signed_in.get(reverse(name)).headers.get("Location") != reverse("mfa_index")


def test_language_and_sign_out_work(signed_in, person):
    signed_in.post(reverse("set_language"), {"language": "ja", "next": "/help/"})
    person.refresh_from_db()
    assert person.language == "ja"
    signed_in.post(reverse("account_logout"))
    assert "_auth_user_id" not in signed_in.session


def test_everything_opens_once_an_app_is_set_up(signed_in, person):
    _secret, answer = set_up_app(signed_in)
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert has_second_factor(person)
    assert signed_in.get(reverse("account")).status_code == 200


def test_recovery_codes_are_shown_and_downloaded(signed_in):
    set_up_app(signed_in)
    page = signed_in.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = signed_in.get(reverse("mfa_download_recovery_codes")).content.decode().split()
    assert len(codes) == 10 and all(code in page for code in codes)


def test_recovery_codes_alone_are_no_second_factor(person):
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_second_factor(person)


def test_secret_is_stored_encrypted(signed_in, person):
    secret, _answer = set_up_app(signed_in)
    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    assert secret not in json.dumps(stored.data)
    assert SecondFactorAdapter().decrypt(stored.data["secret"]) == secret


def test_secret_survives_a_change_of_the_secret_key(settings):
    stored = SecondFactorAdapter().encrypt("abc")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key another key another key another key"
    assert SecondFactorAdapter().decrypt(stored) == "abc"


def test_last_factor_stays_where_it_is_demanded(signed_in, person):
    set_up_app(signed_in)
    answer = signed_in.post(reverse("mfa_deactivate_totp"))
    assert "cannot deactivate" in answer.content.decode()
    assert has_second_factor(person)


def test_factor_may_go_where_it_is_a_free_choice(signed_in, person):
    set_up_app(signed_in)
    type(person).objects.filter(pk=person.pk).update(second_factor_required=False)
    signed_in.post(reverse("mfa_deactivate_totp"))
    assert not has_second_factor(person)


def test_sign_in_asks_for_the_code_of_the_app(client, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    first = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert first.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    page = client.get(first.url).content.decode()
    assert "Enter the code your authenticator app shows" in page and "mfa/js/webauthn.js" in page
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(reverse("mfa_authenticate"), {"code": code_for("JBSWY3DPEHPK3PXP")})
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_in_by_mail_code_still_asks_for_the_second_factor(client, person):
    from portal.notices.models import Mail

    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    client.post(reverse("account_request_login_code"), {"email": person.email})
    code = Mail.objects.get().subject.rpartition(": ")[2]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


# The flag follows memberships and the switch ---------------------------------------------------------


def required(user):
    user.refresh_from_db()
    return user.second_factor_required


def test_switch_reaches_every_member_and_back():
    membership, other = make_membership(), make_membership()
    demand_second_factor(organisation=membership.organisation, demanded=True, actor=None)
    assert (required(membership.user), required(other.user)) == (True, False)
    demand_second_factor(organisation=membership.organisation, demanded=False, actor=None)
    assert required(membership.user) is False


def test_joining_and_leaving_a_demanding_organisation():
    user, organisation = make_user(), make_organisation(require_second_factor=True)
    make_membership(organisation=organisation)
    membership = add_member(user=user, organisation=organisation, role="supplier_reader", actor=None)
    assert required(user) is True
    remove_member(membership=membership, actor=None)
    assert required(user) is False


def test_one_of_two_organisations_is_enough():
    user, strict = make_user(), make_organisation(require_second_factor=True)
    make_membership(user, strict)
    membership = add_member(user=user, organisation=make_organisation(), role="supplier_reader", actor=None)
    remove_member(membership=membership, actor=None)
    assert required(user) is True
