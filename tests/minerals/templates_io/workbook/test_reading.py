"""Workbooks of our own, changed as real ones are: other labels, lost labels, moved rows, left-over answers."""

import datetime
import io

import msgspec
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from minerals.templates_io.document import Answer, LookupRow
from minerals.templates_io.enums import Template, Tier
from minerals.templates_io.workbook import Unreadable, build_workbook, read_declaration
from minerals.templates_io.workbook.identifying import normal_version
from minerals.templates_io.workbook.packs import layout_for, version_key
from tests.minerals.templates_io.workbook.edits import add_labels, all_labels, edit, saved
from tests.minerals.world import make_declared, make_product, make_smelter_row

LIST = (
    LookupRow(
        metal="Tin", lookup="Example Tin Works", name="Example Tin Works Ltd.", country="MALAYSIA", cid="CID900001"
    ),
    LookupRow(metal="Tin", lookup="Example Alias", name="Example Tin Works Ltd.", country="MALAYSIA", cid="CID900001"),
    LookupRow(metal="Gold", lookup="Example Gold", name="Example Gold", country="JAPAN", cid="CID900002", city="Kobe"),
)


def file_of(**fields):
    return build_workbook(make_declared(("Tin", "Gold"), **{"smelters": [], **fields}), look_up=LIST)


def values(declared):
    return {
        question: {mineral: each.value for mineral, each in given.items()}
        for question, given in declared.answers.items()
    }


@pytest.fixture(scope="module")
def whole():
    content = file_of(products=(make_product("P-1"),), checker_count=2)
    return content, read_declaration(content)


def test_labels_are_the_first_tier(whole):
    _content, declared = whole
    assert (declared.tier, declared.layout_guessed, declared.checker_count) == (Tier.LABELS, False, 2)
    assert declared.answers["1"]["Tin"] == Answer("Yes", "", "D27")
    assert declared.answers["6"]["Gold"] == Answer("100%", "", "D58")


def test_lost_labels_are_found_in_the_files_own_list(whole):
    """A program that does not calculate leaves every label empty, for labels are formulas."""
    content, declared = whole
    again = read_declaration(add_labels(content, all_labels(content)))
    assert again == msgspec.structs.replace(declared, tier=Tier.KEYS)


def test_without_any_labels_the_known_cells_are_read(whole):
    content, declared = whole
    blank = {f"Declaration!{cell}": None for _sheet, cell, _text in all_labels(content)}
    assert read_declaration(edit(content, blank)) == msgspec.structs.replace(declared, tier=Tier.FIXED)


@pytest.mark.parametrize("mark", ["１）", "1 )", "1). "])
def test_full_width_numbers_are_numbers(whole, mark):
    content, declared = whole
    label = f"{mark}製品に意図的に使用されていますか"
    assert read_declaration(edit(content, {"Declaration!B25": label})) == declared


def test_inserted_rows_move_everything(whole):
    content, declared = whole
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Declaration"].insert_rows(12, 2)
    moved = read_declaration(saved(book))
    assert (moved.company, moved.effective_date, values(moved)) == (
        declared.company, declared.effective_date, values(declared),
    )  # fmt: skip
    assert moved.answers["1"]["Tin"].cell == "D29"
    assert moved.tier == Tier.LABELS


def test_split_cells_are_read_where_the_value_stands(whole):
    content, _declared = whole
    edits = {"Declaration!D8": None, "Declaration!E8": "Split Co.", "Declaration!D27": None, "Declaration!E27": "No"}
    declared = read_declaration(edit(content, edits))
    assert (declared.company.name, declared.answer("1", "Tin")) == ("Split Co.", "No")


def test_errors_and_zeros_are_nothing(whole):
    content, _declared = whole
    edits = {"Declaration!D8": "#REF!", "Declaration!D14": 0, "Declaration!D27": "#N/A", "Declaration!G27": "  \t "}
    declared = read_declaration(edit(content, edits))
    assert (declared.company.name, declared.company.address) == ("", "")
    assert declared.answers["1"]["Tin"] == Answer("", "", "D27")


