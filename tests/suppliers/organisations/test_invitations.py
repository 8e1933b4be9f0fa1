"""Invitations: every state a link can be in, single use, handing on, two people at once."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.accounts.enums import InvitationState
from portal.accounts.models import Invitation, User
from portal.accounts.queries import chain_of
from portal.accounts.services import find_invitation, invitation_url, sign_invitation
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from portal.notices.services import send_due_mails
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership
from suppliers.organisations.services import (
    accept_invitation,
    hand_on_invitation,
    invite_member,
    join_by_invitation,
    resend_invitation,
    revoke_invitation,
)
from tests.factories import PASSWORD, make_membership, make_organisation, make_user

GOOD = {"name": "Ann", "language": "ja", "password": "a good long secret"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def organisation(db):
    return make_organisation("Acme")


@pytest.fixture
def invitation(organisation):
    return invite_member(
        organisation=organisation,
        role=Role.SUPPLIER_EDITOR,
        email="Ann@Test.example",
        name="Ann",
        language="en",
        next_path="/help/",
        actor=make_user("boss@test.example", name="Boss"),
    )


def page(client, invitation, name="invitation_open"):
    return client.get(reverse(name, args=[sign_invitation(invitation)]))


def post(client, invitation, data=None, name="invitation_open", **kwargs):
    return client.post(reverse(name, args=[sign_invitation(invitation)]), data or {}, **kwargs)


def expire(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    invitation.refresh_from_db()


def let_time_pass(invitation):
    Mail.objects.filter(key__startswith=f"invitation:{invitation.pk}:").update(
        created_at=timezone.now() - timedelta(hours=1)
    )


# The link ------------------------------------------------------------------------------------------


def test_link_is_signed_and_starts_at_our_own_address(invitation, settings):
    assert invitation_url(invitation).startswith(f"{settings.BASE_URL}/invitation/")
    token = sign_invitation(invitation)
    assert find_invitation(token) == invitation
    assert find_invitation(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert find_invitation(f"{invitation.pk}.{invitation.nonce}") is None
    assert find_invitation(token.replace(str(invitation.pk), str(invitation.pk + 1), 1)) is None


def test_invitation_lasts_thirty_days(invitation):
    assert timedelta(days=29, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=30)


def test_mail_carries_the_link_in_the_language_of_its_reader(organisation):
    invitation = invite_member(
        organisation=organisation, role="supplier_reader", email="b@test.example", language="ja", actor=None
    )
    mail = Mail.objects.get()
    assert (mail.to_email, mail.language, mail.organisation_id) == ("b@test.example", "ja", organisation.pk)
    assert "link" not in mail.context
    assert find_invitation(mail_link().rstrip("/").rpartition("/")[2]) == invitation


def mail_link(settings=None):
    """The link of the newest mail, as its reader sees it."""
    from portal.notices.queries import invitations_of, render_mail

    mail = Mail.objects.latest("pk")
    return re.search(r"http\S+/invitation/\S+", render_mail(mail, invitations_of([mail])).text).group()


def test_inviting_again_uses_the_open_invitation(invitation, organisation):
    again = invite_member(organisation=organisation, role=Role.SUPPLIER_EDITOR, email="ann@test.example", actor=None)
    assert again == invitation
    assert Mail.objects.count() == 1


def test_inviting_somebody_who_has_the_role_says_so(organisation):
    member = make_membership(organisation=organisation, role=Role.SUPPLIER_READER)
    with pytest.raises(DomainError, match="has this role already"):
        invite_member(organisation=organisation, role=Role.SUPPLIER_READER, email=member.user.email.upper(), actor=None)
    assert Invitation.objects.count() == 0


def test_inviting_without_a_mail_leaves_the_link_to_the_caller(organisation):
    invite_member(organisation=organisation, role=Role.SUPPLIER_READER, email="b@test.example", actor=None, mail=False)
    assert Mail.objects.count() == 0


# Opening and accepting -----------------------------------------------------------------------------


def test_opening_is_noted_once_and_uses_nothing_up(client, invitation):
    assert invitation.state is InvitationState.WAITING
    assert "Boss invites you to work for <b>Acme</b>" in page(client, invitation).content.decode()
    invitation.refresh_from_db()
    first = invitation.opened_at
    page(client, invitation)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.opened_at) == (InvitationState.OPENED, first)


def test_accepting_makes_the_person_member_and_signs_them_in(client, invitation, organisation):
    answer = post(client, invitation, GOOD)
    assert (answer.status_code, answer.url) == (302, "/help/")
    user = User.objects.get(email="ann@test.example")
    assert (user.name, user.language, user.check_password("a good long secret")) == ("Ann", "ja", True)
    assert EmailAddress.objects.filter(user=user, email=user.email, verified=True, primary=True).exists()
    assert list(Membership.objects.filter(user=user).values_list("organisation", "role")) == [
        (organisation.pk, "supplier_editor")
    ]
    assert client.session["_auth_user_id"] == str(user.pk)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.accepted_by) == (InvitationState.ACCEPTED, user)


def test_accepting_is_recorded_with_the_address(client, invitation, organisation):
    post(client, invitation, GOOD, headers={"x-forwarded-for": "6.6.6.6"})
    entries = Entry.objects.filter(organisation_id=organisation.pk).order_by("pk").values_list("deed", "address")
    assert list(entries) == [("invite_member", None), ("add_member", "127.0.0.1"), ("accept_invitation", "127.0.0.1")]


def test_person_without_a_password_signs_in_by_code(client, invitation):
    post(client, invitation, {"name": "Ann", "language": "en", "by_code": "on", "password": ""})
    assert not User.objects.get(email="ann@test.example").has_usable_password()
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": ""}, "Choose a password, or tick the box below"),
        ({"password": "short"}, "too short"),
        ({"password": "password123456"[:12]}, "too common"),
        ({"password": "ann@test.example"}, "too similar"),
        ({"name": ""}, "required"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_bad_input_gets_a_sentence_and_uses_nothing_up(client, invitation, change, sentence):
    answer = post(client, invitation, {**GOOD, **change})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None and not User.objects.filter(email=invitation.email).exists()


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_page_is_always_ours(client, invitation, path):
    Invitation.objects.filter(pk=invitation.pk).update(next_path=path)
    assert post(client, invitation, GOOD).url == reverse("home")


def test_new_person_of_a_demanding_organisation_meets_the_set_up_page(client, organisation):
    organisation.require_second_factor = True
    organisation.save()
    invitation = invite_member(organisation=organisation, role="supplier_editor", email="ann@test.example", actor=None)
    post(client, invitation, GOOD)
    assert client.get(reverse("team")).url == reverse("mfa_index")


# Links that do not open ----------------------------------------------------------------------------


def test_used_link_says_so_and_offers_sign_in(client, invitation):
    accept_invitation(invitation=invitation, **GOOD)
    for answer in (page(client, invitation), post(client, invitation, {**GOOD, "name": "Thief"})):
        assert answer.status_code == 410
        assert "This link was used already" in answer.content.decode()
        assert f"{reverse('account_login')}?next=/help/" in answer.content.decode()
    assert User.objects.get(email="ann@test.example").name == "Ann"
    assert "_auth_user_id" not in client.session


def test_expired_link_offers_a_new_one(client, invitation):
    expire(invitation)
    answer = page(client, invitation)
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "This link has expired" in text and "a…n@test.example" in text and "ann@test.example" not in text
    assert post(client, invitation, GOOD).status_code == 410
    assert not User.objects.filter(email="ann@test.example").exists()


def test_asking_for_a_new_link_sends_it_to_the_same_address(client, invitation):
    expire(invitation)
    let_time_pass(invitation)
    old = sign_invitation(invitation)
    answer = post(client, invitation, name="invitation_renew", follow=True)
    assert "a new link is on its way" in answer.content.decode()
    assert [mail.to_email for mail in Mail.objects.all()] == ["ann@test.example"] * 2
    assert "A newer link was sent" in client.get(reverse("invitation_open", args=[old])).content.decode()
    assert client.get(mail_link().partition("localhost:8000")[2]).status_code == 200


def test_asking_too_often_sends_nothing_and_reads_the_same(client, invitation):
    expire(invitation)
    let_time_pass(invitation)
    words = []
    for _attempt in range(3):
        words.append(
            post(
                client, Invitation.objects.get(pk=invitation.pk), name="invitation_renew", follow=True
            ).content.decode()
        )
    assert Mail.objects.count() == 2
    assert all("a new link is on its way" in text for text in words)


def test_stale_link_can_ask_for_a_new_one_too(client, invitation):
    let_time_pass(invitation)
    old = sign_invitation(invitation)
    resend_invitation(invitation=invitation, actor=None)
    let_time_pass(invitation)
    client.post(reverse("invitation_renew", args=[old]))
    assert Mail.objects.count() == 3


def test_withdrawn_link_names_whom_to_ask(client, invitation):
    revoke_invitation(invitation=invitation, actor=None)
    text = page(client, invitation).content.decode()
    assert "This invitation was withdrawn" in text and "Ask Boss" in text and "Send me a new link" not in text
    post(client, invitation, name="invitation_renew")
    assert Mail.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "1.abc.def", "1.a.b.c"])
def test_broken_link_is_a_page_not_a_crash(client, token):
    answer = client.get(reverse("invitation_open", args=[token]))
    assert answer.status_code == 404
    assert "This link is not complete" in answer.content.decode()
    answer = client.post(reverse("invitation_renew", args=[token]), follow=True)
    assert "a new link is on its way" in answer.content.decode()


@pytest.mark.parametrize("deed", [resend_invitation, revoke_invitation])
@pytest.mark.parametrize("close", ["accept", "hand_on", "revoke"])
def test_closed_invitation_stays_closed(invitation, deed, close):
    {
        "accept": lambda: accept_invitation(invitation=invitation, **GOOD),
        "hand_on": lambda: hand_on_invitation(invitation=invitation, email="c@test.example", name="C"),
        "revoke": lambda: revoke_invitation(invitation=invitation, actor=None),
    }[close]()
    let_time_pass(invitation)
    before = Invitation.objects.values().get(pk=invitation.pk)
    with pytest.raises(ConflictError):
        deed(invitation=invitation, actor=None)
    assert Invitation.objects.values().get(pk=invitation.pk) == before


def test_resend_gives_a_new_link_and_a_new_term(invitation):
    expire(invitation)
    let_time_pass(invitation)
    old = invitation.nonce
    resend_invitation(invitation=invitation, actor=None)
    assert invitation.nonce != old and invitation.state is InvitationState.WAITING


def test_resend_waits_five_minutes(invitation):
    with pytest.raises(DomainError, match="a short while ago"):
        resend_invitation(invitation=invitation, actor=None)


# People who are here already -----------------------------------------------------------------------


def test_person_with_an_account_signs_in_first_then_joins(client, invitation, organisation):
    user = make_user("ann@test.example")
    text = page(client, invitation).content.decode()
    assert "There is an account for ann@test.example" in text and 'name="password"' not in text
    assert post(client, invitation, GOOD).status_code == 200
    assert post(client, invitation, name="invitation_join").url.startswith(reverse("account_login"))
    assert not Membership.objects.filter(user=user).exists()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "Accept as ann@test.example" in page(client, invitation).content.decode()
    assert post(client, invitation, name="invitation_join").url == "/help/"
    assert Membership.objects.get(user=user).organisation == organisation
    assert EmailAddress.objects.get(user=user).verified


def test_person_of_two_organisations_works_for_the_new_one_next(client, invitation, organisation):
    user = make_user("ann@test.example")
    make_membership(user, make_organisation("Aaa"))
    client.force_login(user)
    post(client, invitation, name="invitation_join")
    assert client.session["organisation_id"] == organisation.pk


def test_somebody_else_cannot_take_the_invitation(client, invitation):
    client.force_login(make_user("eve@test.example"))
    text = page(client, invitation).content.decode()
    assert "You are signed in as eve@test.example, but the invitation is for ann@test.example" in text
    answer = post(client, invitation, name="invitation_join")
    assert answer.status_code == 422 and "meant for another address" in answer.content.decode()
    assert post(client, invitation, GOOD).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None and not Membership.objects.exists()


# Handing on ----------------------------------------------------------------------------------------


def test_handing_on_closes_the_link_and_invites_the_colleague(client, invitation, organisation):
    assert "Who should do this instead of you?" in page(client, invitation, "invitation_hand_on").content.decode()
    answer = post(client, invitation, {"name": "Cid", "email": "CID@test.example"}, "invitation_hand_on")
    assert "Cid gets a mail at cid@test.example" in answer.content.decode()
    invitation.refresh_from_db()
    following = invitation.handed_on_to
    assert invitation.state is InvitationState.HANDED_ON
    assert (following.email, following.next_path, following.offer.role, following.created_by) == (
        "cid@test.example",
        "/help/",
        "supplier_editor",
        invitation.created_by,
    )
    assert chain_of(invitation) == [invitation, following]
    assert Mail.objects.latest("pk").to_email == "cid@test.example"
    text = page(client, invitation).content.decode()
    assert "handed on to a colleague" in text and "cid" not in text.lower()
    accept_invitation(invitation=following, **GOOD)
    assert Membership.objects.get().organisation == organisation


def test_handing_on_to_oneself_is_refused(client, invitation):
    answer = post(client, invitation, {"name": "Ann", "email": "ann@test.example"}, "invitation_hand_on")
    assert answer.status_code == 400 and "Enter your colleague" in answer.content.decode()
    assert Invitation.objects.count() == 1


def test_handing_on_ends_after_five_times(invitation):
    for number in range(5):
        invitation = hand_on_invitation(invitation=invitation, email=f"p{number}@test.example", name="P")
    with pytest.raises(DomainError, match="handed on too often"):
        hand_on_invitation(invitation=invitation, email="last@test.example", name="P")


@pytest.mark.parametrize("close", [expire, lambda i: revoke_invitation(invitation=i, actor=None)])
def test_closed_link_cannot_be_handed_on(client, invitation, close):
    close(invitation)
    assert post(client, invitation, {"name": "C", "email": "c@test.example"}, "invitation_hand_on").status_code == 410
    with pytest.raises(ConflictError):
        hand_on_invitation(invitation=invitation, email="c@test.example", name="C")
    assert Invitation.objects.count() == 1


# At once -------------------------------------------------------------------------------------------


def at_once(*deeds):
    """Run the deeds in threads that start together; return what each gave or raised."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        try:
            barrier.wait()
            results[number] = deed()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_people_accepting_at_once_make_one_person():
    invitation = invite_member(
        organisation=make_organisation(), role="supplier_editor", email="ann@test.example", actor=None
    )

    def accept(name):
        mine = Invitation.objects.get(pk=invitation.pk)
        return lambda: accept_invitation(invitation=mine, name=name, password=None, language="en")

    results = at_once(accept("One"), accept("Two"))
    assert sorted(type(result).__name__ for result in results) == ["ConflictError", "User"]
    assert Membership.objects.count() == User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_accepting_and_handing_on_at_once_lets_one_in():
    invitation = invite_member(
        organisation=make_organisation(), role="supplier_editor", email="ann@test.example", actor=None
    )
    mine, other = Invitation.objects.get(), Invitation.objects.get()
    results = at_once(
        lambda: accept_invitation(invitation=mine, **GOOD),
        lambda: hand_on_invitation(invitation=other, email="c@test.example", name="C"),
    )
    assert [isinstance(result, ConflictError) for result in results].count(True) == 1
    invitation.refresh_from_db()
    assert bool(invitation.accepted_at) != bool(invitation.handed_on_to_id)


@pytest.mark.django_db(transaction=True)
def test_two_invitations_for_one_address_at_once_make_one_account():
    first, second = (
        invite_member(organisation=make_organisation(), role="supplier_editor", email="ann@test.example", actor=None)
        for _n in range(2)
    )
    results = at_once(
        lambda: accept_invitation(invitation=first, **GOOD), lambda: accept_invitation(invitation=second, **GOOD)
    )
    assert sorted(type(result).__name__ for result in results) == ["ConflictError", "User"]
    open_one = next(i for i in Invitation.objects.all() if i.is_usable)
    join_by_invitation(invitation=open_one, user=User.objects.get())
    assert Membership.objects.count() == 2


def test_whole_way_from_mail_to_door(client, invitation):
    """The link as the mail server would have got it opens the door."""
    from django.core import mail

    send_due_mails()
    link = re.search(r"http\S+/invitation/\S+", mail.outbox[0].body).group()
    assert client.post(link.partition("localhost:8000")[2], GOOD).url == "/help/"
