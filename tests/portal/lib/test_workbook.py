"""Tables in and out."""

import contextlib
import datetime as dt
import io
import random
import struct
import time
import zipfile
import zlib
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from django.conf import settings as site
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.lib.errors import DomainError
from portal.lib.workbook import (
    Percent,
    Row,
    Sheet,
    Table,
    as_date,
    as_number,
    as_text,
    find_heads,
    read_table,
    read_tables,
    write_workbook,
)

SIMPLE = [Sheet("Suppliers", ["code", "name"], [["V-1", "Alpha"], ["V-2", "Beta"]])]


def write_raw(fill) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    fill(book, book.add_worksheet("A"))
    book.close()
    return target.getvalue()


def replace_member(content: bytes, name: str, change) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member.filename, change(data) if member.filename == name else data)
    return target.getvalue()


def read(content: bytes, **options) -> Table:
    return read_table(io.BytesIO(content), **options)


def refused(content: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        read(content)
    return caught.value.code


def test_written_workbook_reads_back_as_it_was() -> None:
    rows = [
        ["=1+1", 2.5, dt.date(2026, 1, 2), True],
        ["+49", 30000, dt.datetime(2026, 1, 2, 3, 4), False],
        [" \t-x", Decimal("1.5"), dt.time(6, 30), None],
        ["@SUM(A1)", None, None, "株式会社"],
    ]
    table = read(write_workbook([Sheet("A/B [1]", ["a", "b", "c", "d"], rows)]))

    assert table.headers == ["a", "b", "c", "d"]
    assert table.rows == [
        Row(2, ["=1+1", 2.5, dt.date(2026, 1, 2), True]),
        Row(3, ["+49", 30000, dt.datetime(2026, 1, 2, 3, 4), False]),
        Row(4, ["-x", 1.5, dt.time(6, 30), None]),
        Row(5, ["@SUM(A1)", None, None, "株式会社"]),
    ]


def test_text_that_looks_like_a_formula_is_written_as_a_string() -> None:
    content = write_workbook([Sheet("A", ["=a"], [["=1+1"], ["+1"], ["-1"], ["@x"], ["\t=1"]])])
    cells = [row[0] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]

    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells][:5] == ["=a", "=1+1", "+1", "-1", "@x"]


def test_write_survives_what_excel_does_not_hold() -> None:
    rows = [[float("inf"), float("nan"), "x" * 40_000, dt.date(1800, 1, 1), 10**20, "a\x00b"]]
    content = write_workbook([Sheet("History", list("abcdef"), rows), Sheet("history", [], []), Sheet("", [], [])])
    table = read(content)

    assert [len(as_text(cell)) for cell in table.rows[0].cells[:3]] == [3, 3, 32_767]
    assert table.rows[0].cells[3:5] == ["1800-01-01", "1" + "0" * 20]


def test_notes_stand_above_the_table_and_titles_are_unique() -> None:
    content = write_workbook([Sheet("A", ["h"], [["v"]], notes=["first", "second"]), Sheet("a", ["h"], [["w"]])])
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["A", "a 2"]
    assert [cell.value for cell in book["A"]["A"]] == ["first", "second", "h", "v"]


def test_drop_down_lists_advise_or_keep_still() -> None:
    sheet = Sheet("S", ["a", "b", "c"], [[1, 2, 3]], choices={0: ["x", "y"]}, suggestions={1: ["z"], 2: ["long" * 99]})
    book = openpyxl.load_workbook(io.BytesIO(write_workbook([sheet])))
    rules = {
        str(rule.sqref): (rule.formula1, rule.showErrorMessage) for rule in book["S"].data_validations.dataValidation
    }
    assert rules == {"A2:A5001": ('"x,y"', True), "B2:B5001": ('"z"', False)}


