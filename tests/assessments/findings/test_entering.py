"""Entering a finding by hand: find the site, say what is wrong."""

import pytest
from django.urls import reverse

from assessments.findings.models import Finding
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db
GOOD = {"source": "document", "provision": "rba-8.0/B2", "severity": "major", "text": "The permit ended in May."}


@pytest.fixture
def world():
    return cast()


def found(client, query):
    response = client.get(reverse("finding_new") + query)
    assert response.status_code == 200
    return [(place.relationship, place.site) for place in response.context["places"]]


@pytest.mark.parametrize("query", ["?q=supplier", "?q=V-1", "?q=osaka+supplier", "?q=plant"])
def test_site_is_found_by_name_city_supplier_or_vendor_code(client, world, query):
    client.force_login(world.erin)
    assert found(client, query) == [(world.relationship, world.site)]


@pytest.mark.parametrize("query", ["", "?q=", "?q=nowhere", "?q=other"])
def test_nothing_is_listed_without_a_fitting_word(client, world, query):
    client.force_login(world.erin)
    assert found(client, query) == []


def test_closed_sites_and_those_out_of_scope_are_not_offered(client, world):
    make_site(world.supplier, closed_on="2026-01-31")
    make_relationship(world.buyer, make_organisation("Supplier of Europe"), region="Europe")
    person = make_user("europe@test.example")
    make_membership(person, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    client.force_login(person)
    assert found(client, "?q=supplier") == []
    assert client.get(reverse("finding_new") + f"?site={world.site.pk}").status_code == 404


def test_search_takes_the_same_queries_for_one_and_twenty_sites(client, world, django_assert_num_queries):
    client.force_login(world.erin)
    found(client, "?q=supplier")
    with django_assert_num_queries(5):
        assert len(found(client, "?q=supplier")) == 1
    for _ in range(25):
        bond = make_relationship(world.buyer, make_organisation())
        make_site(bond.supplier, city="Supplier town")
    with django_assert_num_queries(5):
        assert len(found(client, "?q=supplier")) == 20


def test_finding_is_entered_and_shown(client, world):
    client.force_login(world.dave)
    address = reverse("finding_new") + f"?site={world.site.pk}"
    assert world.site.name in client.get(address).content.decode()
    response = client.post(address, GOOD)
    finding = Finding.objects.get()
    assert response["Location"] == reverse("finding_detail", args=[finding.pk])
    facts = (finding.source, finding.code_of_conduct, finding.provision, finding.severity, finding.text)
    assert facts == ("document", "rba-8.0", "B2", "major", {"en": "The permit ended in May."})


@pytest.mark.parametrize(
    "change",
    [
        {"source": "audit"},
        {"source": ""},
        {"provision": "rba-8.0/Z9"},
        {"provision": "../x"},
        {"severity": "grave"},
        {"text": "   "},
    ],
)
def test_bad_input_enters_nothing_and_keeps_what_was_typed(client, world, change):
    client.force_login(world.dave)
    response = client.post(reverse("finding_new") + f"?site={world.site.pk}", {**GOOD, **change})
    html = response.content.decode()
    assert response.status_code == 422 and "Please correct the following" in html
    assert ("The permit ended in May." in html) == ("text" not in change) and not Finding.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("carol", 403), ("trent", 404)])
def test_nobody_else_enters_findings_at_this_site(client, world, who, status):
    client.force_login(getattr(world, who))
    response = client.post(reverse("finding_new") + f"?site={world.site.pk}", GOOD)
    assert response.status_code == status and not Finding.objects.exists()


@pytest.mark.parametrize("site", ["x", "0", "99999999999999999999"])
def test_a_site_that_is_none_is_not_there(client, world, site):
    client.force_login(world.erin)
    assert client.get(reverse("finding_new") + f"?site={site}").status_code == 404
