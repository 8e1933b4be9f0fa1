"""The team page: who sees it, who changes what, and that it stays quick."""

import pytest
from django.urls import reverse

from portal.accounts.models import Invitation
from portal.accounts.services import invitation_url
from portal.notices.models import Mail
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, MembershipScope
from suppliers.organisations.services import hand_on_invitation, invite_member
from tests.factories import cast, make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def as_person(client, people):
    def sign_in(name):
        client.force_login(getattr(people, name))
        return client

    return sign_in


def membership_of(user):
    return Membership.objects.get(user=user)


def invite(people, **fields):
    values = {
        "organisation": people.supplier,
        "role": Role.SUPPLIER_READER,
        "email": "new@test.example",
        "actor": people.alice,
    }
    return invite_member(**{**values, **fields})


def test_everybody_of_the_organisation_sees_the_members(as_person):
    for name in ("alice", "bob"):
        text = as_person(name).get(reverse("team")).content.decode()
        assert "alice@test.example" in text and "bob@test.example" in text
        assert "mallory" not in text and "dave" not in text


def test_only_leaders_see_what_changes_something(as_person, people):
    link = invitation_url(invite(people))
    assert link in as_person("alice").get(reverse("team")).content.decode()
    text = as_person("bob").get(reverse("team")).content.decode()
    assert "new@test.example" not in text and link not in text and reverse("team_invite") not in text


def test_person_without_an_organisation_gets_404(client):
    client.force_login(make_user())
    assert client.get(reverse("team")).status_code == 404


def test_leader_invites(as_person, people):
    client = as_person("alice")
    data = {"email": "New@test.example", "name": "New", "role": "supplier_editor", "language": "th"}
    answer = client.post(reverse("team_invite"), data, follow=True)
    assert "The invitation to New@test.example is on its way" in answer.content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.language, invitation.offer.role, invitation.created_by) == (
        "new@test.example",
        "th",
        "supplier_editor",
        people.alice,
    )
    assert Mail.objects.get().to_email == "new@test.example"


@pytest.mark.parametrize("role", ["buyer_administrator", "auditor", "king"])
def test_role_of_the_other_side_is_not_offered(as_person, role):
    client = as_person("alice")
    answer = client.post(reverse("team_invite"), {"email": "n@test.example", "role": role, "language": "en"})
    assert answer.status_code == 400 and "Select a valid choice" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_inviting_a_member_says_so(as_person):
    client = as_person("alice")
    answer = client.post(
        reverse("team_invite"), {"email": "bob@test.example", "role": "supplier_reader", "language": "en"}
    )
    assert answer.status_code == 400 and "has this role already" in answer.content.decode()


def test_nobody_invites_hundreds_within_an_hour(as_person, people):
    Invitation.objects.bulk_create(Invitation(email=f"n{n}@test.example", created_by=people.alice) for n in range(60))
    answer = as_person("alice").post(
        reverse("team_invite"), {"email": "one@test.example", "role": "supplier_reader", "language": "en"}
    )
    assert answer.status_code == 400 and "within an hour" in answer.content.decode()
    assert Mail.objects.count() == 0


def test_list_shows_states_and_the_chain(as_person, people):
    hand_on_invitation(
        invitation=invite(people, email="first@test.example"), email="second@test.example", name="Second"
    )
    text = as_person("alice").get(reverse("team")).content.decode()
    assert "Handed on" in text and "→ Second" in text and "Not opened yet" in text


