"""A file that cannot be read gives one sentence that says how to mend it."""

import re
from pathlib import Path

import pytest

from minerals.templates_io import workbook
from minerals.templates_io.services import SENTENCES, read_file
from minerals.templates_io.workbook import build_workbook, read_declaration
from portal.lib.errors import DomainError
from tests.minerals.templates_io.workbook.edits import edit
from tests.minerals.world import make_declared

WHOLE = build_workbook(make_declared())


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(DomainError) as refused:
        read_file(content)
    return refused.value.code, refused.value.message


def test_a_good_file_is_read():
    assert read_file(WHOLE) == read_declaration(WHOLE)


def test_refusals_are_sentences():
    assert refusal(b"") == ("empty", "The file is empty. Save the template again and upload the new copy.")
    assert refusal(b"\xff\xd8\xff\xe0 JFIF") == (
        "not_a_workbook",
        "This is not an Excel workbook of the kinds .xlsx and .xls. Open it in Excel, save it as .xlsx and upload that copy.",
    )
    assert refusal(WHOLE[:-100]) == (
        "damaged",
        "The file is damaged. Open it in Excel, save it again and upload the new copy.",
    )
    assert refusal(bytes(10_000_001)) == (
        "too_large",
        "The file is larger than 10 MB. Delete pictures and other things that do not belong to the template, "
        "save it and upload it again.",
    )


def test_facts_of_the_file_stand_in_the_sentence():
    old = edit(WHOLE, {"Declaration!J3": "Revision 1.00"})
    assert refusal(old) == (
        "too_old",
        "This is a CMRT of version 1.00. Versions older than 2.00 cannot be read. "
        "Fill in a newer template and upload that.",
    )
    prices = edit(WHOLE, {"Declaration!J3": None, "Declaration!B8": None}, rename={"Declaration": "Prices 100%"})
    code, message = refusal(prices)
    assert code == "not_a_template"
    assert "Prices 100%" in message and "Declaration" in message


def test_every_reason_has_a_sentence():
    codes = set()
    for path in Path(workbook.__file__).parent.glob("*.py"):
        codes |= set(re.findall(r'Unreadable\("(\w+)"', path.read_text(encoding="utf-8")))
    assert codes == set(SENTENCES)
