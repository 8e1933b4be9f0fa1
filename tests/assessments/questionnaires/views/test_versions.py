"""The page of one version."""

import pytest
from django.urls import reverse

from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services.workbooks import read_questionnaire
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


def test_the_page_of_a_draft_says_what_is_in_it_and_what_differs(client, people):
    previous = keep(own_document(flags=[FLAG]), owner=people.buyer)
    draft = draft_of(people, questions=[{**ONE, "text": {"en": "Other", "ja": "別"}}, TWO], languages=["en", "ja"])
    context = client.get(reverse("questionnaire_detail", args=[draft.pk])).context
    assert (context["previous"], context["flag_count"]) == (previous, 0)
    assert context["carries"]["sentence"] == "Earlier answers carry over to 2 of 2 questions."
    assert [(row["code"], row["share"], row["missing"]) for row in context["languages"]] == [
        ("en", 100, 0),
        ("ja", 25, 3),
    ]
    assert [row["share"] for row in context["sections"]] == [100]
    assert (context["may_write"], context["may_extend"], context["newer_base"]) == (True, False, None)
    assert [(one.version, str(word)) for one, word in context["versions"]] == [("1.1", "Draft"), ("1.0", "Published")]


def test_a_reader_sees_a_draft_without_deeds(client, people):
    client.force_login(people.dave)
    page = client.get(reverse("questionnaire_detail", args=[draft_of(people).pk]))
    assert page.context["may_write"] is False
    assert reverse("questionnaire_discard", args=[QuestionnaireVersion.objects.get().pk]) not in page.content.decode()


def test_a_standard_version_offers_to_be_extended_only(client, people):
    page = client.get(reverse("questionnaire_detail", args=[keep(standard_document()).pk]))
    assert (page.context["may_write"], page.context["may_extend"]) == (False, True)


def test_warnings_are_listed(client, people):
    draft = draft_of(people, questions=[{**ONE, "provision": None}])
    page = client.get(reverse("questionnaire_detail", args=[draft.pk]))
    assert page.context["warnings"] == ["A1-ONE: It is scored but names no provision. Name one."]


def test_the_workbook_of_a_version_reads_as_the_same_document(client, people):
    version = keep(own_document(), owner=people.buyer)
    answer = client.get(reverse("questionnaire_workbook", args=[version.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="ours_1.0.xlsx"'
    assert read_questionnaire(answer.content, owner=people.buyer).document == own_document()


def test_own_questions_are_added_to_published_standard_versions_only(client, people):
    base, own = keep(standard_document()), keep(own_document(), owner=people.buyer)
    answer = client.get(reverse("questionnaire_extend", args=[base.pk]))
    assert read_questionnaire(answer.content, owner=people.buyer).base == base
    assert client.get(reverse("questionnaire_extend", args=[own.pk])).status_code == 422


@pytest.mark.parametrize("count", [2, 4])
def test_the_page_of_a_version_takes_the_same_queries_for_two_and_four(
    client, people, django_assert_num_queries, count
):
    for number in range(count):
        version = keep(own_document(version=f"1.{number}"), owner=people.buyer)
        document_of(version)
    with django_assert_num_queries(QUERIES_OF_A_VERSION):
        client.get(reverse("questionnaire_detail", args=[version.pk]))


QUERIES_OF_A_VERSION = 9