@pytest.mark.parametrize(
    ("written", "value", "exact"),
    [("Yes", "Yes", True), ("YES", "YES", True), ("Yes ", "Yes", False), ("はい", "Yes", False), (" ", "", True)],
)
def test_an_answer_remembers_whether_its_cell_holds_the_very_words(whole, written, value, exact):
    answer = read_declaration(edit(whole[0], {"Declaration!D27": written})).answers["1"]["Tin"]
    assert (answer.value.casefold(), answer.exact) == (value.casefold(), exact)


def test_hints_are_no_comments(whole):
    content, _declared = whole
    edits = {"Declaration!G27": "Click here to enter smelter names", "Declaration!H27": "See list"}
    assert read_declaration(edit(content, edits)).answers["1"]["Tin"] == Answer("Yes", "See list", "D27")


def test_a_number_is_a_share():
    content = edit(file_of(version="6.22"), {"Declaration!D57": 1, "Declaration!D58": 0.9})
    assert values(read_declaration(content))["6"] == {"Tantalum": "", "Tin": "100%", "Gold": "90%", "Tungsten": ""}


@pytest.mark.parametrize(
    ("value", "iso", "text"),
    [
        (datetime.datetime(2026, 5, 10), "2026-05-10", "2026-05-10"),
        ("10-May-2026", "2026-05-10", "10-May-2026"),
        ("46152", "2026-05-10", "46152"),
        ("10/05/2026", "", "10/05/2026"),
        (None, "", ""),
    ],
)
def test_the_date_keeps_its_text(whole, value, iso, text):
    declared = read_declaration(edit(whole[0], {"Declaration!D22": value}))
    assert (declared.effective_date, declared.effective_text) == (iso, text)


@pytest.mark.parametrize(
    ("place", "labels"),
    [
        ("中文 Chinese", ("公司名称 (*)：", "申报范围或种类 (*)：", "联系人姓名 (*)：", "生效日期 (*)：")),
        ("日本語 Japanese", ("会社名(*):", "申告範囲又はクラス(*)：", "連絡先担当者名(*)", " 記入日(*):")),
        ("Deutsch", ("Firmenname (*):", "Geltungsbereich der Erklärung (*):", "Kontaktname (*):", "Datum (*):")),
        (
            "Türkçe",
            (
                "Şirket Adı (*):",
                "Beyan Kapsamı ya da Sınıfı (*):",
                "İrtibat Kişisinin Adı (*):",
                "Yürürlük Tarihi (*):",
            ),
        ),
    ],
)
def test_the_language_of_the_labels_changes_nothing(whole, place, labels):
    content, declared = whole
    cells = dict(zip(("B8", "B9", "B15", "B22"), labels, strict=True)) | {
        "D3": place,
        "B26": "钽(*)",
        "B29": "タングステン(*)",
    }
    again = read_declaration(edit(content, {f"Declaration!{cell}": text for cell, text in cells.items()}))
    assert again == msgspec.structs.replace(declared, language=place)


def test_renamed_and_moved_sheets_are_known_by_what_is_on_them(whole):
    content, declared = whole
    names = {"Declaration": "申告", "Smelter List": "冶炼厂", "Product List": "Produkte"}
    assert read_declaration(edit(content, {}, rename=names)) == declared


def test_a_deleted_list_is_an_empty_one(whole):
    content, declared = whole
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name in ("Product List", "Smelter List", "Checker", "Smelter Look-up"):
        del book[name]
    again = read_declaration(saved(book))
    assert again == msgspec.structs.replace(declared, products=(), smelters=(), checker_count=None, lookup=())


@pytest.mark.parametrize(("version", "newest"), [("6.7", "6.6"), ("7.0", "6.6"), ("6.6", "6.6")])
def test_a_newer_version_is_read_by_the_newest_layout_and_says_so(version, newest):
    declared = read_declaration(file_of(version=version))
    assert (declared.version, declared.layout_guessed, declared.tier) == (version, True, Tier.LABELS)
    assert layout_for("CMRT", version)[0].since == newest
    assert values(declared)["8"]["Tin"] == "Yes"


