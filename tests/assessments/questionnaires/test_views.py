"""The questionnaires a buyer sees, and the preview of one."""

import pytest
from django.urls import reverse

from tests.assessments.questionnaires.authoring import keep, own_document, standard_document
from tests.factories import cast, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


def test_the_list_counts_what_is_in_a_version(client, people):
    version = make_version()
    client.force_login(people.dave)
    response = client.get(reverse("questionnaire_list"))
    (row,) = response.context["rows"]
    assert row == {
        "version": version,
        "state": "Published",
        "sections": 3,
        "questions": 6,
        "flags": 2,
        "languages": ["English", "日本語"],
        "tone": "good",
        "symbol": "",
        "has_newer_base": False,
    }


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["ours 1.1", "ours 1.0", "ours 1.2", "ours 0.9", "standard 2.0", "standard 1.0"]),
        ("?whose=own", ["ours 1.1", "ours 1.0", "ours 1.2", "ours 0.9"]),
        ("?whose=standard", ["standard 2.0", "standard 1.0"]),
        ("?whose=own&state=draft", ["ours 1.2"]),
        ("?whose=other", ["ours 1.1", "ours 1.0", "ours 1.2", "ours 0.9", "standard 2.0", "standard 1.0"]),
    ],
)
def test_the_newest_published_version_of_each_questionnaire_leads(client, people, query, titles):
    for number in ("1.0", "2.0"):
        keep(standard_document(version=number))
    keep(own_document(version="0.9"), owner=people.buyer, state="retired")
    for number in ("1.0", "1.1"):
        keep(own_document(version=number), owner=people.buyer)
    keep(own_document(version="1.2"), owner=people.buyer, state="draft", published_at=None)
    client.force_login(people.dave)
    rows = client.get(reverse("questionnaire_list") + query).context["rows"]
    assert [f"{row['version'].questionnaire.code} {row['version'].version}" for row in rows] == titles


def test_an_empty_list_says_why(client, people):
    client.force_login(people.dave)
    assert "There is no questionnaire yet" in client.get(reverse("questionnaire_list")).content.decode()


def test_a_buyer_sees_standard_and_own_versions_only(client, people):
    standard, own = make_version(), make_version(owner=people.buyer)
    foreign = make_version(owner=people.other_buyer)
    client.force_login(people.dave)
    rows = client.get(reverse("questionnaire_list")).context["rows"]
    assert {row["version"] for row in rows} == {standard, own}
    assert client.get(reverse("questionnaire_preview", args=[own.pk])).status_code == 200
    assert client.get(reverse("questionnaire_preview", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "on_list", "on_preview"),
    [
        ("dave", 200, 200),
        ("erin", 200, 200),
        ("alice", 403, 404),
        ("bob", 403, 404),
        ("carol", 403, 404),
        ("mallory", 403, 404),
        ("trent", 200, 200),
        ("anonymous", 302, 302),
    ],
)
def test_who_may_look(client, people, name, on_list, on_preview):
    version = make_version()
    if name != "anonymous":
        client.force_login(getattr(people, name))
    assert client.get(reverse("questionnaire_list")).status_code == on_list
    assert client.get(reverse("questionnaire_preview", args=[version.pk])).status_code == on_preview


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three(client, people, django_assert_num_queries, count):
    for _number in range(count):
        make_version()
    client.force_login(people.dave)
    with django_assert_num_queries(QUERIES_OF_THE_LIST + 1):
        client.get(reverse("questionnaire_list"))  # one more for all texts that are not in memory yet
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(reverse("questionnaire_list"))


QUERIES_OF_THE_LIST = 6


def test_the_preview_shows_a_section_in_a_language(client, people):
    version = make_version()
    client.force_login(people.dave)
    url = reverse("questionnaire_preview", args=[version.pk])
    page = client.get(url, {"section": "A3", "language": "ja"})
    cards = page.context["questions"]
    assert [(card.code, card.text) for card in cards] == [
        ("A3-RECORDS", "労働時間をどう記録しますか。"),
        ("A3-LONGEST-WEEK", "最長の週は何時間でしたか。"),
    ]
    assert [choice["text"] for choice in cards[0].choices] == ["カード", "紙", "記録なし"]
    assert cards[1].follows == "A3-RECORDS"
    assert [flag["code"] for flag in cards[1].flags] == ["A3-OVER-60"]
    text = page.content.decode()
    assert "最長の週は何時間でしたか。" in text
    assert 'name="a-A3-LONGEST-WEEK"' in text
    assert "disabled data-readonly" in text


def test_the_preview_starts_with_the_first_section_in_the_readers_language(client, people):
    people.dave.language = "ja"
    people.dave.save()
    client.force_login(people.dave)
    page = client.get(reverse("questionnaire_preview", args=[make_version().pk]))
    assert (page.context["section"], page.context["language"]) == ({"code": "P", "title": "概要"}, "ja")


@pytest.mark.parametrize(
    ("query", "status"), [({"section": "Z9"}, 404), ({"language": "xx"}, 200), ({"section": ""}, 200)]
)
def test_nonsense_in_the_address(client, people, query, status):
    client.force_login(people.dave)
    assert client.get(reverse("questionnaire_preview", args=[make_version().pk]), query).status_code == status
