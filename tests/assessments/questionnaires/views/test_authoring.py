"""Writing a questionnaire: upload, move to a newer base, discard."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.questionnaires.forms import LARGEST
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from tests.assessments.questionnaires.authoring import (
    FLAG,
    ONE,
    TWO,
    draft_of,
    extended,
    keep,
    own_document,
    spoil,
    standard_document,
    workbook_of,
)
from tests.assessments.questionnaires.builders import make_question

pytestmark = pytest.mark.django_db


def upload(client, content, name="ours.xlsx"):
    return client.post(reverse("questionnaire_upload"), {"file": SimpleUploadedFile(name, content)}, follow=True)


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


def test_a_workbook_without_the_translations_of_the_draft_replaces_it_only_if_asked(client, people):
    spoken = own_document(questions=[{**ONE, "text": {"en": "One?", "ja": "一つ？"}}, TWO], languages=["en", "ja"])
    upload(client, workbook_of(spoken))
    silent = workbook_of(own_document(questions=[{**ONE, "text": "One!"}, TWO], languages=["en", "ja"]))
    page = upload(client, silent)
    assert (page.status_code, page.context["lacks_texts"]) == (422, True)
    assert "has 1 text" in page.content.decode()
    assert document_of(QuestionnaireVersion.objects.get()) == spoken
    file = SimpleUploadedFile("ours.xlsx", silent)
    assert client.post(reverse("questionnaire_upload"), {"file": file, "drop_texts": "on"}).status_code == 302
    assert document_of(QuestionnaireVersion.objects.get()).question("A1-ONE").text == {"en": "One!"}


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


def test_a_draft_is_discarded_and_a_published_version_is_not(client, people):
    published, draft = keep(own_document(), owner=people.buyer), draft_of(people)
    statuses = [client.post(reverse("questionnaire_discard", args=[one.pk])).status_code for one in (published, draft)]
    assert statuses == [409, 302]
    assert list(QuestionnaireVersion.objects.all()) == [published]


@pytest.mark.parametrize(
    ("name", "status", "state"), [("erin", 302, "retired"), ("dave", 403, "published"), ("trent", 404, "published")]
)
def test_an_administrator_takes_a_version_out_of_use(client, people, name, status, state):
    version = keep(own_document(), owner=people.buyer)
    client.force_login(getattr(people, name))
    assert client.post(reverse("questionnaire_retire", args=[version.pk])).status_code == status
    assert QuestionnaireVersion.objects.get().state == state


def test_a_standard_version_is_retired_by_no_buyer_and_a_draft_not_at_all(client, people):
    standard, draft = keep(standard_document()), draft_of(people)
    client.force_login(people.erin)
    answers = [client.post(reverse("questionnaire_retire", args=[one.pk])).status_code for one in (standard, draft)]
    assert answers == [403, 409]
    assert set(QuestionnaireVersion.objects.values_list("state", flat=True)) == {"published", "draft"}


def test_the_page_says_what_taking_the_last_one_out_of_use_means(client, people):
    first, draft = keep(own_document(), owner=people.buyer), draft_of(people)
    url = reverse("questionnaire_detail", args=[first.pk])
    client.force_login(people.erin)
    page = client.get(url)
    assert (page.context["may_retire"], page.context["is_last"]) == (True, True)
    assert "It is the only published version" in page.content.decode()
    assert client.get(reverse("questionnaire_detail", args=[draft.pk])).context["may_retire"] is False
    keep(own_document(version="1.2"), owner=people.buyer)
    assert "The other published versions can still be sent." in client.get(url).content.decode()
    client.force_login(people.dave)
    assert client.get(url).context["may_retire"] is False
