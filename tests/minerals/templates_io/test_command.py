"""check_declaration: what is in a file and what is to mend, for people and for programs, without a database."""

import io
import json
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from minerals.templates_io.workbook import build_workbook
from tests.minerals.world import make_declared, make_product, make_smelter_row


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.xlsx"
    declared = make_declared(
        smelters=[make_smelter_row(mines="Example Mine", mine_countries="Peru")],
        products=(make_product("P-1"),),
        checker_count=0,
    )
    path.write_bytes(build_workbook(declared))
    return path


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("check_declaration", *map(str, arguments), stdout=out)
    return out.getvalue()


@time_machine.travel("2026-06-01")
def test_json_holds_every_field(good):
    (facts,) = json.loads(run(good, "--json"))
    smelter = facts["smelters"][0]
    assert list(facts) == [
        "file", "template", "version", "language", "tier", "layout_guessed", "company", "scope", "scope_text",
        "scope_description", "effective_date", "effective_text", "minerals", "answers", "comments", "company_questions",
        "smelters", "mine_list", "products", "missing", "checker_count", "issues",
    ]  # fmt: skip
    assert {name: facts[name] for name in ("template", "version", "language", "tier", "scope", "effective_date")} == {
        "template": "CMRT", "version": "6.5", "language": "English", "tier": "labels", "scope": "A",
        "effective_date": "2026-05-10",
    }  # fmt: skip
    assert facts["company"]["name"] == "Example Parts Co., Ltd."
    assert facts["answers"]["1"] == {"Tantalum": "No", "Tin": "Yes", "Gold": "No", "Tungsten": "No"}
    assert facts["company_questions"]["B"] == {"answer": "Yes", "comment": "https://parts.example/policy"}
    assert {name: smelter[name] for name in list(smelter)[:10]} == {
        "metal": "Tin", "cid": "CID900001", "name": "Example Tin Works", "standard_name": "Example Tin Works",
        "country": "MALAYSIA", "source": "RMI", "mines": "Example Mine", "mine_countries": "Peru", "recycled": "No",
        "listed": True,
    }  # fmt: skip
    assert facts["products"][0]["number"] == "P-1"
    assert (facts["missing"], facts["checker_count"]) == (0, 0)
    assert all(set(issue) == {"code", "severity", "place", "message"} for issue in facts["issues"])


def test_missing_items_are_counted_and_said(tmp_path):
    path = tmp_path / "gaps.xlsx"
    path.write_bytes(build_workbook(make_declared(scope="", scope_text="")))
    (facts,) = json.loads(run(path, "--json"))
    assert facts["missing"] == 1
    assert (facts["issues"][0]["place"], facts["issues"][0]["severity"]) == ("Declaration!D9", "error")


def test_words_name_the_same_things(good):
    lines = run(good).splitlines()
    assert lines[0] == f"{good}: CMRT 6.5, English, by labels"
    for line in (
        "  name: Example Parts Co., Ltd.",
        "  scope: A. Company",
        "  effective_date: 2026-05-10",
        "  1: Tantalum No, Tin Yes, Gold No, Tungsten No",
        "  B: Yes, (https://parts.example/policy)",
        "    5: Tin, CID900001, Example Tin Works, MALAYSIA, listed",
        "    6: P-1 Part P-1",
        "  Missing: 0 (the file's own count: 0)",
    ):
        assert line in lines


def test_one_unreadable_file_keeps_no_other_from_being_read(good, tmp_path):
    picture = tmp_path / "picture.xls"
    picture.write_bytes(b"\xff\xd8\xff\xe0 JFIF")
    absent = tmp_path / "absent.xlsx"
    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("check_declaration", "--json", str(picture), str(good), str(absent), stdout=out)
    facts = json.loads(out.getvalue())
    assert [(Path(each["file"]).name, each.get("template"), each.get("error", {}).get("code")) for each in facts] == [
        ("picture.xls", None, "not_a_workbook"),
        ("good.xlsx", "CMRT", None),
        ("absent.xlsx", None, "refused"),
    ]
    assert str(refused.value).splitlines() == [
        f"{picture}: This is not an Excel workbook of the kinds .xlsx and .xls. Open it in Excel, save it as .xlsx and upload that copy.",
        f"{absent}: The file cannot be opened: No such file or directory.",
    ]
