"""Memberships: roles given and taken, the last leader, scopes, all on the record."""

import threading

import pytest
from django.db import connection

from portal.lib.errors import DomainError
from portal.trail.models import Entry
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.models import Membership, MembershipScope
from suppliers.organisations.queries import offered_roles
from suppliers.organisations.services import add_member, change_role, change_scopes, remove_member
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_user

pytestmark = pytest.mark.django_db
LEADERS = [Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR]


def deeds():
    return list(Entry.objects.values_list("deed", flat=True))


def test_adding_twice_is_one_membership_and_one_entry():
    user, organisation = make_user(), make_organisation()
    first = add_member(user=user, organisation=organisation, role="buyer_reader", actor=None)
    assert add_member(user=user, organisation=organisation, role="buyer_reader", actor=None) == first
    assert deeds() == ["add_member"]


def test_person_may_have_several_roles_and_organisations():
    user, organisation = make_user(), make_organisation()
    for role in (Role.BUYER_READER, Role.SUPPLIER_EDITOR):
        add_member(user=user, organisation=organisation, role=role, actor=None)
    add_member(user=user, organisation=make_organisation(), role=Role.AUDITOR, actor=None)
    assert user.memberships.count() == 3


def test_removing_is_recorded_with_whom_and_what():
    boss, reader = make_user(), make_membership(role=Role.SUPPLIER_READER)
    remove_member(membership=reader, actor=boss)
    entry = Entry.objects.get()
    assert (entry.deed, entry.actor, entry.organisation_id) == ("remove_member", boss, reader.organisation_id)
    assert entry.detail == {"person": reader.user.email, "role": "supplier_reader"}
    assert not Membership.objects.exists()


@pytest.mark.parametrize("role", LEADERS)
def test_last_leader_stays(role):
    membership = make_membership(role=role)
    make_membership(organisation=membership.organisation, role=Role.SUPPLIER_EDITOR)
    with pytest.raises(DomainError, match="Give somebody else this role first"):
        remove_member(membership=membership, actor=None)
    with pytest.raises(DomainError, match="Give somebody else this role first"):
        change_role(membership=membership, role=Role.SUPPLIER_READER, actor=None)
    membership.refresh_from_db()
    assert membership.role == role and deeds() == []


@pytest.mark.parametrize("role", LEADERS)
def test_second_leader_may_go(role):
    membership = make_membership(role=role)
    make_membership(organisation=membership.organisation, role=role)
    remove_member(membership=membership, actor=None)
    assert Membership.objects.count() == 1


def test_leader_who_has_left_the_portal_does_not_count():
    membership = make_membership()
    gone = make_user(is_active=False)
    make_membership(gone, membership.organisation)
    with pytest.raises(DomainError):
        remove_member(membership=membership, actor=None)


@pytest.mark.django_db(transaction=True)
def test_two_leaders_who_remove_each_other_at_once_leave_one():
    first = make_membership()
    second = make_membership(organisation=first.organisation)
    barrier, errors = threading.Barrier(2), []

    def run(pk):
        membership = Membership.objects.get(pk=pk)
        barrier.wait()
        try:
            remove_member(membership=membership, actor=None)
        except DomainError as error:
            errors.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[pk]) for pk in (first.pk, second.pk)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Membership.objects.count(), errors) == (1, ["last_leader"])


def test_changing_a_role_is_recorded_and_drops_scopes_a_supplier_cannot_have():
    membership = make_membership(role=Role.BUYER_READER, scopes={"region": ["Asia"]})
    change_role(membership=membership, role=Role.BUYER_PROCUREMENT, actor=None)
    assert MembershipScope.objects.count() == 1
    change_role(membership=membership, role=Role.SUPPLIER_READER, actor=None)
    assert MembershipScope.objects.count() == 0
    assert Entry.objects.latest("pk").detail["before"] == "buyer_procurement"


def test_role_the_person_has_besides_is_refused():
    membership = make_membership(role=Role.SUPPLIER_READER)
    make_membership(membership.user, membership.organisation, Role.SUPPLIER_EDITOR)
    with pytest.raises(DomainError, match="has that role already"):
        change_role(membership=membership, role=Role.SUPPLIER_EDITOR, actor=None)


def test_scopes_are_replaced_and_recorded():
    membership = make_membership(role=Role.BUYER_READER, scopes={"region": ["Asia"]})
    change_scopes(membership=membership, regions=["Europe"], business_units=["Imaging", "Imaging"], actor=None)
    assert set(membership.scopes.values_list("kind", "value")) == {("region", "Europe"), ("business_unit", "Imaging")}
    assert Entry.objects.get().detail["before"] == [["region", "Asia"]]


def test_supplier_roles_have_no_scopes():
    with pytest.raises(DomainError, match="Only buyer roles"):
        change_scopes(membership=make_membership(), regions=["Asia"], business_units=[], actor=None)


def test_roles_offered_are_of_the_right_side():
    people = cast()
    assert offered_roles(people.alice, people.supplier) == SUPPLIER_ROLES
    assert offered_roles(people.erin, people.buyer) == BUYER_ROLES
    for user, organisation in [
        (people.bob, people.supplier),
        (people.dave, people.buyer),
        (people.carol, people.audit_firm),
        (people.alice, people.buyer),
        (people.erin, people.supplier),
    ]:
        assert offered_roles(user, organisation) == frozenset()


def test_administrator_of_a_buyer_with_own_sites_offers_both_sides():
    people = cast()
    make_relationship(people.buyer, people.buyer, vendor_code="OWN")
    assert offered_roles(people.erin, people.buyer) == BUYER_ROLES | SUPPLIER_ROLES
