"""Writing, looking at and publishing questionnaires in the browser."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.questionnaires.forms import LARGEST
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services.workbooks import read_questionnaire
from tests.assessments.questionnaires.authoring import (
    FLAG,
    ONE,
    TWO,
    extended,
    keep,
    spoil,
    standard_document,
    workbook_of,
)
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.factories import cast, make_relationship, make_response, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client):
    world = cast()
    client.force_login(world.erin)
    return world


def own_document(**fields):
    return make_document(*fields.pop("questions", [ONE, TWO]), **{"code": "ours", "version": "1.0", **fields})


def upload(client, content, name="ours.xlsx"):
    return client.post(reverse("questionnaire_upload"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def draft_of(people, **fields):
    return keep(own_document(version="1.1", **fields), owner=people.buyer, state="draft", published_at=None)


# 1. Upload -----------------------------------------------------------------------------------------
def test_a_right_workbook_lands_on_the_page_of_the_draft(client, people):
    page = upload(client, workbook_of(own_document()))
    version = QuestionnaireVersion.objects.get()
    assert page.redirect_chain == [(reverse("questionnaire_detail", args=[version.pk]), 302)]
    assert (version.state, version.questionnaire.owner) == ("draft", people.buyer)
    assert "The workbook was read." in page.content.decode()


def test_a_wrong_workbook_lists_its_cells_in_their_order_and_keeps_nothing(client, people):
    content = spoil(workbook_of(own_document(flags=[FLAG])), "flags", "C2", "grave")
    content = spoil(spoil(content, "survey", "B3", "not a code"), "survey", "A4", "musing")
    page = upload(client, content)
    assert page.status_code == 422
    places = [one["place"] for one in page.context["problems"]]
    assert places == [place for place in ("survey!B3", "survey!A4", "flags!C2", "flags!D2") if place in places]
    assert {"survey!B3", "survey!A4", "flags!C2"} <= set(places)
    assert all(place in page.content.decode() for place in places)
    assert not QuestionnaireVersion.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "empty"),
        (b"type,name\ntext,A\n", "a.csv", "no Excel workbook"),
        (b"PK\x03\x04 nonsense", "a.xlsx", "damaged"),
        (b"x" * (LARGEST + 1), "a.xlsx", "larger than 5 MB"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(client, people, content, name, words):
    page = upload(client, content, name)
    assert page.status_code == 422
    assert words in str(page.context["form"].errors["file"])


def test_a_zip_bomb_is_refused(client, people, settings):
    settings.UNZIPPED_LIMIT_MB = 1
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 3_000_000)
    page = upload(client, bomb.getvalue())
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_the_page_of_upload_offers_the_newest_of_each_standard_questionnaire(client, people):
    keep(standard_document())
    newest = keep(standard_document(version="1.1"))
    keep(own_document(), owner=people.buyer)
    assert client.get(reverse("questionnaire_new")).context["standards"] == [newest]


# 2. A version --------------------------------------------------------------------------------------
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
    assert [one.code for one in page.context["warnings"]] == ["no_provision"]


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


# 3. Differences ------------------------------------------------------------------------------------
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


# 4. Publish, discard, move -------------------------------------------------------------------------
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


def test_a_draft_is_discarded_and_a_published_version_is_not(client, people):
    published, draft = keep(own_document(), owner=people.buyer), draft_of(people)
    statuses = [client.post(reverse("questionnaire_discard", args=[one.pk])).status_code for one in (published, draft)]
    assert statuses == [409, 302]
    assert list(QuestionnaireVersion.objects.all()) == [published]


def test_an_extension_moves_to_the_newer_standard_version(client, people):
    version = extended(keep(standard_document()), people.buyer)
    new = keep(standard_document(ONE, TWO, make_question("A1-THREE"), version="1.1"))
    assert client.get(reverse("questionnaire_detail", args=[version.pk])).context["newer_base"] == new
    answer = client.post(reverse("questionnaire_rebase", args=[version.pk]))
    draft = QuestionnaireVersion.objects.get(state="draft")
    assert answer.url == reverse("questionnaire_compare", args=[draft.pk])
    assert [question.code for question in document_of(draft).questions] == ["A1-ONE", "A1-TWO", "A1-THREE", "OWN-ONE"]
    assert client.get(reverse("questionnaire_detail", args=[version.pk])).context["newer_base"] is None


def test_an_extension_that_does_not_fit_says_what_stands_in_the_way(client, people):
    version = extended(keep(standard_document()), people.buyer)
    keep(standard_document(ONE, TWO, make_question("OWN-ONE"), version="1.1"))
    page = client.post(reverse("questionnaire_rebase", args=[version.pk]))
    assert page.status_code == 422
    assert [one["code"] for one in page.context["problems"]] == ["taken_code"]


# 5. Cost -------------------------------------------------------------------------------------------
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
