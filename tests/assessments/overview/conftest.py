"""Two suppliers of a buyer, and pages as its administrator sees them."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.factories import cast, make_organisation, make_relationship, make_site


@pytest.fixture
def world():
    """Two suppliers of Erin: Supplier in Thailand with three sites, Two in China with one; Trent has one of his own."""
    people = cast()
    two = make_relationship(people.buyer, make_organisation("Two", country="CN"), vendor_code="V-2", region="China")
    site_two = make_site(two.supplier)
    sites = [people.site, make_site(people.supplier), make_site(people.supplier)]
    return SimpleNamespace(two=two, site_two=site_two, sites=sites, **vars(people))


@pytest.fixture
def page(world, client):
    client.force_login(world.erin)

    def fetch(name, query="", *args):
        answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == 200
        return answer

    return fetch
