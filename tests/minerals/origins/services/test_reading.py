"""Pasted tables and files to rows, or a sentence for each wrong cell."""

import pytest
from django.utils import translation

from minerals.origins.services import AreaRow, read_areas
from portal.lib.errors import DomainError
from portal.lib.workbook import Sheet, write_workbook


def refused(content):
    with pytest.raises(DomainError) as caught:
        read_areas(content)
    return caught.value


def test_a_pasted_table_without_heads_is_read():
    assert read_areas(b"Myanmar\tKachin\thigh\tOre\nNO\t\tElevated risk\nKolumbien") == [
        AreaRow("MM", "Kachin", "high", "Ore"),
        AreaRow("NO", "", "elevated"),
        AreaRow("CO"),
    ]


def test_heads_may_stand_in_any_order_and_language():
    with translation.override("ja"):
        from minerals.origins.services.reading import HEADS

        heads = "\t".join(str(HEADS[name]) for name in ("note", "country"))

    assert read_areas(f"{heads}\nOre\tPeru".encode()) == [AreaRow("PE", note="Ore")]


def test_a_workbook_is_read():
    content = write_workbook([Sheet("Areas", ["Country", "Grade"], [["Peru", "Watched"]])])

    assert read_areas(content) == [AreaRow("PE", grade="watch")]


def test_every_wrong_cell_is_named():
    error = refused(f"Atlantis\nPeru\t{'x' * 201}\tterrible\nPeru\t{'x' * 201}\n\tChocó".encode())

    assert (error.code, error.message) == (
        "cells",
        "6 cells are wrong. Nothing was saved. Correct them and show the list again.",
    )
    assert error.detail == [
        {
            "place": "A1",
            "value": "Atlantis",
            "message": "This is not one country that is known here. Write its name or its code.",
        },
        {"place": "B2", "value": "x" * 80, "message": "Write at most 200 characters."},
        {"place": "C2", "value": "terrible", "message": "Write one of these: High risk, Elevated risk, Watched."},
        {"place": "B3", "value": "x" * 80, "message": "Write at most 200 characters."},
        {"place": "A3", "value": "Peru", "message": "This area stands in row 2 already. Take one of the two out."},
        {"place": "A4", "value": "", "message": "Write the country."},
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"Country\n", "no_rows"),
        ("Peru\n" * 2_001, "too_many"),
        (b"PK\x03\x04junk", None),
    ],
)
def test_what_is_no_list_is_refused(content, code):
    error = refused(content if isinstance(content, bytes) else content.encode())

    assert code in (error.code, None)
    assert error.message
