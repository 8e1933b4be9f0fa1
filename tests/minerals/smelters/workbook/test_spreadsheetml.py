"""SpreadsheetML 2003, gaps and traps."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.smelters.workbook import NotSpreadsheetML, read_spreadsheetml

HEAD = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'


def book(rows, title="Facilities"):
    return f'{HEAD}<Worksheet ss:Name="{title}"><Table>{rows}</Table></Worksheet></Workbook>'.encode()


def test_rows_and_cells_that_are_left_out_keep_their_places():
    rows = (
        '<Row ss:Index="3"><Cell><Data ss:Type="String">Metal</Data></Cell>'
        '<Cell ss:Index="4"><Data ss:Type="String">Name</Data></Cell></Row>'
        '<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Tin</Data></Cell>'
        '<Cell><Data ss:Type="Number">7</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2021-03-09T00:00:00.000</Data></Cell></Row>'
    )
    assert read_spreadsheetml(book(rows)) == [
        ("Facilities", [(3, ["Metal", None, None, "Name"]), (4, ["Tin", None, 7.0, datetime(2021, 3, 9)])])
    ]


def test_marked_up_text_is_text_and_what_is_no_number_stays_text():
    rows = (
        '<Row><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40">Example <B>Tin</B></ss:Data></Cell>'
        '<Cell><Data ss:Type="Number">n/a</Data></Cell><Cell/></Row>'
    )
    assert read_spreadsheetml(book(rows)) == [("Facilities", [(1, ["Example Tin", "n/a", None])])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<?xml version='1.0'?><html></html>", "other_xml"),
        (b"<?xml version='1.0'?><Workbook", "broken"),
        (b"", "broken"),
        (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><Workbook>&a;</Workbook>", "broken"),
        (b"<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd'><Workbook/>", "broken"),
        (book('<Row ss:Index="99999999"/>'), "too_large"),
        (book('<Row><Cell ss:Index="99999999"/></Row>'), "too_large"),
        (book('<Row ss:Index="2"/><Row ss:Index="1"/>'), "broken"),
        (book('<Row ss:Index="two"/>'), "broken"),
        (b"<" + b" " * 20_000_001, "too_large"),
    ],
)
def test_what_is_none_or_better_not_read_on_is_refused(content, code):
    with pytest.raises(NotSpreadsheetML) as refused:
        read_spreadsheetml(content)
    assert refused.value.code == code


@given(st.binary(max_size=200), st.integers(0, 400))
def test_any_bytes_are_read_or_refused(noise, place):
    content = book("<Row><Cell><Data ss:Type='String'>Tin</Data></Cell></Row>")
    try:
        sheets = read_spreadsheetml(content[:place] + noise + content[place:])
    except NotSpreadsheetML:
        return
    assert isinstance(sheets, list)
