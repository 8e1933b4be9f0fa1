"""Two versions side by side, as a page."""

import pytest
from django.urls import reverse

from tests.assessments.questionnaires.authoring import (
    FLAG,
    ONE,
    TWO,
    draft_of,
    keep,
    own_document,
    standard_document,
)

pytestmark = pytest.mark.django_db


def test_the_differences_show_both_texts_and_what_becomes_of_answers(client, people):
    keep(own_document(flags=[FLAG]), owner=people.buyer)
    changed = {**TWO, "unit": "hours", "show_if": {"question": "A1-ONE", "is": "yes"}}
    draft = draft_of(people, questions=[changed | {"show_if": None} | {"code": "A1-NEW"}, ONE, changed], flags=[])
    page = client.get(reverse("questionnaire_compare", args=[draft.pk]))
    assert [one["code"] for one in page.context["added"]] == ["A1-NEW"]
    (told,) = page.context["changed"]
    assert (told["code"], told["carry"]["words"]) == ("A1-TWO", "The unit differs: everybody answers it again.")
    assert [(row["label"], row["before"], row["after"]) for row in told["rows"]] == [
        ("Unit", "days", "hours"),
        ("Shows when", "–", "${A1-ONE} = 'yes'"),
    ]
    assert [one["code"] for one in page.context["flags"]["removed"]] == ["F-NO"]
    assert "${A1-ONE} = &#x27;yes&#x27;" in page.content.decode()


def test_any_two_versions_a_reader_sees_can_be_compared(client, people):
    standard, own = keep(standard_document()), keep(own_document(), owner=people.buyer)
    foreign = keep(own_document(code="theirs"), owner=people.other_buyer)
    url = reverse("questionnaire_compare", args=[own.pk])
    assert client.get(url, {"with": standard.pk}).context["other"] == standard
    assert [client.get(url, {"with": value}).status_code for value in (foreign.pk, "x", 999_999)] == [404, 404, 404]
    assert client.get(url).status_code == 302  # a first version has none before it
