"""REST: organisations, sites and relationships, column by column and filter by filter."""

from datetime import date

import pytest

from suppliers.organisations.api import token_organisations
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user
from tests.portal.api.world import ids, moment, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def test_organisation_row(people):
    assert program_of(people.erin).get(f"/api/v1/organisations/{people.supplier.pk}/").json() == {
        "id": people.supplier.pk,
        "name": "Supplier",
        "country": "TH",
        "created_at": moment(people.supplier.created_at),
    }


def test_site_row_names_no_person(people):
    site = make_site(people.supplier, code="P2", name="Plant 2", address="1 Road", closed_on=date(2026, 1, 31))
    row = program_of(people.erin).get(f"/api/v1/sites/{site.pk}/").json()
    assert row == {
        "id": site.pk,
        "organisation_id": people.supplier.pk,
        "organisation_name": "Supplier",
        "code": "P2",
        "name": "Plant 2",
        "country": "TH",
        "city": "Osaka",
        "address": "1 Road",
        "sector": "components",
        "workers": 120,
        "closed_on": "2026-01-31",
    }


def test_relationship_row(people):
    bond = make_relationship(
        people.buyer,
        make_organisation("Old supplier", country="VN"),
        vendor_code="V-2",
        started_on=date(2020, 1, 1),
        ended_on=date(2026, 1, 1),
        end_reason="social",
    )
    assert program_of(people.erin).get(f"/api/v1/relationships/{bond.pk}/").json() == {
        "id": bond.pk,
        "buyer_id": people.buyer.pk,
        "buyer_name": "Buyer",
        "supplier_id": bond.supplier_id,
        "supplier_name": "Old supplier",
        "supplier_country": "VN",
        "vendor_code": "V-2",
        "business_unit": "Imaging",
        "region": "Asia",
        "category": "Parts",
        "tier": 1,
        "spend": None,
        "started_on": "2020-01-01",
        "ended_on": "2026-01-01",
        "end_reason": "social",
    }


def test_own_sites_of_a_buyer_are_listed_once(people):
    own = make_site(people.buyer)
    make_relationship(people.buyer, people.buyer)
    assert ids(program_of(people.erin), "sites") == [people.site.pk, own.pk]


@pytest.mark.parametrize(
    ("resource", "query", "expected"),
    [
        ("organisations", "?country=th", ["Supplier"]),
        ("organisations", "?country=DE", []),
        ("organisations", "?name=Buyer", ["Buyer"]),
        ("organisations", "?vendor_code=V-2", ["Second"]),
        ("organisations", "?created_since=2099-01-01T00:00:00Z", []),
        ("organisations", "?created_since=2020-01-01&ordering=-name", ["Supplier", "Second", "Buyer"]),
        ("sites", "?sector=logistics", ["Second plant"]),
        ("sites", "?closed=true", ["Second plant"]),
        ("sites", "?closed=false", ["First plant"]),
        ("sites", "?vendor_code=V-2", ["Second plant"]),
        ("sites", "?code=B", ["Second plant"]),
        ("sites", "?country=TH&closed=false", ["First plant"]),
        ("sites", "?ordering=-workers", ["Second plant", "First plant"]),
        ("relationships", "?vendor_code=V-2", ["Second"]),
        ("relationships", "?country=vn", ["Second"]),
        ("relationships", "?tier=2", ["Second"]),
        ("relationships", "?region=Europe", ["Second"]),
        ("relationships", "?business_unit=Imaging", ["Supplier"]),
        ("relationships", "?category=Resin", ["Second"]),
        ("relationships", "?ended=true", ["Second"]),
        ("relationships", "?ended=false", ["Supplier"]),
        ("relationships", "?ordering=-tier", ["Second", "Supplier"]),
    ],
)
def test_filters(people, resource, query, expected):
    people.site.name, people.site.workers = "First plant", 5
    people.site.save()
    second = make_organisation("Second", country="VN")
    make_relationship(
        people.buyer,
        second,
        vendor_code="V-2",
        region="Europe",
        business_unit="Printing",
        category="Resin",
        tier=2,
        ended_on=date(2026, 1, 1),
        end_reason="commercial",
    )
    make_site(second, code="B", name="Second plant", sector="logistics", closed_on=date(2026, 1, 1))
    results = program_of(people.erin).get(f"/api/v1/{resource}/{query}").json()["results"]
    assert [row.get("name") or row["supplier_name"] for row in results] == expected


def test_filter_by_organisation_buyer_and_supplier(people):
    client = program_of(people.erin)
    assert ids(client, "sites", f"?organisation={people.supplier.pk}") == [people.site.pk]
    assert ids(client, "sites", f"?organisation={people.buyer.pk}") == []
    bond = people.relationship
    assert ids(client, "relationships", f"?buyer={bond.buyer_id}&supplier={bond.supplier_id}") == [bond.pk]
    assert ids(client, "relationships", f"?buyer={bond.supplier_id}") == []


def test_token_organisations_lists_each_once(people):
    user = make_user()
    assert token_organisations(user) == []
    make_membership(user, people.buyer, Role.BUYER_ADMINISTRATOR)
    make_membership(user, people.buyer, Role.BUYER_PROCUREMENT)
    make_membership(user, people.supplier, Role.SUPPLIER_READER)
    make_membership(user, people.other_supplier, Role.SUPPLIER_MANAGER)
    assert token_organisations(user) == [people.buyer.pk, people.other_supplier.pk]
