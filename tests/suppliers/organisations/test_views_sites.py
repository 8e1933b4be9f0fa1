"""Pages of an organisation and its sites: list, change, close, who may."""

from datetime import date

import pytest
from django.urls import reverse

from suppliers.organisations.models import Relationship, Site
from tests.factories import cast, make_site

pytestmark = pytest.mark.django_db
EVERYBODY = ["alice", "bob", "carol", "dave", "erin", "mallory", "trent", "anonymous"]


@pytest.fixture
def world():
    return cast()


def sign_in(client, world, name: str) -> None:
    if name != "anonymous":
        client.force_login(world.people[name])


def site_data(**values) -> dict:
    return {
        "name": "Plant",
        "country": "TH",
        "city": "Rayong",
        "address": "",
        "sector": "plastics",
        "workers": "120",
        "contact_name": "Somchai",
        "contact_email": "somchai@plant.example",
        "contact_language": "th",
        **values,
    }


def test_manager_adds_changes_closes_and_reopens_a_site(client, world) -> None:
    client.force_login(world.alice)
    client.post(reverse("site_new"), site_data(code=""))
    site = Site.objects.get(name="Plant")
    assert (site.organisation, site.code, site.workers) == (world.supplier, "1", 120)

    client.post(reverse("site_edit", args=[site.pk]), site_data(city="Chonburi", workers=""))
    site.refresh_from_db()
    assert (site.city, site.workers, site.code) == ("Chonburi", None, "1")

    client.post(reverse("site_close", args=[site.pk]), {"closed_on": "2026-01-31"})
    site.refresh_from_db()
    assert site.closed_on == date(2026, 1, 31)
    assert reverse("site_edit", args=[site.pk]) not in client.get(reverse("site_list")).content.decode()
    assert "31 Jan 2026" in client.get(reverse("site_list"), {"closed": "1"}).content.decode()

    client.post(reverse("site_reopen", args=[site.pk]))
    site.refresh_from_db()
    assert site.closed_on is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"contact_email": "nobody"}, "Enter a valid email address"),
        ({"workers": "-1"}, "greater than or equal to 0"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"code": "TAKEN"}, "Site with this"),
    ],
)
def test_wrong_site_is_refused_beside_its_field(client, world, values, sentence) -> None:
    make_site(world.supplier, code="TAKEN")
    client.force_login(world.alice)
    response = client.post(reverse("site_new"), site_data(**{"code": "", **values}))
    assert response.status_code == 400
    assert "Please correct the following" in response.content.decode()
    assert not Site.objects.filter(name="Plant").exists()


def test_closing_in_the_future_is_refused_with_a_sentence(client, world) -> None:
    client.force_login(world.alice)
    response = client.post(reverse("site_close", args=[world.site.pk]), {"closed_on": "2999-01-01"})
    assert response.status_code == 400
    assert "lies in the future" in response.content.decode()


def test_list_is_searched_sorted_and_says_why_it_is_empty(client, world) -> None:
    client.force_login(world.alice)
    make_site(world.supplier, name="Zeta works", city="Kobe", code="Z")
    page = client.get(reverse("site_list"), {"q": "kobe", "sort": "-name"}).content.decode()
    assert "Zeta works" in page and world.site.name not in page
    assert "No site matches." in client.get(reverse("site_list"), {"q": "nothing"}).content.decode()
    Site.objects.filter(organisation=world.supplier).delete()
    assert "add the first one" in client.get(reverse("site_list")).content.decode()
    client.force_login(world.bob)
    assert "Your manager can add them" in client.get(reverse("site_list")).content.decode()


def test_list_takes_the_same_number_of_queries_for_one_and_three_sites(
    client, world, django_assert_num_queries
) -> None:
    client.force_login(world.alice)
    with django_assert_num_queries(6):
        client.get(reverse("site_list"))
    make_site(world.supplier)
    make_site(world.supplier)
    with django_assert_num_queries(6):
        client.get(reverse("site_list"))


def test_buyer_becomes_its_own_supplier_once(client, world) -> None:
    client.force_login(world.erin)
    assert "Include own sites in campaigns" in client.get(reverse("site_list")).content.decode()
    client.post(reverse("own_sites_start"))
    assert Relationship.objects.filter(buyer=world.buyer, supplier=world.buyer, vendor_code="OWN").count() == 1
    assert "Include own sites in campaigns" not in client.get(reverse("site_list")).content.decode()
    assert client.post(reverse("own_sites_start")).status_code == 422


def test_organisation_is_renamed(client, world) -> None:
    client.force_login(world.alice)
    client.post(reverse("organisation_edit"), {"name": "New name", "country": "VN"})
    world.supplier.refresh_from_db()
    assert (world.supplier.name, str(world.supplier.country)) == ("New name", "VN")
    assert client.post(reverse("organisation_edit"), {"name": "", "country": "VN"}).status_code == 400


def test_relationship_is_ended_with_a_reason(client, world) -> None:
    client.force_login(world.dave)
    url = reverse("relationship_end", args=[world.relationship.pk])
    assert client.post(url, {"ended_on": "2026-05-01"}).status_code == 400
    response = client.post(url, {"ended_on": "2026-05-01", "reason": "social"})
    world.relationship.refresh_from_db()
    assert response["Location"] == reverse("supplier_card", args=[world.relationship.pk])
    assert (world.relationship.ended_on, world.relationship.end_reason) == (date(2026, 5, 1), "social")
    assert "It ended on 1 May 2026" in client.get(url).content.decode()


SEEN = {"alice": 200, "bob": 200, "carol": 200, "dave": 200, "erin": 200, "mallory": 200, "trent": 200}
LEADERS = {"alice": 200, "bob": 403, "carol": 403, "dave": 403, "erin": 200, "mallory": 200, "trent": 200}
SITE = {"alice": 200, "bob": 403, "carol": 404, "dave": 403, "erin": 403, "mallory": 404, "trent": 404}
BOND = {"alice": 404, "bob": 404, "carol": 404, "dave": 200, "erin": 200, "mallory": 404, "trent": 404}
MATRIX = {
    "site_list": SEEN,
    "site_new": LEADERS,
    "organisation_edit": LEADERS,
    "site_edit": SITE,
    "relationship_end": BOND,
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("page", sorted(MATRIX))
def test_pages_open_for_whom_they_should(client, world, page, name) -> None:
    sign_in(client, world, name)
    args = {"site_edit": [world.site.pk], "relationship_end": [world.relationship.pk]}.get(page, [])
    assert client.get(reverse(page, args=args)).status_code == MATRIX[page].get(name, 302)


DEEDS = {
    "site_close": {**SITE, "alice": 302},
    "site_reopen": {**SITE, "alice": 302},
    "own_sites_start": {**dict.fromkeys(SITE, 403), "erin": 302, "trent": 302},
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_deeds_are_done_by_whom_they_should(client, world, deed, name) -> None:
    sign_in(client, world, name)
    args = [] if deed == "own_sites_start" else [world.site.pk]
    url = reverse(deed, args=args)
    assert client.get(url).status_code in {302, 405}
    assert client.post(url, {"closed_on": "2026-01-31"}).status_code == DEEDS[deed].get(name, 302)
    changed = Relationship.objects.filter(vendor_code="OWN").exists() or Site.objects.exclude(closed_on=None).exists()
    assert changed == (DEEDS[deed].get(name) == 302 and deed != "site_reopen")