def test_without_a_version_the_newest_layout_is_guessed(whole):
    content, declared = whole
    assert read_declaration(edit(content, {"Declaration!J3": None})) == msgspec.structs.replace(
        declared, version="", layout_guessed=True
    )


@pytest.mark.parametrize(("version", "letters"), [("4.01b", 10), ("4.20", 10), ("5.0", 9), ("5.12", 9)])
def test_the_questions_about_the_company_went_down_to_nine_with_5_0(version, letters):
    assert len(layout_for("CMRT", version)[0].letters) == letters


def test_a_version_older_than_all_known_is_guessed_by_the_oldest_layout():
    layout, guessed = layout_for("EMRT", "0.9")
    assert (layout.since, guessed) == ("1.0", True)


def test_left_over_answers_of_unused_rows_are_no_answers():
    content = file_of(template=Template.EMRT, version="1.3", minerals=("Cobalt", "Mica"))
    edits = {"Declaration!B28": 0, "Declaration!D28": "No", "Declaration!D29": "No", "Declaration!D45": "No"}
    declared = read_declaration(edit(content, edits))
    assert [list(given) for given in declared.answers.values()] == [
        ["Cobalt"] if question == "4" else ["Cobalt", "Mica"] for question in "1234567"
    ]


def test_deleted_and_other_minerals_of_an_emrt():
    minerals = ("Cobalt", "Copper", "Mica")
    content = file_of(template=Template.EMRT, version="2.0", minerals=minerals)
    edits = {
        "Declaration!E12": "(Delete Copper)",
        "Declaration!G13": "Other [specify below]",
        "Declaration!D14": "Zinc",
    }
    assert read_declaration(edit(content, edits)).minerals == ("Cobalt", "Mica", "Zinc")


@pytest.mark.parametrize(
    ("template", "number", "version"),
    [
        ("CMRT", "2", "2.00"), ("CMRT", "2.03a", "2.03a"), ("CMRT", "6.1", "6.10"), ("CMRT", "6.01", "6.01"),
        ("CMRT", "6.5", "6.5"), ("CMRT", "6.6.1", "6.61"), ("AMRT", "1.2.1", "1.21"), ("EMRT", "2", "2.0"), ("EMRT", "2.1", "2.1"),
    ],
)  # fmt: skip
def test_versions_have_one_name(template, number, version):
    assert normal_version(Template(template), number) == version


def test_versions_sort_as_they_came_out():
    versions = [
        "2.00",
        "2.01",
        "2.03",
        "2.03a",
        "3.0",
        "3.02",
        "4.01",
        "4.10",
        "5.11",
        "6.01",
        "6.1",
        "6.22",
        "6.3",
        "6.31",
        "6.5",
    ]
    assert sorted(reversed(versions), key=version_key) == versions
    assert version_key("6.1") == version_key("6.10")


ANYTHING = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "#N/A",
            "A. ",
            "1) x",
            "9) y",
            "K. z",
            "© x",
            "Tin",
            "Datum",
            "Address:",
            "Revision 6.1",
            "CMRT",
            "EMRT",
            "Metal",
        ]
    ),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(datetime.date(1900, 3, 1), datetime.date(2200, 1, 1)),
)


@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["Declaration", "Smelter List", "Product List", "Smelter Look-up", "Checker"]),
    st.dictionaries(st.tuples(st.sampled_from("ABCDEGJP"), st.integers(1, 95)), ANYTHING, min_size=1, max_size=30),
    st.sampled_from(
        [(Template.CMRT, "6.5"), (Template.CMRT, "2.03a"), (Template.EMRT, "2.0"), (Template.AMRT, "1.21")]
    ),
)
def test_whatever_stands_in_the_cells_is_read_or_refused(sheet, cells, kind):
    template, version = kind
    book = openpyxl.load_workbook(io.BytesIO(file_of(template=template, version=version, minerals=("Tin", "Gold"))))
    for (column, row), value in cells.items():
        if sheet in book.sheetnames:
            text = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            book[sheet][f"{column}{row}"] = f"'{text}" if isinstance(text, str) and text.startswith("=") else text
    try:
        read_declaration(saved(book))
    except Unreadable as error:
        assert error.code in {"not_a_template", "too_old"}


