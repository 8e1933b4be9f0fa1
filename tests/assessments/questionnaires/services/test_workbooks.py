"""Questionnaires as real workbooks: written, opened in a spreadsheet program, read again."""

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from assessments.questionnaires.document import document_hash, parse_document, parse_extension, read_pack
from assessments.questionnaires.services.workbooks import (
    LONGEST_CELL,
    Read,
    read_questionnaire,
    read_workbook,
    write_document,
    write_questionnaire,
)
from portal.lib.errors import DomainError
from tests.assessments.questionnaires.authoring import OWN, extended, keep, standard_document
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.assessments.questionnaires.workbook.sheets import small_document
from tests.assessments.questionnaires.workbook.test_round_trip import make_rich_source
from tests.factories import make_organisation

FOLDER = Path(__file__).resolve().parents[4] / "assessments/questionnaires/packs"
PACKS = sorted(path.parent.name for path in FOLDER.glob("*/questionnaire.yaml"))


def nothing(_code, _version):
    return None


def change(content, *, sheet="survey", **cells):
    """The workbook with some cells changed, saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, value in cells.items():
        book[sheet][name] = value
    return save(book)


def save(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def refusal(content, owner=None):
    with pytest.raises(DomainError) as caught:
        read_questionnaire(content, owner=owner)
    return caught.value


def problems_of(content, owner=None):
    error = refusal(content, owner)
    assert (error.code, error.message) == (
        "document",
        "The workbook has errors. Correct the cells named here and upload it again.",
    )
    return [(one["place"], one["code"]) for one in error.detail]


# ---- there and back -----------------------------------------------------------------------------------
@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_comes_back_from_a_real_file(pack):
    document = read_pack(FOLDER / pack)
    again, _cells = read_workbook(write_document(document), nothing)
    assert document_hash(again) == document_hash(document)


def test_a_file_saved_by_another_program_comes_back():
    """Texts that begin like a formula are text in both directions."""
    words = ["=1+1", "+81 3 1234", "-5", "@all", "=HYPERLINK(1)", "two\nlines", "100 %", "TRUE", "1.0", "日本語 ไทย", "_x0041_"]  # fmt: skip
    questions = [make_question(f"A1-Q{number}", text=text) for number, text in enumerate(words)]
    for document in (make_document(*questions), parse_document(make_rich_source())):
        content = write_document(document)
        saved = save(openpyxl.load_workbook(io.BytesIO(content)))
        hashes = [document_hash(read_workbook(one, nothing)[0]) for one in (content, saved)]
        assert hashes == [document_hash(document)] * 2


def test_a_workbook_opens_with_its_guide_and_offers_words():
    book = openpyxl.load_workbook(io.BytesIO(write_document(small_document())))
    assert book.sheetnames == ["Read me", "survey", "choices", "flags", "settings"]
    offers = {
        name: {str(one.sqref).partition("2")[0]: one.formula1.strip('"').split(",")[:3] for one in book[name].data_validations.dataValidation}
        for name in book.sheetnames
    }  # fmt: skip
    assert offers == {
        "Read me": {},
        "survey": {
            "A": ["begin_group", "end_group", "select_one LIST"],
            "G": ["yes", "no"],
            "J": ["percentage", "headcount"],
            "M": ["A1", "A2", "A3"],
            "N": ["policy", "practice", "control"],
            "Q": ["hours_per_week", "hours", "days"],
            "R": ["last_12_months", "last_month", "on_date"],
            "X": ["yes", "no"],
        },
        "choices": {"F": ["yes", "no"]},
        "flags": {"B": ["A1", "A2", "A3"], "C": ["priority", "major", "minor"]},
        "settings": {"H": ["site", "company"]},
    }


def test_a_text_no_cell_can_hold_is_refused():
    document = make_document(make_question(text="x" * (LONGEST_CELL + 1)))
    with pytest.raises(DomainError) as caught:
        write_document(document)
    words = "A text on the sheet “survey” is longer than a cell of a workbook can hold."
    assert (caught.value.code, caught.value.message) == ("too_long", words)


# ---- what people do to workbooks ----------------------------------------------------------------------
def test_phantom_rows_are_no_rows():
    book = openpyxl.load_workbook(io.BytesIO(write_document(small_document())))
    for row in (500, 1_000_000):
        book["survey"].cell(row, 40).fill = PatternFill("solid", fgColor="FFFF00")
    book["choices"]["C4000"] = "  "
    again, _cells = read_workbook(save(book), nothing)
    assert document_hash(again) == document_hash(small_document())


def test_a_merged_head_is_named():
    book = openpyxl.load_workbook(io.BytesIO(write_document(small_document())))
    book["survey"].merge_cells("C1:D1")
    assert ("survey!D1", "double_column") in problems_of(save(book))


def test_a_title_merged_over_the_table_is_no_head():
    book = openpyxl.load_workbook(io.BytesIO(write_document(small_document())))
    book["survey"].insert_rows(1)
    book["survey"]["A1"] = "Our questions"
    book["survey"].merge_cells("A1:H1")
    again, cells = read_workbook(save(book), nothing)
    assert document_hash(again) == document_hash(small_document())
    assert cells["sections[0].questions[0]"] == "survey!B4"


def test_wrong_cells_of_sheets_and_document_are_named_together():
    content = change(write_document(small_document()), H4="${A1-ONE} =", M5="Z9", P5="x")
    assert problems_of(content) == [
        ("survey!H4", "no_operand"),
        ("survey!M5", "unknown_provision"),
        ("survey!P5", "no_colon"),
    ]


def test_a_missing_column_is_named_once_not_in_every_row():
    content = change(write_document(small_document()), C1=None, D1=None)
    assert problems_of(content) == [("survey!1", "no_column"), ("survey!C2", "headless_cell")]


def test_a_sheet_that_is_hidden_is_not_there():
    book = openpyxl.load_workbook(io.BytesIO(write_document(small_document())))
    book["survey"].sheet_state = "hidden"
    assert problems_of(save(book)) == [("survey", "no_sheet")]


def test_an_unknown_code_of_conduct_is_named():
    assert problems_of(change(write_document(small_document()), sheet="settings", G2="rba-9.9")) == [
        ("settings!G2", "unknown_code_of_conduct")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"PK\x03\x04nothing", "broken"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format")],
)
def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(content, code):
    assert refusal(content).code == code


# ---- extensions ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_extension_holds_its_own_part_and_finds_its_base():
    owner = make_organisation()
    base = keep(standard_document())
    version = extended(base, owner)
    content = write_questionnaire(version)
    assert [row[1].value for row in openpyxl.load_workbook(io.BytesIO(content))["survey"]] == [
        "name",
        "OWN",
        "OWN-ONE",
        "OWN",
    ]
    read = read_questionnaire(content, owner=owner)
    assert (type(read), read.base, document_hash(read.document)) == (Read, base, version.sha256)


@pytest.mark.django_db
def test_a_workbook_that_names_no_version_extends_the_newest_published_one():
    owner = make_organisation()
    keep(standard_document())
    newest = keep(standard_document(version="2.0"))
    keep(standard_document(version="3.0"), state="draft", published_at=None)
    content = change(
        write_document(parse_extension(standard_document(), OWN), base=standard_document()), sheet="settings", J2=None
    )
    assert read_questionnaire(content, owner=owner).base == newest


@pytest.mark.django_db
def test_what_is_not_published_or_belongs_to_others_cannot_be_extended():
    stranger, owner = make_organisation(), make_organisation()
    content = write_document(parse_extension(standard_document(), OWN), base=standard_document())
    keep(standard_document(), owner=stranger)
    keep(standard_document(), state="draft", published_at=None)
    for one in (owner, None):
        error = refusal(content, one)
        message = "There is no published questionnaire standard 1.0 that this one could extend."
        assert error.detail == [{"place": "settings!I2", "code": "no_base", "message": message}]
    assert read_questionnaire(content, owner=stranger).base is not None


@pytest.mark.django_db
def test_wrong_cells_of_an_extension_are_named():
    keep(standard_document())
    content = write_document(parse_extension(standard_document(), OWN), base=standard_document())
    assert problems_of(change(content, B3="A1-ONE")) == [("survey!B3", "taken_code")]
    cell = next(cell.coordinate for cell in openpyxl.load_workbook(io.BytesIO(content))["survey"][3] if cell.value == "${A1-ONE} = 'yes'")  # fmt: skip
    assert problems_of(change(content, **{cell: "${A1-GONE} = 'yes'"})) == [(f"survey!{cell}", "unknown_question")]


def test_days_of_the_extended_questionnaire_are_ordered_as_days():
    base = standard_document(make_question("A1-ONE"), make_question("A1-FROM", "date"), make_question("A1-TO", "date"))
    content = write_document(parse_extension(base, OWN), base=base)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = next(cell for cell in book["survey"][3] if cell.value == "${A1-ONE} = 'yes'")
    cell.value = "${A1-FROM} > ${A1-TO}"
    document, _cells = read_workbook(save(book), lambda _code, _version: base)
    assert document.question("OWN-ONE").show_if == {"question": "A1-FROM", "after": {"question": "A1-TO"}}