def test_row_numbers_and_places_are_those_of_excel() -> None:
    def fill(book, page) -> None:
        page.write_row(2, 1, ["code", "name"])
        page.write_row(5, 1, ["V-1", "Alpha"])
        page.write_row(9, 1, ["V-2"])

    table = read(write_raw(fill))

    assert table == Table("A", ["code", "name"], [Row(6, ["V-1", "Alpha"]), Row(10, ["V-2", None])], 3, 2)
    assert table.place(table.rows[0], 1) == "C6"


def test_percent_formats_read_as_shown_and_faults_as_text() -> None:
    def fill(book, page) -> None:
        page.write_row(0, 0, ["share", "fault", "formula", "plain"])
        page.write_number(1, 0, 0.887, book.add_format({"num_format": "0.0%"}))
        page.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 2, "=40+2", None, 42)
        page.write_number(1, 3, 0.5, book.add_format({"num_format": '0.0" % done"'}))

    cells = read(write_raw(fill)).rows[0].cells

    assert cells == [88.7, "#DIV/0!", 42, 0.5]
    assert isinstance(cells[0], Percent)
    assert as_text(cells[0]) == "88.7 %"


def test_merged_cells_give_their_value_to_each_row() -> None:
    def fill(book, page) -> None:
        page.write_row(0, 0, ["code", "site"])
        page.merge_range(1, 0, 3, 0, "V-1")
        for row in (1, 2, 3):
            page.write_string(row, 1, f"S{row}")

    assert [row.cells for row in read(write_raw(fill)).rows] == [["V-1", "S1"], ["V-1", "S2"], ["V-1", "S3"]]


def test_phantom_rows_are_passed_over() -> None:
    def fill(book, page) -> None:
        page.write_row(0, 0, ["code"])
        page.write_row(1, 0, ["V-1"])
        page.write_blank(1_048_575, 30, None, book.add_format({"bold": True}))

    assert read(write_raw(fill)).rows == [Row(2, ["V-1"])]


def test_one_far_cell_is_refused_before_it_fills_the_memory() -> None:
    def fill(book, page) -> None:
        page.write_string(0, 0, "code")
        page.write_string(1_048_575, 16_383, "x")

    with pytest.raises(DomainError, match="XFD1048576"):
        read(write_raw(fill))


@pytest.mark.parametrize(
    "cell",
    [
        b'<c x=">" r="XFD1048576"><v>1</v></c>',
        b"<c\tr = 'XFD1048576'><v>1</v></c>",
        b'<x:c r="XFD1048576"><v>1</v></x:c>',
        b'<c y="A1" r="XFD1048576" s="0"><v>1</v></c>',
        b'<c r="AAAAAAAAA1"><v>1</v></c>',
        b'<c r="xfd1048576"><is><t>x</t></is></c>',
    ],
)
def test_far_cell_in_unusual_spelling_is_refused_too(cell: bytes) -> None:
    content = replace_member(
        write_workbook(SIMPLE),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576">' + cell + b"</row></sheetData>"),
    )
    assert refused(content) == "too_many_cells"


@pytest.mark.parametrize(
    "sheet",
    [
        b"<c " * 700_000,
        b'<c x="' * 500_000,
        b'<c x="' + b"a" * 2_000_000 + b'">',
        b"<c r=" + b" " * 2_000_000 + b">",
        b"<" + b"a:" * 1_000_000 + b"c >",
        b"<row><c " * 200_000 + b">",
        b'<c x="<" r="XFD1048576"><v>1</v></c>',
    ],
)
def test_hostile_sheets_are_measured_in_one_pass(sheet: bytes) -> None:
    content = replace_member(write_workbook(SIMPLE), "xl/worksheets/sheet1.xml", lambda _xml: b"<worksheet>" + sheet)
    started = time.process_time()
    with contextlib.suppress(DomainError):
        read(content)
    assert time.process_time() - started < 5


