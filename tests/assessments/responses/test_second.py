"""The second language beside the reader's own: on the section page, under files, on paper."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.questionnaires.document import parse_document
from assessments.responses.enums import ResponseState
from assessments.responses.views.second import SecondCard, SecondTongue
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.factories import SMALL_ANSWERS, SMALL_DOCUMENT, cast, make_response

NOTED = make_question(
    "A1-NOTED",
    "number",
    text={"en": "How many?", "ja": "何人ですか。"},
    guidance={"en": "Count", "ja": "数えてください"},
    why={"en": "To know"},
    period="last_12_months",
    warn_if={"when": {"question": "A1-NOTED", "over": 1}, "text": {"en": "{A1-NOTED}?", "ja": "{A1-NOTED} 人？"}},
    evidence={"text": {"en": "A list", "ja": "名簿"}},
)


def test_a_card_says_everything_that_is_translated():
    document = make_document(NOTED, languages=["en", "ja"])
    card = SecondTongue(document, "ja").card(document.question("A1-NOTED"), {"A1-NOTED": 3})
    assert card == SecondCard(
        language="ja",
        text="何人ですか。",
        guidance="数えてください",
        period_label="対象期間: 過去 12 か月",
        why="",
        warn="3 人？",
        evidence_text="名簿",
    )


def test_what_is_not_translated_is_left_out():
    document = make_document(NOTED, make_question("A1-BARE"), languages=["en", "ja", "th"])
    tongue = SecondTongue(document, "th")
    period = tongue.card(document.question("A1-NOTED"), {}).period_label
    assert tongue.card(document.question("A1-NOTED"), {}) == SecondCard(language="th", period_label=period)
    assert tongue.card(document.question("A1-BARE"), {}) == SecondCard(language="th")
    assert tongue.choices(document.question("A1-BARE")) == {"yes": "ใช่", "no": "ไม่ใช่"}


def test_without_a_second_language_nothing_is_said():
    document = parse_document(SMALL_DOCUMENT)
    tongue = SecondTongue(document, "")
    question = document.question("A3-RECORDS")
    assert (tongue.card(question, {}), tongue.choices(question), tongue.say(question.text)) == (None, {}, "")


@pytest.fixture
def world(db):
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)


def japanese(text):
    """What a page marks as Japanese, the menus of languages left out."""
    marked = re.findall(r'<(?:span|p|div)[^>]* lang="ja"[^>]*>(?:<p class="ask">)?([^<]+)<', text)
    return [words for words in marked if words != "日本語"]


def section(client, response, code, query="?second=ja", **headers):
    return client.get(reverse("response_section", args=[response.pk, code]) + query, headers=headers)


def test_the_section_page_marks_each_part_with_its_language(client, world, response):
    client.force_login(world.alice)
    assert japanese(section(client, response, "A3").text) == [
        "労働時間",
        "労働時間についてお聞きします。",
        "労働時間をどう記録しますか。",
        "カード",
        "紙",
        "記録なし",
        "記録",
        "最長の週は何時間でしたか。",
    ]
    assert japanese(section(client, response, "P").text)[2:] == [
        "男性",
        "女性",
        "正社員",
        "男性",
        "女性",
        "補足はありますか。",
    ]
    assert japanese(section(client, response, "B2").text)[2:4] == ["はい", "いいえ"]
    assert japanese(section(client, response, "A3", "?second=").text) == []


def test_the_choice_made_is_known_by_its_first_language(client, world, response):
    """The words a conflict shows are read from the page by this mark."""
    client.force_login(world.alice)
    assert (
        '<span data-said>Card reader</span><span class="also" lang="ja">カード</span>'
        in section(client, response, "A3").text
    )


def test_the_second_language_costs_no_query(client, world, response):
    client.force_login(world.alice)
    costs = []
    for query in ("?second=", "?second=ja"):
        section(client, response, "A3", query)
        with CaptureQueriesContext(connection) as queries:
            section(client, response, "A3", "")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_the_list_of_files_keeps_it(client, world, response):
    client.force_login(world.alice)
    section(client, response, "A3")
    part = client.get(reverse("evidence_list", args=[response.pk, "A3-RECORDS"]), headers={"HX-Request": "true"})
    assert japanese(part.text) == ["記録"]


def test_the_print_view_has_it_too(client, world, response):
    client.force_login(world.alice)
    section(client, response, "A3")
    found = japanese(client.get(reverse("response_print", args=[response.pk])).text)
    assert found[:5] == ["概要", "何人働いていますか。", "男性", "女性", "正社員"]
    assert found[-3:] == ["火災", "地震", "なし"]
    assert [words for words in found if words in ("はい", "いいえ")] == ["はい", "いいえ"]