class TestSmelters:
    def read(self, cells, **fields):
        return read_declaration(
            edit(file_of(**fields), {f"Smelter List!{cell}": text for cell, text in cells.items()})
        ).smelters

    def test_rows_after_a_gap_and_at_the_end_are_read(self):
        rows = self.read(
            {
                "B5": "Tin",
                "C5": "Example Tin Works",
                "B400": "Gold",
                "C400": "Example Gold",
                "B2504": "Tin",
                "C2504": "Else",
            }
        )
        assert [(row.row, row.metal, row.listed) for row in rows] == [
            (5, "Tin", True),
            (400, "Gold", True),
            (2504, "Tin", False),
        ]

    def test_an_id_alone_is_looked_up_as_the_formulas_would(self):
        (row,) = self.read({"A5": "CID900002"})
        assert row == make_smelter_row(
            5, cid_input="CID900002", metal="Gold", lookup="Example Gold", name="Example Gold", standard_name="Example Gold",
            country="JAPAN", cid="CID900002", city="Kobe", source="", recycled="", listed=True,
        )  # fmt: skip

    def test_an_alias_gives_the_standard_name(self):
        (row,) = self.read({"B5": "Tin", "C5": "Example  alias "})
        assert (row.standard_name, row.cid, row.country, row.listed) == (
            "Example Tin Works Ltd.",
            "CID900001",
            "MALAYSIA",
            True,
        )

    def test_an_unknown_id_stays_what_was_typed(self):
        (row,) = self.read({"A5": "CID999999"})
        assert (row.cid_input, row.cid, row.listed) == ("CID999999", "", False)

    def test_not_listed_rows_are_kept_as_typed(self):
        (row,) = self.read(
            {"B5": "Tin", "C5": "Smelter not listed", "D5": "New Works", "E5": "PERU", "G5": "Enter smelter details"}
        )
        assert (row.is_unlisted, row.name, row.country, row.source, row.listed) == (
            True,
            "New Works",
            "PERU",
            "",
            False,
        )

    def test_zeros_errors_and_footers_are_no_rows(self):
        cells = {"B5": 0, "C5": 0, "X5": 0, "B6": "#N/A", "B7": "© 2025 Example", "H8": 0, "Q9": "only a note"}
        assert self.read(cells) == ()

    def test_overwritten_heads_do_not_move_columns(self):
        heads = {"M4": "0", "N4": "0", "O4": "0", "E4": None}
        (row,) = self.read(heads | {"B5": "Tin", "C5": "X", "E5": "PERU", "N5": "A mine", "O5": "Peru", "Q5": "note"})
        assert (row.country, row.mines, row.mine_countries, row.comments) == ("PERU", "A mine", "Peru", "note")

    def test_metals_are_named_in_english(self):
        rows = self.read({"B5": "锡", "C5": "Example Tin Works", "B6": "Gold (Au)", "C6": "Example Gold"})
        assert [(row.metal, row.listed) for row in rows] == [("Tin", True), ("Gold", True)]


def test_too_old_and_foreign_workbooks_are_refused_with_facts(whole):
    content, _declared = whole
    with pytest.raises(Unreadable) as refused:
        read_declaration(edit(content, {"Declaration!J3": "1.   July 18th 2011 Revision 1.00"}))
    assert (refused.value.code, refused.value.params) == ("too_old", {"version": "1.00"})
    with pytest.raises(Unreadable) as refused:
        read_declaration(
            edit(content, {"Declaration!B8": None, "Declaration!J3": None}, rename={"Declaration": "Prices"})
        )
    assert refused.value.code == "not_a_template"
    assert refused.value.params["looked"] == "Declaration"
    assert "Prices" in refused.value.params["found"]
