"""The Excel round trip through the pages."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.responses.enums import ResponseState
from assessments.responses.models import Answer, Response
from tests.assessments.responses.test_services import save
from tests.factories import SMALL_ANSWERS, cast, make_response

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def response(world):
    return make_response(world.relationship, world.site, answers=SMALL_ANSWERS, state=ResponseState.IN_PROGRESS)


def download(client, response):
    got = client.get(reverse("workbook_download", args=[response.pk]))
    return openpyxl.load_workbook(io.BytesIO(got.content))


def fill(book, code, value, column=4):
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        if row[1].value == code:
            row[column - 1].value = value
            return
    raise LookupError(code)


def upload(client, response, book):
    target = io.BytesIO()
    book.save(target)
    file = SimpleUploadedFile("answers.xlsx", target.getvalue())
    return client.post(reverse("workbook_upload", args=[response.pk]), {"file": file})


def values():
    return dict(Answer.objects.values_list("code", "value"))


@pytest.fixture
def alice(client, world):
    client.force_login(world.alice)
    return client


def test_download_offers_choices_and_hides_the_keys(alice, response):
    sheet = download(alice, response).worksheets[0]
    assert sheet.column_dimensions["H"].hidden
    lists = [check.formula1 for check in sheet.data_validations.dataValidation]
    assert '"Card reader,Paper,Not recorded"' in lists


def test_upload_shows_the_changes_and_saves_nothing_before_they_are_applied(alice, response):
    book = download(alice, response)
    fill(book, "A3-RECORDS", "Paper")
    fill(book, "P-NOTE", "From Excel")
    page = alice.get(upload(alice, response, book)["Location"])
    groups = {kind: [(line.code, line.after) for line in lines] for lines, kind in page.context["groups"]}
    assert groups == {"changed": [("A3-RECORDS", "Paper")], "new": [("P-NOTE", "From Excel")]}
    assert page.context["unchanged"] == 4
    assert values() == SMALL_ANSWERS
    alice.post(page.request["PATH_INFO"], {"seen": page.context["seen"]})
    assert values() == {**SMALL_ANSWERS, "A3-RECORDS": "paper", "P-NOTE": "From Excel"}


def test_a_bad_cell_stops_everything_and_is_named(alice, response):
    book = download(alice, response)
    fill(book, "A3-RECORDS", "Paper")
    fill(book, "A3-LONGEST-WEEK", "many")
    place = upload(alice, response, book)["Location"]
    page = alice.get(place)
    assert page.status_code == 422
    assert [(cell.place, cell.code, cell.value) for cell in page.context["bad_cells"]] == [
        ("D6", "A3-LONGEST-WEEK", "many")
    ]
    assert "Enter digits only" in page.text
    alice.post(place, {"seen": ""})
    assert values() == SMALL_ANSWERS


def test_conflicts_keep_what_stands_unless_the_person_decides(alice, world, response):
    save(response, world.alice, code="A3-LONGEST-WEEK", value=40, base=1)
    book = download(alice, response)
    fill(book, "A3-RECORDS", "Paper")
    fill(book, "B2-DRILL", "No")
    save(response, world.alice, value="none", base=1)
    save(response, world.alice, code="A3-LONGEST-WEEK", value=20, base=2)
    page = alice.get(upload(alice, response, book)["Location"])
    assert [line.code for line in page.context["conflicts"]] == ["A3-RECORDS"]
    place, seen = page.request["PATH_INFO"], page.context["seen"]
    alice.post(place, {"seen": seen, "use-A3-RECORDS": "online"})
    assert values() == {**SMALL_ANSWERS, "A3-RECORDS": "none", "A3-LONGEST-WEEK": 20, "B2-DRILL": "no"}
    again = alice.get(place)
    alice.post(place, {"seen": again.context["seen"], "use-A3-RECORDS": "file"})
    assert values()["A3-RECORDS"] == "paper"


def test_changes_while_the_page_stood_open_are_shown_again(alice, world, response):
    book = download(alice, response)
    fill(book, "A3-RECORDS", "Paper")
    page = alice.get(upload(alice, response, book)["Location"])
    save(response, world.alice, value="none", base=1)
    answer = alice.post(page.request["PATH_INFO"], {"seen": page.context["seen"]}, follow=True)
    assert "changed while this page stood open" in answer.text
    assert values()["A3-RECORDS"] == "none"


def test_a_workbook_of_another_response_is_refused(alice, world, response):
    other = make_response(world.relationship, world.site, response.version)
    answer = upload(alice, other, download(alice, response))
    assert "belongs to another questionnaire or site" in alice.get(answer["Location"]).text


def test_any_other_workbook_is_refused(alice, response):
    answer = upload(alice, response, openpyxl.Workbook())
    assert "not a workbook of this questionnaire" in alice.get(answer["Location"]).text


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused_with_a_sentence(alice, response, content):
    file = SimpleUploadedFile("answers.xlsx", content)
    answer = alice.post(reverse("workbook_upload", args=[response.pk]), {"file": file}, follow=True)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert values() == SMALL_ANSWERS


def test_a_workbook_downloaded_in_japanese_is_read_in_english(alice, world, response):
    world.alice.language = "ja"
    world.alice.save()
    book = download(alice, response)
    assert book.worksheets[0]["D5"].value == "カード"
    fill(book, "A3-RECORDS", "紙")
    world.alice.language = "en"
    world.alice.save()
    page = alice.get(upload(alice, response, book)["Location"])
    alice.post(page.request["PATH_INFO"], {"seen": page.context["seen"]})
    assert values()["A3-RECORDS"] == "paper"


def test_na_and_comment_come_back(alice, response):
    book = download(alice, response)
    fill(book, "B2-DRILL", "No shop floor", column=5)
    fill(book, "A3-RECORDS", "See the card system", column=6)
    page = alice.get(upload(alice, response, book)["Location"])
    alice.post(page.request["PATH_INFO"], {"seen": page.context["seen"]})
    drill, records = Answer.objects.get(code="B2-DRILL"), Answer.objects.get(code="A3-RECORDS")
    assert (drill.value, drill.not_applicable, drill.reason) == ("yes", True, "No shop floor")
    assert (records.value, records.comment) == ("card", "See the card system")


def test_a_submitted_response_takes_no_workbook(alice, response):
    book = download(alice, response)
    Response.objects.update(state=ResponseState.SUBMITTED)
    answer = upload(alice, response, book)
    assert "cannot be changed now" in alice.get(answer["Location"]).text


def test_the_workbook_of_somebody_else_is_not_found(alice, client, world, response):
    place = upload(alice, response, download(alice, response))["Location"]
    client.force_login(world.mallory)
    assert client.get(place).status_code == 404
    client.force_login(world.bob)
    assert client.get(place).status_code == 403
