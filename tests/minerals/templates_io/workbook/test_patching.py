"""Filling a template: single cells change, all other bytes stay; what a template cannot hold is refused."""

import io
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerals.origins.core import base_areas
from minerals.templates_io.checks import examine
from minerals.templates_io.document import Answer, CompanyAnswer, Declared, LookupRow, MineRow
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import Unwritable, build_workbook, fill_template, read_declaration
from minerals.templates_io.workbook.patching import Blank
from minerals.templates_io.workbook.patching.cells import Cell, patch_sheet
from minerals.templates_io.workbook.patching.package import calculate_on_load, without_chain
from tests.minerals.world import make_declared, make_product, make_smelter_row

SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "data" / "minerals"
SHEET = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="m" xmlns:mc="c" mc:Ignorable="x14ac"><sheetData>'
    b'<row r="2" spans="1:3"><c r="A2" s="4"/><c r="C2" t="s" s="7"><v>12</v></c></row>'
    b'<row r="4" ht="15"/><row r="5"><c r="A5" t="str" s="1"><f ca="1">IF(A1&lt;2,"a","b")</f><v/></c>'
    b'<c r="B5"><f t="shared" ref="B5:B9" si="0">A5</f><v>0</v></c></row></sheetData><pageMargins left="0.7"/></worksheet>'
)
# The standard name is no look-up name of its own here, so the formulas would not get from the id to the name.
EXAMPLE = LookupRow(metal="Tin", lookup="Example Tin", name="Example Tin Works", country="MALAYSIA", cid="CID900001")


def patched(**cells: Cell) -> bytes:
    """The little sheet with some cells changed, without its first and last part."""
    return patch_sheet(SHEET, cells).split(b"<sheetData>")[1].split(b"</sheetData>")[0]


@pytest.mark.parametrize(
    ("cells", "old", "new"),
    [
        (
            {"A2": Cell("=1&1")},
            b'<c r="A2" s="4"/>',
            b'<c r="A2" s="4" t="inlineStr"><is><t xml:space="preserve">=1&amp;1</t></is></c>',
        ),
        ({"C2": Cell(46000)}, b'<c r="C2" t="s" s="7"><v>12</v></c>', b'<c r="C2" s="7"><v>46000</v></c>'),
        ({"C2": Cell(None)}, b'<c r="C2" t="s" s="7"><v>12</v></c>', b'<c r="C2" s="7"/>'),
        ({"B2": Cell(1.5)}, b'<c r="C2"', b'<c r="B2"><v>1.5</v></c><c r="C2"'),
        ({"D2": Cell(1)}, b"<v>12</v></c></row>", b'<v>12</v></c><c r="D2"><v>1</v></c></row>'),
        ({"D4": Cell(1)}, b'<row r="4" ht="15"/>', b'<row r="4" ht="15"><c r="D4"><v>1</v></c></row>'),
        ({"B3": Cell(1)}, b'<row r="4"', b'<row r="3"><c r="B3"><v>1</v></c></row><row r="4"'),
        (
            {"A5": Cell("x", keep=True)},
            b'<c r="A5" t="str" s="1"><f ca="1">IF(A1&lt;2,"a","b")</f><v/></c>',
            b'<c r="A5" s="1" t="str"><f ca="1">IF(A1&lt;2,"a","b")</f><v>x</v></c>',
        ),
        ({"A5": Cell(3, keep=True)}, b't="str" s="1"><f ca="1">IF(A1&lt;2,"a","b")</f><v/>', None),
        ({"B9": Cell(None)}, b"", b""),
    ],
)
def test_one_cell_changes_and_nothing_else(cells, old, new):
    before = SHEET.split(b"<sheetData>")[1].split(b"</sheetData>")[0]
    after = patched(**cells)
    if new is None:
        assert b'<c r="A5" s="1"><f ca="1">IF(A1&lt;2,"a","b")</f><v>3</v></c>' in after
    elif "B9" in cells:
        assert after.startswith(before)
    else:
        assert after == before.replace(old, new, 1)


def test_rows_after_the_last_one_are_put_at_the_end():
    assert patched(C7=Cell("ä")).endswith(
        b'</row><row r="7"><c r="C7" t="inlineStr"><is><t xml:space="preserve">\xc3\xa4</t></is></c></row>'
    )


