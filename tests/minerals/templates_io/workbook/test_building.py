"""Workbooks of our own: every version has its cells where the real one has them, and reads back as it was."""

import datetime
import io

import msgspec
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from minerals.templates_io.document import Answer, Company, CompanyAnswer, Declared, LookupRow, Product, SmelterRow
from minerals.templates_io.enums import Template
from minerals.templates_io.workbook import build_workbook, read_declaration
from minerals.templates_io.workbook.building.layouts import layout_of
from tests.minerals.world import make_declared, make_product, make_smelter_row

VERSIONS = [
    (Template.CMRT, version)
    for version in ("2.00", "2.03a", "3.01", "4.20", "5.12", "6.01", "6.22", "6.4", "6.5", "6.7")
] + [
    (Template.EMRT, "1.3"),
    (Template.EMRT, "2.0"),
    (Template.EMRT, "2.1"),
    (Template.AMRT, "1.21"),
    (Template.AMRT, "1.3"),
    (Template.PRT, "1.1"),
    (Template.CRT, "2.2"),
]


def cells(content: bytes, sheet: str) -> dict[str, object]:
    """Return the filled cells of the first columns of a sheet."""
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
    return {
        f"{'ABCDEFGHIJKLMNOPQR'[at]}{number}": value
        for number, row in enumerate(rows.to_python(skip_empty_area=False), start=1)
        for at, value in enumerate(row[:18])
        if value != ""
    }


def test_a_cmrt_has_its_answers_where_rmi_has_them():
    declared = make_declared(
        scope="B",
        scope_text="B. Product (or List of Products)",
        smelters=[make_smelter_row(7, cid_input="CID900001", mines="=Example Mine")],
        products=(make_product("P-1"),),
        checker_count=3,
    )
    content = build_workbook(declared)
    sheet = cells(content, "Declaration")
    assert {
        cell: sheet[cell] for cell in ("D2", "J3", "D8", "D9", "D16", "D22", "D26", "D27", "D57", "D89", "G77")
    } == {
        "D2": "Conflict Minerals Reporting Template (CMRT)",
        "J3": "Revision 6.5",
        "D8": "Example Parts Co., Ltd.",
        "D9": "B. Product (or List of Products)",
        "D16": "contact@parts.example",
        "D22": datetime.date(2026, 5, 10),
        "D26": "No",
        "D27": "Yes",
        "D57": "100%",
        "D89": "No",
        "G77": "https://parts.example/policy",
    }
    smelters = cells(content, "Smelter List")
    assert {cell: value for cell, value in smelters.items() if cell.endswith("7")} == {
        "A7": "CID900001",
        "B7": "Tin",
        "C7": "Example Tin Works",
        "D7": "Example Tin Works",
        "E7": "MALAYSIA",
        "F7": "CID900001",
        "G7": "RMI",
        "N7": "=Example Mine",
        "P7": "No",
        "R7": "Example Tin Works",
    }
    assert cells(content, "Product List")["B6"] == "P-1"
    checker = cells(content, "Checker")
    assert (checker["D2"], checker["H70"]) == (3, 3)


def test_listed_smelters_stand_in_the_look_up_once():
    extra = LookupRow(metal="Gold", lookup="Example Gold", name="Example Gold", country="JAPAN", cid="CID900009")
    declared = make_declared(
        smelters=[make_smelter_row(5), make_smelter_row(6), make_smelter_row(7, lookup="Other", listed=False)]
    )
    sheet = cells(build_workbook(declared, look_up=[extra]), "Smelter Look-up")
    assert [sheet.get(f"{column}{row}") for row in (5, 6, 7) for column in "ABCDE"] == [
        *("Gold", "Example Gold", "Example Gold", "JAPAN", "CID900009"),
        *("Tin", "Example Tin Works", "Example Tin Works", "MALAYSIA", "CID900001"),
        *(None, None, None, None, None),
    ]


def test_a_share_of_all_is_the_number_one_in_old_versions():
    assert cells(build_workbook(make_declared(version="6.22")), "Declaration")["D57"] == 1
    assert cells(build_workbook(make_declared(version="6.31")), "Declaration")["D57"] == "100%"


def test_labels_of_minerals_follow_the_language():
    sheet = cells(build_workbook(make_declared(language="日本語 Japanese")), "Declaration")
    assert [sheet[f"B{row}"] for row in (26, 27, 28, 29)] == [
        "タンタル  (*)",
        "錫  (*)",
        "金  (*)",
        "タングステン  (*)",
    ]
    assert "日本語 Japanese" in sheet["D3"]


def test_the_same_declaration_gives_the_same_bytes():
    assert build_workbook(make_declared()) == build_workbook(make_declared())


@pytest.mark.parametrize(("template", "version"), VERSIONS)
def test_every_version_keeps_its_questions_apart(template, version):
    """No cell is used for two things, whatever the version."""
    layout = layout_of(template, version)
    minerals = layout.fixed_minerals or ("Cobalt", "Copper", "Graphite", "Lithium", "Mica", "Nickel")
    rows = list(layout.company.values())
    for row in layout.questions.values():
        rows += range(row, row + len(minerals) + 1)
    for letter, row in layout.letters.items():
        rows += range(row, row + (len(minerals) + 1 if letter == layout.per_mineral else 1))
    assert len(rows) == len(set(rows))