def test_list_of_sheets_that_is_too_large_is_refused() -> None:
    comment = b"<!--" + random.Random(1).randbytes(10_000_001).hex().encode() + b"-->"
    content = replace_member(write_workbook(SIMPLE), "xl/workbook.xml", lambda xml: xml + comment)
    assert refused(content) == "broken"


def test_cells_without_names_are_counted_as_readers_count_them() -> None:
    content = replace_member(
        write_workbook(SIMPLE),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b' r="A2"', b"").replace(b' r="B2"', b"").replace(b' r="A1"', b""),
    )
    assert [row.cells for row in read(content).rows] == [["V-1", "Alpha"], ["V-2", "Beta"]]


def test_named_sheet_and_hidden_sheets() -> None:
    def fill(book, page) -> None:
        page.hide()
        for name in ("B", "C"):
            book.add_worksheet(name).write_row(0, 0, [f"head {name}"])
        book.worksheets()[1].activate()
        book.worksheets()[1].set_first_sheet()

    content = write_raw(fill)

    assert read(content).headers == ["head B"]
    assert read(content, sheet="C").headers == ["head C"]
    assert [table.sheet for table in read_tables(io.BytesIO(content))] == ["B", "C"]
    with pytest.raises(DomainError, match=r"no sheet “A”\. Its sheets are: B, C"):
        read(content, sheet="A")


def test_decomposed_letters_are_composed() -> None:
    table = read("name\nか\u3099っこう\u0000 \ufeff\n".encode("utf-8-sig"))
    assert table.rows == [Row(2, ["がっこう"])]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "株式会社サンプル"),
        ("utf-8-sig", "株式会社サンプル"),
        ("utf-16", "株式会社サンプル"),
        ("cp932", "株式会社サンプル製作所"),
        ("cp932", "東京電子工業"),
        ("gb18030", "深圳市样品电子有限公司"),
        ("gb18030", "苏州工厂"),
        ("cp874", "บริษัท ตัวอย่าง อิเล็กทรอนิกส์ จำกัด"),
        ("cp1252", "Müller & Söhne Gerätebau"),
        ("cp1252", "Société Générale d'Électronique"),
    ],
)
def test_csv_encoding_is_found(encoding: str, name: str) -> None:
    table = read(f"code,name\r\nV-1,{name}\r\n".encode(encoding))
    assert table.rows == [Row(2, ["V-1", name])]


def test_csv_tie_goes_to_the_reader() -> None:
    with translation.override("zh-hans"):
        assert read("code,name\nV-1,电子\n".encode("gb18030")).rows == [Row(2, ["V-1", "电子"])]
    with translation.override("ja"):
        assert read("code,name\nV-1,電子\n".encode("cp932")).rows == [Row(2, ["V-1", "電子"])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_separator_is_found(separator: str) -> None:
    text = separator.join(["code", '"name, first; second"']) + "\n" + separator.join(["V-1", '"a\nb"'])
    table = read(text.encode())
    assert (table.headers, table.rows) == (["code", "name, first; second"], [Row(2, ["V-1", "a\nb"])])


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 210_000_000)
    return target.getvalue()


def lying_zip() -> bytes:
    """A member that says 10 bytes and unpacks to 1,000,000; the check sum fits the 10."""
    data = b"0" * 1_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    crc, name = zlib.crc32(data[:10]), b"xl/workbook.xml"
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 10, len(name), 0) + name
    entry = (
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), 10, len(name), 0, 0, 0, 0, 0, 0)
        + name
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local) + len(packed), 0)
    return local + packed + entry + end