def test_a_text_that_looks_like_a_coded_letter_stays_a_text():
    assert b'<t xml:space="preserve">_x005F_x0041_ _x41_</t>' in patched(B2=Cell("_x0041_ _x41_"))


def test_prefixes_stay():
    sheet = (
        b'<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" s="2"/></x:row></x:sheetData></x:worksheet>'
    )
    assert patch_sheet(sheet, {"A1": Cell("a"), "B2": Cell(2)}) == (
        b'<x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" s="2" t="inlineStr"><x:is>'
        b'<x:t xml:space="preserve">a</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="B2"><x:v>2</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (b"<worksheet><sheetData><row", "broken"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData></sheetData></worksheet>', "broken"),
        (b'<?xml version="1.0" encoding="latin-1"?><worksheet><sheetData></sheetData></worksheet>', "broken"),
        (b"<worksheet><sheetData/></worksheet>", "broken"),
        (b"<worksheet/>", "broken"),
    ],
)
def test_a_sheet_that_cannot_be_patched_is_refused(sheet, code):
    with pytest.raises(Unwritable) as refused:
        patch_sheet(sheet, {"A1": Cell("a")})
    assert refused.value.code == code


def test_a_formula_that_others_share_is_not_overwritten():
    with pytest.raises(Unwritable) as refused:
        patch_sheet(SHEET, {"B5": Cell("a")})
    assert (refused.value.code, refused.value.params) == ("shared", {"cell": "B5"})


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDEF"), st.integers(1, 9)).filter(lambda cell: cell != ("B", 5)),
        st.one_of(st.text(max_size=20), st.integers(0, 99999), st.none()),
        max_size=8,
    )
)
def test_any_patch_gives_well_formed_rows_in_order(values):
    cells = {f"{column}{row}": Cell(value) for (column, row), value in values.items()}
    tree = ElementTree.fromstring(patch_sheet(SHEET, cells))
    rows = [int(row.get("r")) for row in tree.iter("{m}row")]
    assert rows == sorted(set(rows))
    for row in tree.iter("{m}row"):
        names = [cell.get("r") for cell in row]
        assert names == sorted(set(names))
    found = {cell.get("r"): "".join(cell.itertext()) for cell in tree.iter("{m}c")}
    for name, cell in cells.items():
        if isinstance(cell.value, int):
            assert found[name] == str(cell.value)


def test_the_workbook_is_told_to_calculate_anew():
    assert calculate_on_load(b'<workbook><calcPr calcId="1" concurrentCalc="0"/></workbook>') == (
        b'<workbook><calcPr calcId="1" concurrentCalc="0" fullCalcOnLoad="1"/></workbook>'
    )
    assert calculate_on_load(b"<x:workbook><x:sheets></x:sheets><x:a/></x:workbook>") == (
        b'<x:workbook><x:sheets></x:sheets><x:calcPr fullCalcOnLoad="1"/><x:a/></x:workbook>'
    )
    assert without_chain(
        b'<a><Override PartName="/xl/calcChain.xml" ContentType="b"/><Override PartName="c"/></a>'
    ) == (b'<a><Override PartName="c"/></a>')


def blank_of_ours(**fields) -> bytes:
    """A blank of our own: a CMRT 6.5 without answers, with one smelter on its look-up list and its formula rows."""
    rows = [make_smelter_row(14, listed=False)]
    empty = {"smelters": rows, "company_questions": {}, "answers": {}, **fields}
    return build_workbook(msgspec.structs.replace(make_declared(), **empty), look_up=[EXAMPLE])


