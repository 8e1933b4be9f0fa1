"""Heads, cells and rows of lists."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.smelters.comparison import Entry
from minerals.smelters.workbook import (
    CellFault,
    ListReading,
    clean_status,
    find_columns,
    read_day,
    read_lines,
    read_looked_up,
)
from minerals.templates_io.document import LookupRow

COUNTRIES = {"malaysia": "MY", "japan": "JP"}
HEADS = [
    "Metal",
    "Facility ID",
    "Standard Facility Name",
    "Country Location",
    "Due Diligence Assessment Program Status",
]


def read(*lines, heads=HEADS, metal=""):
    reading = ListReading(COUNTRIES, metal)
    place, columns = find_columns([(1, heads)])
    assert place == 0
    read_lines(reading, "List", list(enumerate(lines, start=2)), columns)
    return reading


@pytest.mark.parametrize(
    ("heads", "columns"),
    [
        (HEADS, {"metal": 0, "cid": 1, "name": 2, "country": 3, "status": 4}),
        (
            ["Metal", "Smelter Look-up (*)", "Smelter Name (1)", "Smelter ID", "LAST AUDIT DATE", "AUDIT CYCLE"],
            {"metal": 0, "lookup": 1, "cid": 3, "audited_on": 4, "cycle": 5},
        ),
        (["name", "ID", "Standard Smelter Name"], {"cid": 1, "name": 2}),
        (["CID", " SMELTER  NAME ", None, 7, "Something else"], {"cid": 0, "name": 1}),
        (["金属", "CID", "Name", "国"], {"metal": 0, "cid": 1, "name": 2, "country": 3}),
    ],
)
def test_find_columns(heads, columns):
    found = find_columns([(1, ["Facilities list"]), (2, []), (3, heads)])
    assert found == ((2, columns) if {"cid", "name"} <= set(columns) else None)


def test_no_heads_are_no_list():
    assert find_columns([(1, ["Supplier", "Vendor code"]), (2, ["A", "B"])]) is None
    assert find_columns([]) is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Conformant", "conformant"),
        ("RMAP Conformant*", "conformant"),
        ("Non Conformant", "non_conformant"),
        ("Non-Conformant", "non_conformant"),
        ("Active", "active"),
        ("Inactive", "unknown"),
        ("Cross-Recognized", "recognised"),
        ("Eligible", "eligible"),
        ("Not Eligible", "unknown"),
        ("Outreach Required", "outreach"),
        ("In Communication", "in_communication"),
        ("Communication Suspended – Not Interested", "suspended"),
        ("RMI Due Diligence Review - Unable to Proceed", "unable"),
        ("Ceased operations", "removed"),
        ("Facility Standard Assessed", "unknown"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_clean_status(text, status):
    assert clean_status(text) == status


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-03-09", date(2021, 3, 9)),
        ("11/19/2020", date(2020, 11, 19)),
        ("19/11/2020", date(2020, 11, 19)),
        ("03/04/2020", date(2020, 3, 4)),
        ("3/4/20", date(2020, 3, 4)),
        ("2021/3/9", date(2021, 3, 9)),
        ("2021年3月9日", date(2021, 3, 9)),
        ("09-Mar-2021", date(2021, 3, 9)),
        ("March 9, 2021", date(2021, 3, 9)),
        ("2021-03-09T00:00:00", date(2021, 3, 9)),
        (datetime(2021, 3, 9, 12), date(2021, 3, 9)),
        (date(2021, 3, 9), date(2021, 3, 9)),
        ("N/A", None),
        ("", None),
        (None, None),
    ],
)
def test_read_day(cell, day):
    assert read_day(cell) == (day, True)


@pytest.mark.parametrize("cell", ["soon", "31/31/2020", "2021-13-40", "1021-01-01", 44000])
def test_read_day_refuses_what_is_none(cell):
    assert read_day(cell) == (None, False)


def test_rows_of_one_smelter_become_one_entry():
    heads = ["Metal", "Smelter Look-up", "Standard Smelter Name", "Country", "Smelter ID", "Last Audit Date", "LBMA RG"]
    reading = read(
        ["TIN", "ETW", "Example Tin Works", "Malaysia", "CID900001", "11/19/2020", None],
        ["Tin", "Example Tin Works", "Example Tin Works", "MALAYSIA", "CID900001", None, "Yes"],
        [None] * 7,
        ["Tin", "Smelter not listed", None, None, None, None, None],
        ["Tin", "Smelter not yet identified", "Unknown", None, None, None, None],
        ["© Somebody. All rights reserved.", None, None, None, None, None, None],
        heads=heads,
    )
    assert reading.faults == []
    assert reading.rows == 2
    assert list(reading.entries.values()) == [
        Entry(
            metal="Tin",
            cid="CID900001",
            name="Example Tin Works",
            names=("ETW",),
            country="MY",
            country_text="Malaysia",
            status="recognised",
            programme="LBMA",
            audited_on=date(2020, 11, 19),
        )
    ]


def test_every_wrong_cell_is_named():
    heads = [*HEADS, "Last audit date"]
    reading = read(
        [None, "CID900001", "Example Tin Works", "Japan", "Active", None],
        ["Tin", "cid 9001", "Example Tin Works", "Japan", "Active", "soon"],
        ["Tin", "1DEU001", None, "Japan", "Active", None],
        ["Tin", None, "Nameless", "Japan", "Active", None],
        ["Tin", "CID900002", "One", "Atlantis", "Active", None],
        ["Tin", "CID900002", "Two", "Japan", "Active", None],
        ["Tin", "CID900002", "One", "Japan", "Conformant", None],
        heads=heads,
    )
    assert reading.faults == [
        CellFault("List", 2, 0, "", "metal_missing"),
        CellFault("List", 3, 1, "cid 9001", "id_wrong"),
        CellFault("List", 3, 5, "soon", "date"),
        CellFault("List", 4, 1, "1DEU001", "id_old"),
        CellFault("List", 4, 2, "", "name_missing"),
        CellFault("List", 5, 1, "", "id_missing"),
        CellFault("List", 7, 2, "Two", "other_name", {"first": "One", "cid": "CID900002"}),
        CellFault("List", 8, 4, "Conformant", "other_status", {"first": "Active", "cid": "CID900002"}),
    ]
    assert reading.strange == {"Atlantis"}


def test_a_list_without_metals_takes_the_one_that_was_chosen():
    reading = read(["CID900001", "Example"], heads=["CID", "Name"], metal="Gold")
    assert list(reading.entries) == [("Gold", "CID900001")]


def test_the_list_of_a_template_passes_over_what_nobody_can_correct():
    rows = [
        LookupRow(metal="Tin", lookup="ETW", name="Example Tin Works", country="JAPAN", cid="CID900001", city="Aomori"),
        LookupRow(metal="Tin", lookup="Other", name="Contradiction", country="JAPAN", cid="CID900001"),
        LookupRow(metal="Tin", lookup="Old", name="Old Works", country="JAPAN", cid="2JPN001"),
        LookupRow(metal="Tin", lookup="Smelter not listed", name="", country="", cid=""),
        LookupRow(metal="Tin", lookup="Smelter not yet identified", name="Unknown", country="", cid=""),
    ]
    assert list(read_looked_up(rows, COUNTRIES).entries.values()) == [
        Entry(
            metal="Tin",
            cid="CID900001",
            name="Example Tin Works",
            names=("ETW",),
            country="JP",
            country_text="JAPAN",
            city="Aomori",
        )
    ]


@given(st.lists(st.lists(st.none() | st.text(max_size=20) | st.integers() | st.floats(), max_size=6), max_size=6))
def test_any_rows_give_entries_or_faults(lines):
    reading = read(*lines)
    assert all(entry.name and entry.metal for entry in reading.entries.values())
