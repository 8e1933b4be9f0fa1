"""Publishing a version: what becomes of the answers there are."""

import pytest
from django.urls import reverse

from tests.assessments.questionnaires.authoring import (
    ONE,
    TWO,
    draft_of,
    keep,
    own_document,
)
from tests.assessments.questionnaires.builders import make_question
from tests.factories import cast, make_relationship, make_response, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    world = cast()
    client.force_login(world.erin)
    return world


def test_publishing_says_how_many_sites_answers_carry_over(client, people):
    earlier = keep(own_document(), owner=people.buyer)
    make_response(people.relationship, people.site, earlier, state="submitted")
    other = make_relationship(people.other_buyer, people.supplier)
    make_response(other, make_site(people.supplier), earlier, state="submitted")
    make_response(people.relationship, make_site(people.supplier), earlier)  # not handed in
    draft = draft_of(people, questions=[ONE, make_question("A1-NEW"), {**TWO, "max": 5}])
    context = client.get(reverse("questionnaire_publish", args=[draft.pk])).context
    assert (context["sites"], context["carries"], context["total"]) == (1, {"all": 1, "some": 1, "none": 1}, 3)
    assert context["standing"] == [earlier]


@pytest.mark.parametrize(("ticked", "state"), [({}, "published"), ({"retire": "on"}, "retired")])
def test_publishing_makes_a_draft_sendable_and_retires_only_if_asked(client, people, ticked, state):
    earlier, draft = keep(own_document(), owner=people.buyer), draft_of(people)
    url = reverse("questionnaire_publish", args=[draft.pk])
    assert client.post(url, {"seen": draft.sha256, **ticked}).url == reverse("questionnaire_detail", args=[draft.pk])
    for version in (earlier, draft):
        version.refresh_from_db()
    assert (earlier.state, draft.state) == (state, "published")
    assert client.get(reverse("questionnaire_detail", args=[earlier.pk])).status_code == 200
    assert client.get(url).status_code == 302  # it is published already


def test_a_draft_that_changed_after_it_was_looked_at_is_not_published(client, people):
    draft = draft_of(people)
    assert client.post(reverse("questionnaire_publish", args=[draft.pk]), {"seen": "0" * 64}).status_code == 409
    draft.refresh_from_db()
    assert draft.state == "draft"