def sheet_of(content: bytes, name: str):
    """One sheet as openpyxl sees it."""
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def test_smelters_go_by_id_where_the_list_knows_it_and_as_not_listed_where_not():
    declared = make_declared(
        smelters=[
            make_smelter_row(5, mines="Example Mine"),
            make_smelter_row(6, cid="", lookup="example tin"),
            make_smelter_row(7, cid="CID900777", name="New Works", lookup="New Works", country="THAILAND"),
            make_smelter_row(
                8, cid="", name="", standard_name="", source="", lookup="Smelter not yet identified", country=""
            ),
        ]
    )
    sheet = sheet_of(fill_template(blank_of_ours(), declared), "Smelter List")
    assert [[sheet[f"{column}{row}"].value for column in "ABCDEFN"] for row in (5, 6, 7, 8)] == [
        [None, "Tin", "Example Tin", "Example Tin Works", "MALAYSIA", "CID900001", "Example Mine"],
        [None, "Tin", "Example Tin", "Example Tin Works", "MALAYSIA", "CID900001", None],
        [None, "Tin", "Smelter not listed", "New Works", "THAILAND", "CID900777", None],
        [None, "Tin", "Smelter not yet identified", None, None, None, None],
    ]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        (make_declared(template=Template.EMRT), "other_template"),
        (make_declared(smelters=[make_smelter_row(5)] * 11), "too_many_smelters"),
    ],
)
def test_what_has_no_place_is_refused(declared, code):
    with pytest.raises(Unwritable) as refused:
        fill_template(blank_of_ours(), declared)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_format"),
        (b"\xff\xd8\xff\xe0 a picture", "broken"),
        (build_workbook(make_declared(version="3.01")), "old_version"),
        (build_workbook(make_declared(template=Template.CRT, version="2.2", minerals=("Cobalt",))), "old_version"),
    ],
)
def test_a_file_that_is_no_template_to_fill_is_refused(content, code):
    with pytest.raises(Unwritable) as refused:
        fill_template(content, make_declared())
    assert refused.value.code == code


# ---- RMI's own blanks, where they are at hand ------------------------------------------------------


def sample(name: str) -> bytes:
    """A real blank; the test is skipped where it is not at hand."""
    path = SAMPLES / f"{name}.xlsx"
    if not path.exists():
        pytest.skip(f"The sample {name}.xlsx is not at hand: it belongs to RMI and never ships.")
    return path.read_bytes()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    package = zipfile.ZipFile(io.BytesIO(content))
    return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize(
    ("name", "version", "sheets"),
    [
        ("cmrt-6.5-en-blank", "6.5", {"sheet4", "sheet5", "sheet6", "sheet7"}),
        ("cmrt-6.22-zh-blank", "6.22", {"sheet4", "sheet5", "sheet6", "sheet7"}),
    ],
)
def test_only_the_touched_parts_of_a_real_blank_change(name, version, sheets):
    blank = sample(name)
    declared = make_declared(version=version, scope="B", products=(make_product("=1+1"),))
    before, after = parts_of(blank), parts_of(fill_template(blank, declared, missing=0))
    assert set(before) - set(after) == {"xl/calcChain.xml"}
    changed = {part for part in after if after[part] != before[part]}
    assert changed == {f"xl/worksheets/{sheet}.xml" for sheet in sheets} | {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    }
    for part in changed:
        ElementTree.fromstring(after[part])
    for sheet in sheets:
        part = f"xl/worksheets/{sheet}.xml"
        assert after[part].split(b"</sheetData>")[1] == before[part].split(b"</sheetData>")[1]
        # Formulas stay but in the two cells that name a smelter the list does not know.
        assert abs(after[part].count(b"<f") - before[part].count(b"<f")) <= 7
    # and the result opens in another program
    assert sheet_of(fill_template(blank, declared), "Product List")["B6"].value == "=1+1"


def test_an_emrt_keeps_only_the_minerals_that_are_declared():
    minerals = ("Nickel", "Cobalt")
    declared = make_declared(
        (),
        template=Template.EMRT,
        version="2.0",
        minerals=minerals,
        smelters=[make_smelter_row(metal="Nickel")],
        mines=(MineRow(row=5, metal="Nickel", name="Example Mine"),),
        company_questions={"C": CompanyAnswer("Yes", minerals={"Nickel": Answer("No", "not yet")})},
    )
    answers = {"1": {"Nickel": Answer("Yes"), "Cobalt": Answer("No")}}
    result = fill_template(sample("emrt-2.0-en-blank"), msgspec.structs.replace(declared, answers=answers))
    book = openpyxl.load_workbook(io.BytesIO(result), data_only=True)
    sheet = book["Declaration"]
    assert [sheet[cell].value for cell in ("D12", "E12", "G12", "D13", "E13", "G13")] == [
        "Cobalt",
        None,
        None,
        None,
        None,
        "Nickel",
    ]
    assert [(sheet[f"B{row}"].value, sheet[f"D{row}"].value) for row in (30, 31, 32)] == [
        ("Cobalt(*)", "No"),
        ("Nickel(*)", "Yes"),
        (None, None),
    ]
    assert [(sheet[f"D{row}"].value, sheet[f"G{row}"].value) for row in (119, 120, 121)] == [
        (None, None),
        ("Yes", None),
        ("No", "not yet"),
    ]
    assert book["Mine List"]["C5"].value == "Example Mine"


