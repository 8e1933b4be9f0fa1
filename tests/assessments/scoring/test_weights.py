"""The page Weights: what hangs on each question of a version, for buyers."""

import json

import pytest
from django.urls import reverse

from assessments.questionnaires.document import dump_json
from assessments.scoring.reports.weights import PartLine, weight_facts
from assessments.scoring.scoring import PartWeight
from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_document, make_question
from tests.factories import cast, make_version

pytestmark = pytest.mark.django_db
STORED = json.loads(dump_json(make_document(*EVERY_KIND, flags=EVERY_FLAG)))


@pytest.fixture
def people():
    return cast()


def test_facts_name_sections_provisions_and_reasons():
    facts = weight_facts(make_document(*EVERY_KIND, flags=EVERY_FLAG))
    assert (facts.language, facts.maximum, facts.weight, round(facts.most, 1)) == ("en", 100, 15, 26.7)
    assert [line.question.code for line in facts.moving] == [
        "K-SHOWN", "K-YESNO", "K-SINGLE", "K-NUMBER", "K-MULTI", "K-PERCENT", "K-DATE",
    ]  # fmt: skip
    assert facts.sections[0].title == "Labor"
    assert facts.provisions[1] == PartLine(
        PartWeight("A2", questions=3, scored=3, weight=3, share=20, maximum=100, move=pytest.approx(40 / 3), flags=1),
        "A2 Young Workers",
    )
    assert [(line.question.code, line.reasons) for line in facts.silent] == [
        ("K-HEADS", ("A flag rule reads it.", "It is a figure to compare over sites and years."))
    ]
    assert [(line.question.code, line.reasons) for line in facts.dead] == [("K-TEXT", ()), ("K-FILES", ())]


def test_a_stated_reason_is_said_of_dead_weight():
    reasoned = {**EVERY_KIND[6], "why": "Auditors want to know."}
    (line,) = [one for one in weight_facts(make_document(reasoned)).dead if one.question.code == "K-TEXT"]
    assert line.reasons == ("Only a person reads it; why it is asked stands beside the question.",)


def test_a_buyer_opens_the_page_from_the_preview(client, people):
    version = make_version(STORED)
    client.force_login(people.dave)
    preview = client.get(reverse("questionnaire_preview", args=[version.pk])).content.decode()
    url = reverse("questionnaire_weights", args=[version.pk])
    assert f'href="{url}"' in preview
    page = client.get(url)
    assert page.context["facts"].maximum == 100
    for words in ("What one answer can move", "K-SHOWN", "26.7", "Give them a purpose or leave them out."):
        assert words in page.content.decode()


def test_the_list_narrows_to_a_section_and_turns_its_pages(client, people):
    questions = [make_question(f"A1-Q{number}", weight=1) for number in range(60)]
    sections = [
        {"code": "A", "title": "Labor", "questions": questions},
        {"code": "B", "title": "Safety", "questions": [make_question("B1-ONE", weight=3, provision="B1")]},
    ]
    version = make_version(json.loads(dump_json(make_document(sections=sections))))
    client.force_login(people.dave)

    def shown(query):
        page = client.get(reverse("questionnaire_weights", args=[version.pk]) + query).context["page"]
        return page.paginator.count, len(page.object_list), page.object_list[0].question.code

    assert [shown(query) for query in ("", "?page=2", "?section=B", "?section=A", "?section=Z")] == [
        (61, 50, "B1-ONE"), (61, 11, "A1-Q49"), (1, 1, "B1-ONE"), (60, 50, "A1-Q0"), (61, 50, "B1-ONE"),
    ]  # fmt: skip


def test_queries_do_not_grow_with_the_questions(client, people, django_assert_num_queries):
    version = make_version(STORED)
    client.force_login(people.dave)
    client.get(reverse("questionnaire_weights", args=[version.pk]))
    with django_assert_num_queries(5):
        client.get(reverse("questionnaire_weights", args=[version.pk]))


def test_strangers_and_suppliers_do_not_find_it(client, people):
    version = make_version(owner=people.other_buyer)
    for person in (people.dave, people.alice):
        client.force_login(person)
        assert client.get(reverse("questionnaire_weights", args=[version.pk])).status_code == 404