def entity_bomb() -> bytes:
    return replace_member(
        write_workbook(SIMPLE),
        "xl/workbook.xml",
        lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + xml.partition(b"?>")[2],
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"x" * 20_000_001, "too_large"),
        (b"PK\x03\x04 and nothing", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_table"),
        (b"\xff\xfe\x00", "not_a_table"),
    ],
)
def test_other_files_are_refused_with_a_code(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_bombs_and_lies_are_refused() -> None:
    assert refused(bomb()) == "zip_bomb"
    assert refused(lying_zip()) == "broken"
    assert refused(entity_bomb()) == "broken"


def test_too_many_cells_in_csv_are_refused() -> None:
    assert refused(b"a,b,c,d,e,f,g,h,i,j\n" * 100_001) == "too_many_cells"


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_table_or_a_sentence(content: bytes) -> None:
    try:
        assert isinstance(read(content), Table)
    except DomainError as error:
        assert error.message


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_to_a_workbook_gives_a_table_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(VICTIM)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    try:
        assert isinstance(read(bytes(content)), Table)
    except DomainError as error:
        assert error.message


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_inside_a_sheet_gives_a_table_or_a_sentence(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]))

    def damage(xml: bytes) -> bytes:
        place = data.draw(st.integers(0, len(xml) - 1))
        length = data.draw(st.integers(0, 40))
        return xml[:place] + data.draw(st.binary(max_size=12)) + xml[place + length :]

    try:
        assert isinstance(read(replace_member(VICTIM, name, damage)), Table)
    except DomainError as error:
        assert error.message


VICTIM = write_workbook(
    [Sheet("A", ["code", "share", "on"], [["V-1", 0.5, dt.date(2026, 1, 2)], ["V-2", 1, dt.time(1, 2)]])]
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,200", 1200),
        ("８８．７ %", 88.7),
        (" -3 ", -3),
        ("−3", -3),
        (Percent(88.7), 88.7),
        (7, 7),
        ("1,2", None),
        (",5", None),
        ("1_000", None),
        ("nan", None),
        ("inf", None),
        ("12 people", None),
        (True, None),
        (None, None),
        ("", None),
    ],
)
def test_as_number(cell, number) -> None:
    assert as_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("2026-11-14", dt.date(2026, 11, 14)),
        ("2026/1/4", dt.date(2026, 1, 4)),
        ("2026年11月14日", dt.date(2026, 11, 14)),
        ("２０２６．１．４", dt.date(2026, 1, 4)),
        (dt.datetime(2026, 1, 2, 3), dt.date(2026, 1, 2)),
        (dt.date(2026, 1, 2), dt.date(2026, 1, 2)),
        ("14/11/2026", None),
        ("2026-13-01", None),
        ("26-1-1", None),
        (46000, None),
        (None, None),
    ],
)
def test_as_date(cell, date) -> None:
    assert as_date(cell) == date


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none(), st.booleans()))
def test_cell_readers_never_fail(cell) -> None:
    as_number(cell)
    as_date(cell)
    assert isinstance(as_text(cell), str)


def test_workbook_of_another_program_reads_the_same() -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["share", "on", "name", "merged", "number"])
    page.append([0.25, dt.date(2026, 1, 2), "部品", "both", 7])
    page.append([None, dt.datetime(2026, 1, 2, 3, 4), "=1+1", None, 7.5])
    page["A2"].number_format = "0%"
    page["C3"].data_type = "s"
    page.merge_cells("D2:D3")
    target = io.BytesIO()
    book.save(target)

    assert read(target.getvalue()).rows == [
        Row(2, [25.0, dt.date(2026, 1, 2), "部品", "both", 7]),
        Row(3, [None, dt.datetime(2026, 1, 2, 3, 4), "=1+1", "both", 7.5]),
    ]


@pytest.mark.parametrize("language", [code for code, _name in site.LANGUAGES])
def test_heads_are_found_in_every_language_and_any_order(language):
    heads = {
        "conclusion": gettext_lazy("Conclusion"),
        "evidence": gettext_lazy("Evidence"),
        "site": gettext_lazy("Site"),
    }
    with translation.override(language):
        table = Table("", ["Remarks", str(heads["evidence"]), str(heads["conclusion"])])
    with translation.override("en"):
        assert find_heads(table, heads) == {"evidence": 1, "conclusion": 2}