def filled(template: Template, version: str) -> Declared:
    """A declaration of any version with something everywhere."""
    layout = layout_of(template, version)
    minerals = layout.fixed_minerals or ("Cobalt", "Nickel")
    return make_declared(
        (),
        template=template,
        version=version,
        minerals=minerals,
        smelters=[make_smelter_row(5, metal=minerals[0])],
        products=(make_product("P-1"),),
    )


@pytest.mark.parametrize(("template", "version"), VERSIONS)
def test_every_version_can_be_built(template, version):
    sheet = cells(build_workbook(filled(template, version)), "Declaration")
    assert sheet["J3"] == f"Revision {'2' if version == '2.00' else version}"
    assert sheet["D8"] == "Example Parts Co., Ltd."


def test_values_that_are_not_there_leave_no_cell():
    declared = Declared(template=Template.CMRT, version="6.5")
    sheet = cells(build_workbook(declared), "Declaration")
    assert not [cell for cell in sheet if cell.startswith("D") and cell not in {"D2"} and sheet[cell] != "Answer"]
    assert Answer() == Answer("", "", "")
    assert (SmelterRow(row=5).metal, Product(row=6).number) == ("", "")


# ---- Round trip ------------------------------------------------------------------------------------

PLAIN = st.text(st.sampled_from("abcXYZ 19-+=@&<'\"äß錫ยาง\n"), max_size=12).map(lambda text: f"v{text}".strip())
OPTIONAL = st.one_of(st.just(""), PLAIN)
WORDS = st.sampled_from(["Yes", "No", "Unknown", "100%", "Greater than 90%", "None", ""])
DAYS = st.dates(datetime.date(2007, 1, 1), datetime.date(2035, 12, 31)).map(lambda day: day.isoformat())


def unasked(template: Template, question: str, mineral: str) -> bool:
    """An EMRT 1.x does not ask whether all mica is recycled."""
    return template == Template.EMRT and (question, mineral) == ("4", "Mica")


@st.composite
def declarations(draw) -> Declared:
    """A declaration of any version, with anything a person could have typed."""
    template, version = draw(st.sampled_from(VERSIONS))
    layout = layout_of(template, version)
    minerals = layout.fixed_minerals or tuple(
        sorted(draw(st.sets(st.sampled_from(["Cobalt", "Copper", "Lithium", "Nickel"]), min_size=1)))
    )
    smelters = [
        SmelterRow(
            row=5 + place, **{field: draw(OPTIONAL) for field in set(layout.smelters.values()) - {"metal"}}, metal=metal
        )
        for place, metal in enumerate(draw(st.lists(st.sampled_from(minerals), max_size=3)))
    ]
    if version.startswith("2."):  # names stand under the head of standard names there
        smelters = [msgspec.structs.replace(row, standard_name=row.name) for row in smelters]
    fields = set(layout.company) - {"scope", "description", "date"}
    return Declared(
        template=template,
        version=version,
        language="English",
        company=Company(**{field: draw(PLAIN) for field in fields}),
        scope_text="A. Company",
        scope_description=draw(OPTIONAL),
        effective_date=draw(DAYS),
        minerals=minerals,
        answers={
            question: {
                each: Answer(draw(WORDS), draw(OPTIONAL)) for each in minerals if not unasked(template, question, each)
            }
            for question in layout.questions
        },
        company_questions={letter: CompanyAnswer(draw(WORDS), draw(OPTIONAL)) for letter in layout.letters},
        smelters=tuple(smelters),
        products=tuple(
            Product(row=6 + at, number=draw(PLAIN), name=draw(OPTIONAL)) for at in range(draw(st.integers(0, 2)))
        ),
        checker_count=draw(st.one_of(st.none(), st.integers(0, 60))),
    )


@settings(max_examples=60, deadline=None)
@given(declarations())
def test_what_is_built_reads_back_as_it_was(declared):
    read = read_declaration(build_workbook(declared))
    assert read.company == declared.company
    assert (read.template, read.version, read.effective_date) == (
        declared.template,
        declared.version,
        declared.effective_date,
    )
    assert (read.scope, read.scope_description, read.minerals) == ("A", declared.scope_description, declared.minerals)
    values = {
        question: {mineral: (answer.value, answer.comment) for mineral, answer in given.items()}
        for question, given in read.answers.items()
    }
    assert values == {
        question: {mineral: (answer.value, answer.comment) for mineral, answer in given.items()}
        for question, given in declared.answers.items()
    }
    letters = {letter: (given.answer, given.comment) for letter, given in read.company_questions.items()}
    assert letters == {letter: (given.answer, given.comment) for letter, given in declared.company_questions.items()}
    assert read.smelters == declared.smelters
    assert read.products == declared.products
    # and once more, with the cells the reader noted
    assert read_declaration(build_workbook(read)) == read
