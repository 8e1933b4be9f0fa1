"""Who sees what: rights are WHERE clauses, whatever the number of suppliers."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from suppliers.organisations.enums import Role
from suppliers.organisations.models import Site
from suppliers.organisations.permissions import DEEDS, may
from suppliers.organisations.queries import (
    bought_relationships,
    leading_sites,
    visible_memberships,
    visible_organisations,
    visible_relationships,
    visible_sites,
)
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "relationships", "bought", "sites", "organisations"),
    [
        ("alice", ["relationship"], [], ["site"], ["buyer", "supplier"]),
        ("bob", ["relationship"], [], ["site"], ["buyer", "supplier"]),
        ("carol", [], [], [], ["audit_firm"]),
        ("dave", ["relationship"], ["relationship"], ["site"], ["buyer", "supplier"]),
        ("erin", ["relationship"], ["relationship"], ["site"], ["buyer", "supplier"]),
        ("mallory", ["other_relationship"], [], ["other_site"], ["other_buyer", "other_supplier"]),
        ("trent", ["other_relationship"], ["other_relationship"], ["other_site"], ["other_buyer", "other_supplier"]),
        ("anonymous", [], [], [], []),
    ],
)
def test_everybody_sees_their_own(name, relationships, bought, sites, organisations) -> None:
    world = cast()
    user = world.people[name]

    assert list(visible_relationships(user)) == [getattr(world, part) for part in relationships]
    assert list(bought_relationships(user)) == [getattr(world, part) for part in bought]
    assert list(visible_sites(user)) == [getattr(world, part) for part in sites]
    assert set(visible_organisations(user)) == {getattr(world, part) for part in organisations}


@pytest.mark.parametrize(
    ("scopes", "seen"),
    [
        ({}, ["AI", "AD", "EI", "ED"]),
        ({"region": ["Asia"]}, ["AI", "AD"]),
        ({"business_unit": ["Imaging"]}, ["AI", "EI"]),
        ({"region": ["Asia"], "business_unit": ["Imaging"]}, ["AI"]),
        ({"region": ["Asia", "Europe"], "business_unit": ["Devices"]}, ["AD", "ED"]),
        ({"region": ["Mars"]}, []),
    ],
)
def test_scopes_narrow_what_a_buyer_sees(scopes, seen) -> None:
    buyer, user = make_organisation(), make_user()
    for code, region, unit in (
        ("AI", "Asia", "Imaging"),
        ("AD", "Asia", "Devices"),
        ("EI", "Europe", "Imaging"),
        ("ED", "Europe", "Devices"),
    ):
        make_site(make_relationship(buyer, vendor_code=code, region=region, business_unit=unit).supplier, code=code)
    make_membership(user, buyer, Role.BUYER_READER, scopes=scopes)

    assert list(bought_relationships(user).order_by("pk").values_list("vendor_code", flat=True)) == seen
    assert sorted(visible_sites(user).values_list("code", flat=True)) == sorted(seen)


def test_second_role_without_scopes_opens_everything() -> None:
    buyer, user = make_organisation(), make_user()
    make_relationship(buyer, region="Europe")
    make_membership(user, buyer, Role.BUYER_READER, scopes={"region": ["Asia"]})
    assert bought_relationships(user).count() == 0
    make_membership(user, buyer, Role.BUYER_PROCUREMENT)
    assert bought_relationships(user).count() == 1


def test_scope_of_one_buyer_says_nothing_about_another() -> None:
    first, second, user = make_organisation(), make_organisation(), make_user()
    make_relationship(first, region="Europe")
    wide = make_relationship(second, region="Europe")
    make_membership(user, first, Role.BUYER_READER, scopes={"region": ["Asia"]})
    make_membership(user, second, Role.BUYER_READER)
    assert list(bought_relationships(user)) == [wide]


def test_supplier_role_does_not_lift_the_scope_of_a_buyer_role() -> None:
    buyer, supplier, user = make_organisation(), make_organisation(), make_user()
    bond = make_relationship(buyer, supplier, region="Europe")
    make_membership(user, buyer, Role.BUYER_READER, scopes={"region": ["Asia"]})
    make_membership(user, supplier, Role.SUPPLIER_MANAGER)

    assert list(visible_relationships(user)) == [bond]
    assert list(bought_relationships(user)) == []


def test_buyer_sees_no_people_of_its_suppliers() -> None:
    world = cast()
    assert {row.user for row in visible_memberships(world.erin)} == {world.dave, world.erin}
    assert {row.user for row in visible_memberships(world.alice)} == {world.alice, world.bob}
    assert not visible_memberships(AnonymousUser()).exists()


@pytest.mark.parametrize("read", [visible_relationships, bought_relationships, visible_sites, visible_organisations])
def test_reading_is_one_query_without_a_list_of_ids(read, django_assert_num_queries) -> None:
    buyer, user = make_organisation(), make_user()
    make_membership(user, buyer, Role.BUYER_READER)
    before = read(user).query.sql_with_params()
    for _ in range(30):
        make_site(make_relationship(buyer).supplier)

    with django_assert_num_queries(1):
        rows = list(read(user))
    assert len(rows) >= 30
    assert read(user).query.sql_with_params() == before
    assert "IN (SELECT" in before[0]


def test_plan_decides_an_unnarrowed_reader_by_index() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("The plan is worded by SQLite.")
    user = make_user()
    make_membership(user, role=Role.BUYER_READER)
    plan = bought_relationships(user).explain()
    assert "SCAN organisations_relationship" not in plan
    assert "SEARCH organisations_relationship USING INDEX" in plan


ALLOWED = {
    "invite_member": {"alice", "erin"},
    "remove_member": {"alice", "erin"},
    "change_organisation": {"alice", "erin"},
    "change_site": {"alice", "erin"},
    "import_suppliers": {"dave", "erin"},
    "end_relationship": {"dave", "erin"},
    "export_suppliers": {"dave", "erin"},
    "read_trail": {"alice", "erin"},
    "use_tokens": {"alice", "dave", "erin"},
}


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_may_is_yes_for_exactly_these_people(deed: str) -> None:
    world = cast()
    own = {"alice": world.supplier, "bob": world.supplier}
    allowed = {name for name, user in world.people.items() if may(user, deed, own.get(name, world.buyer))}
    assert allowed == ALLOWED[deed]


def test_narrowed_buyer_may_not_import() -> None:
    buyer, user = make_organisation(), make_user()
    make_membership(user, buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    assert not may(user, "import_suppliers", buyer)
    assert may(user, "export_suppliers", buyer)


def test_a_company_is_asked_through_its_first_site_with_a_contact():
    silent, spoken = make_organisation(), make_organisation()
    sites = {
        "first": make_site(silent, contact_email=""),
        "second": make_site(silent, contact_email=""),
        "bare": make_site(spoken, contact_email=""),
        "leads": make_site(spoken, contact_email="a@test.example"),
        "follows": make_site(spoken, contact_email="b@test.example"),
    }
    assert set(leading_sites(Site.objects.all())) == {sites["first"], sites["leads"]}
    assert set(leading_sites(Site.objects.exclude(pk=sites["leads"].pk))) == {sites["first"], sites["follows"]}