def test_leader_withdraws_and_sends_again(as_person, people):
    invitation, client = invite(people), as_person("alice")
    hasty = client.post(reverse("team_resend", args=[invitation.pk]))
    assert hasty.status_code == 422 and "a short while ago" in hasty.content.decode()
    client.post(reverse("team_revoke", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


DEEDS = [
    ("team_invite", None, {"email": "n@test.example", "role": "supplier_reader", "language": "en"}),
    ("team_second_factor", None, {"demanded": "on"}),
    ("team_resend", "invitation", {}),
    ("team_revoke", "invitation", {}),
    ("team_member", "membership", {"role": "supplier_editor"}),
    ("team_narrow", "membership", {}),
    ("team_remove", "membership", {}),
]


@pytest.mark.parametrize(("name", "thing", "data"), DEEDS)
@pytest.mark.parametrize("who", ["bob", "carol", "dave", "erin", "mallory", "trent", "anonymous"])
def test_nobody_else_changes_the_team(client, people, who, name, thing, data):
    pk = {"invitation": [invite(people).pk], "membership": [membership_of(people.bob).pk], None: []}[thing]
    if who != "anonymous":
        client.force_login(getattr(people, who))
    before = (
        list(Membership.objects.values()),
        list(Invitation.objects.filter(offer__organisation=people.supplier).values()),
        Entry.objects.filter(organisation_id=people.supplier.pk).count(),
    )
    answer = client.post(reverse(name, args=pk), data)
    after = (
        list(Membership.objects.values()),
        list(Invitation.objects.filter(offer__organisation=people.supplier).values()),
        Entry.objects.filter(organisation_id=people.supplier.pk).count(),
    )
    assert before == after
    people.supplier.refresh_from_db()
    assert people.supplier.require_second_factor is False
    if thing is not None:
        assert answer.status_code == {"anonymous": 302, "bob": 403 if thing == "membership" else 404}.get(who, 404)


def test_administrator_narrows_what_a_member_sees(as_person, people):
    client, membership = as_person("erin"), membership_of(people.dave)
    assert "Asia" in client.get(reverse("team_member", args=[membership.pk])).content.decode()
    client.post(reverse("team_narrow", args=[membership.pk]), {"regions": ["Asia"]})
    assert list(MembershipScope.objects.values_list("kind", "value")) == [("region", "Asia")]
    answer = client.post(reverse("team_narrow", args=[membership.pk]), {"regions": ["Atlantis"]})
    assert answer.status_code == 422
    assert MembershipScope.objects.count() == 1


def test_leader_changes_a_role(as_person, people):
    client, membership = as_person("alice"), membership_of(people.bob)
    client.post(reverse("team_member", args=[membership.pk]), {"role": "supplier_editor"})
    membership.refresh_from_db()
    assert membership.role == "supplier_editor"


def test_supplier_manager_has_no_hand_in_the_buyer_side(as_person, people):
    both = make_membership(make_user(), people.supplier, Role.BUYER_READER)
    client = as_person("alice")
    assert client.post(reverse("team_remove", args=[both.pk])).status_code == 403
    assert Membership.objects.filter(pk=both.pk).exists()


def test_last_leader_gets_a_sentence(as_person, people):
    client, mine = as_person("alice"), membership_of(people.alice)
    answer = client.post(reverse("team_remove", args=[mine.pk]))
    assert answer.status_code == 422 and "This is the last" in answer.content.decode()
    answer = client.post(reverse("team_member", args=[mine.pk]), {"role": "supplier_reader"})
    assert answer.status_code == 400 and "This is the last" in answer.content.decode()


def test_switch_of_the_second_factor(as_person, people):
    client = as_person("erin")
    client.post(reverse("team_second_factor"), {"demanded": "on"})
    people.dave.refresh_from_db()
    assert people.dave.second_factor_required
    assert client.get(reverse("team")).url == reverse("mfa_index")


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow(as_person, people, count, django_assert_num_queries):
    for number in range(count):
        make_membership(organisation=people.supplier, role=Role.SUPPLIER_READER)
        invite(people, email=f"n{number}@test.example")
    client = as_person("alice")
    with django_assert_num_queries(8):
        client.get(reverse("team"))


def test_long_list_is_cut_into_pages(as_person, people):
    for _number in range(51):
        make_membership(organisation=people.supplier, role=Role.SUPPLIER_READER)
    text = as_person("bob").get(reverse("team"), {"page": 2}).content.decode()
    assert text.count('<span class="sub">') == 3