def declared_for(content: bytes) -> Declared:
    """A complete declaration for a blank, with smelters its own list knows and one it does not."""
    blank = Blank(content)
    picked = ("Silver", "Zinc") if blank.template == Template.AMRT else ("Cobalt", "Nickel")
    minerals = blank.layout.fixed_minerals or picked
    used = ("Tin", "Gold") if blank.template == Template.CMRT else minerals
    named = [
        each
        for mineral in used
        for each in [row for row in blank.listed if row.metal == mineral and row.cid.startswith("CID")][:40:3]
    ]
    rows = [
        make_smelter_row(
            5 + place,
            metal=each.metal,
            lookup=each.lookup,
            name=each.name,
            standard_name=each.name,
            country=each.country,
            cid=each.cid,
        )
        for place, each in enumerate(named)
    ]
    # An AMRT lists no smelters of some minerals: theirs are typed in.
    for mineral in dict.fromkeys([used[0], *(one for one in used if one not in {row.metal for row in rows})]):
        name, place = "=New & <Works>", 5 + len(rows)
        rows.append(
            make_smelter_row(place, metal=mineral, lookup="Smelter not listed", name=name, cid="", country="JAPAN")
        )
    declared = make_declared(
        used if blank.template == Template.CMRT else (),
        template=blank.template,
        version=blank.version,
        minerals=minerals,
        smelters=rows,
        scope="B",
        products=(make_product("P-1"),),
    )
    if blank.template == Template.CMRT:
        return declared
    words = {"1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "100%", "6": "Yes", "7": "Yes"}
    if blank.template == Template.AMRT:
        words = {"1": "Yes", "2": "100%"}
    answers = {question: {mineral: Answer(word) for mineral in minerals} for question, word in words.items()}
    return msgspec.structs.replace(declared, answers=answers)


BLANKS = ["cmrt-6.5-en-blank", "cmrt-6.22-zh-blank", "emrt-2.0-en-blank", "emrt-1.3-zh-blank", "amrt-1.21-en-blank"]


@pytest.mark.parametrize("name", BLANKS)
def test_a_filled_blank_reads_back_and_misses_nothing(name):
    content = sample(name)
    declared = declared_for(content)
    read = read_declaration(fill_template(content, declared, missing=0))
    assert (read.company, read.effective_date, read.minerals) == (declared.company, "2026-05-10", declared.minerals)
    for question, told in declared.answers.items():
        said = {mineral: read.answer(question, mineral) for mineral in told if mineral in read.answers[question]}
        assert said == {mineral: told[mineral].value for mineral in said}
    assert [(row.metal, row.cid, row.name, row.country) for row in read.smelters] == [
        (row.metal, row.cid, row.name, row.country) for row in declared.smelters
    ]
    assert [product.number for product in read.products] == ["P-1"]
    assert read.checker_count == 0
    assert examine(read, today=date(2026, 6, 1), areas=base_areas()).missing == ()


def test_rmis_own_checker_finds_nothing_missing(tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: nothing here can calculate RMI's own formulas.")
    for name in BLANKS:
        content = sample(name)
        (tmp_path / f"{name}.xlsx").write_bytes(fill_template(content, declared_for(content)))
    calculate(office, tmp_path, [f"{name}.xlsx" for name in BLANKS])
    for name in BLANKS:
        read = read_declaration((tmp_path / "out" / f"{name}.xlsx").read_bytes())
        assert (name, read.checker_count) == (name, 0)


def calculate(office: str, folder: Path, names: list[str]) -> None:
    """Have LibreOffice calculate every formula anew, as Excel does when it opens the files."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
        '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>'
    )
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", *names]
    subprocess.run(command, cwd=folder, check=True, timeout=600, capture_output=True)
