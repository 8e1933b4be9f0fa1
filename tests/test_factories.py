"""The builders build a world that fits together."""

import pytest

from suppliers.organisations.queries import bought_relationships, visible_sites
from tests.factories import SMALL_ANSWERS, cast, make_campaign, make_response

pytestmark = pytest.mark.django_db


def test_cast_sees_what_its_story_says() -> None:
    people = cast()

    assert list(bought_relationships(people.dave)) == [people.relationship]
    assert list(visible_sites(people.alice)) == [people.site]
    assert list(visible_sites(people.trent)) == [people.other_site]
    assert list(visible_sites(people.carol)) == []


def test_campaign_copies_facets_of_its_responses() -> None:
    response = make_response(answers=SMALL_ANSWERS)
    campaign = make_campaign(response.relationship.buyer, responses=[response])

    request = campaign.requests.get()
    assert (request.site, request.region, response.answers.count()) == (response.site, "Asia", 4)
