"""Questionnaires as workbooks from the command line: out, checked, and in again."""

import io
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from assessments.questionnaires.document import document_hash, read_pack
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.services.workbooks import read_workbook, write_document
from tests.assessments.questionnaires.authoring import extended, keep, standard_document
from tests.factories import make_organisation

SHORT = Path(__file__).resolve().parents[5] / "assessments/questionnaires/packs/facility-short"


def run(command, *arguments):
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "out.xlsx"


def test_a_pack_becomes_a_workbook_that_is_the_same_questionnaire(file):
    said = run("export_questionnaire", SHORT, file)
    assert said == f"Wrote {file} ({file.stat().st_size:,} bytes).\n"
    document, _cells = read_workbook(file.read_bytes(), lambda _code, _version: None)
    assert document_hash(document) == document_hash(read_pack(SHORT))
    assert run("check_questionnaire", file) == run("check_questionnaire", SHORT)


def test_wrong_cells_are_said_in_plain_lines(file, capsys):
    file.write_bytes(write_document(standard_document()))
    book = openpyxl.load_workbook(file)
    book["survey"]["A3"] = "note"
    book["flags"]["D2"] = "${A1-ONE} ="
    book.save(file)
    out = StringIO()
    with pytest.raises(CommandError, match="2 errors: mend them and check again"):
        call_command("check_questionnaire", str(file), stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("ERROR    survey!A3: The type 'note' means nothing here. Known: select_one LIST,")
    assert lines[1:] == [
        "ERROR    flags!D2: After '=' (character 11): A value is missing. [no_operand]",
        "2 errors, 0 warnings.",
    ]


def test_a_file_that_is_no_workbook_is_said_so(file):
    file.write_bytes(b"PK\x03\x04")
    out = StringIO()
    with pytest.raises(CommandError, match="1 error: mend them"):
        call_command("check_questionnaire", str(file), stdout=out)
    assert "ERROR    out.xlsx: " in out.getvalue()


def test_warnings_are_at_their_cells(file):
    document = standard_document(languages=["en", "ja"])
    file.write_bytes(write_document(document))
    said = run("check_questionnaire", file, "-v", "2")
    assert "WARNING  settings!A2: There is no text in 'ja'. [missing_translation]" in said
    assert "WARNING  survey!C3: There is no text in 'ja'. [missing_translation]" in said


@pytest.mark.django_db
def test_a_version_goes_out_and_comes_in(file):
    owner = make_organisation()
    version = extended(keep(standard_document()), owner)
    run("export_questionnaire", version.pk, file)
    said = run("import_questionnaire", file, "--owner", owner.pk)
    assert said == f"ours 1.0 is {version.state}, id {version.pk}.\n"
    assert QuestionnaireVersion.objects.count() == 2


@pytest.mark.django_db
def test_a_wrong_workbook_is_not_imported(file):
    file.write_bytes(write_document(standard_document()))
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    book["flags"]["D2"] = "${A1-ONE} ="
    book.save(file)
    with pytest.raises(CommandError, match=r"flags!D2: After “=” \(character 11\): A value is missing"):
        run("import_questionnaire", file)
    assert QuestionnaireVersion.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no/such/pack", "new.xlsx"], "There is no pack no/such/pack and no version with this id."),
        (["123456", "new.xlsx"], "There is no pack 123456 and no version with this id."),
        ([SHORT, "no/such/folder/new.xlsx"], "cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path, arguments, words):
    with pytest.raises(CommandError, match=words):
        run("export_questionnaire", arguments[0], tmp_path / arguments[1])


def test_a_file_that_is_there_is_never_overwritten(file):
    file.write_bytes(b"mine")
    with pytest.raises(CommandError, match="is there already"):
        run("export_questionnaire", SHORT, file)
    assert file.read_bytes() == b"mine"
