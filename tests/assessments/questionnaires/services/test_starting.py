"""Workbooks to begin with."""

import io

import openpyxl
import pytest

from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services.authoring import upload_questionnaire
from assessments.questionnaires.services.starting import free_code, start_extension, start_questionnaire
from tests.assessments.questionnaires.authoring import keep, standard_document
from tests.assessments.questionnaires.builders import make_question
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db


def sheet_of(content, name):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book[name].iter_rows(values_only=True)]


def test_start_extension_can_be_uploaded_as_it_is():
    base, owner = keep(standard_document(languages=["en", "ja"])), make_organisation()
    version = upload_questionnaire(start_extension(base, owner=owner), owner=owner, actor=make_user())
    document = document_of(version)
    assert (document.code, document.version, version.base) == ("standard-own", "1.0", base)
    assert [section.code for section in document.sections] == ["A", "OWN"]
    (question,) = document.section("OWN").questions
    assert (question.code, question.provision, list(question.text)) == ("OWN-EXAMPLE", "A1", ["en"])
    assert sorted(document.section("OWN").title) == ["en", "ja"]


def test_start_extension_takes_a_code_that_is_free():
    base, owner = keep(standard_document()), make_organisation()
    upload_questionnaire(start_extension(base, owner=owner), owner=owner, actor=make_user())
    settings = dict(zip(*sheet_of(start_extension(base, owner=owner), "settings")[:2], strict=True))
    assert (settings["form_id"], settings["extends"], settings["extends_version"]) == (
        "standard-own-2",
        "standard",
        "1.0",
    )


def test_start_extension_takes_a_section_that_is_free():
    sections = [{"code": "OWN", "title": "Own", "questions": [make_question("OWN-ONE")]}]
    base, owner = keep(standard_document(sections=sections, flags=())), make_organisation()
    version = upload_questionnaire(start_extension(base, owner=owner), owner=owner, actor=make_user())
    assert [section.code for section in document_of(version).sections] == ["OWN", "OWN2"]


def test_start_extension_lists_the_codes_one_can_refer_to():
    base = keep(standard_document(make_question("A1-ONE"), make_question("A1-HEADS", "headcount"), flags=()))
    assert sheet_of(start_extension(base, owner=make_organisation()), "Codes of standard") == [
        ["Code", "Section", "Kind of answer", "Question", "Choices", "Provision"],
        ["A1-ONE", "A", "yes_no", "Text of A1-ONE", "yes, no", "A1"],
        ["A1-HEADS", "A", "headcount", "Text of A1-HEADS", "permanent, agency × male, female", "A1"],
    ]


def test_start_questionnaire_can_be_uploaded_as_it_is():
    owner = make_organisation()
    version = upload_questionnaire(start_questionnaire(owner=owner), owner=owner, actor=make_user())
    assert (version.questionnaire.code, version.base) == ("my-questionnaire", None)
    assert free_code("my-questionnaire", owner) == "my-questionnaire-2"
    assert [question.code for question in document_of(version).questions] == ["A1-EXAMPLE"]
