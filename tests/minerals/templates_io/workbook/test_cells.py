"""Cells as real files have them."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.templates_io.workbook.cells import cell_place, clean_text, column_number, fill_gaps
from minerals.templates_io.workbook.dates import read_date
from minerals.templates_io.workbook.declaration_sheet import canonical_mineral, read_answer, read_scope


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (0, ""),
        (0.0, ""),
        ("0", ""),
        ("#N/A", ""),
        ("#REF!", ""),
        (" #VALUE! ", ""),
        ("Enter smelter details", ""),
        ("© 2025 Responsible Minerals Initiative", ""),
        ("Click here to return to Declaration tab", ""),
        (12345.0, "12345"),
        (81312345678.0, "81312345678"),
        (0.5, "0.5"),
        (True, "True"),
        (datetime.date(2024, 5, 10), "2024-05-10"),
        (datetime.datetime(2024, 5, 10), "2024-05-10"),
        (datetime.datetime(2024, 5, 10, 8, 30), "2024-05-10 08:30:00"),
        ("  Example\tTin Works \xa0", "Example Tin Works"),
        ("one_x000D_\ntwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("half \ud800 sign", "half  sign"),
        ("_x0041_", "A"),
    ],
)
def test_a_cell_says_what_it_says(value, text):
    assert clean_text(value) == text


@given(st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.datetimes(), st.booleans(), st.timedeltas()))
def test_any_cell_gives_text_a_database_takes(value):
    text = clean_text(value)
    assert text == text.strip() and "\x00" not in text
    text.encode("utf-8")
    read_answer(value)
    read_date(value)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime.date(2024, 5, 10), "2024-05-10"),
        (datetime.datetime(2024, 5, 10, 23, 59), "2024-05-10"),
        (45422.0, "2024-05-10"),
        ("45422", "2024-05-10"),
        ("10-May-2024", "2024-05-10"),
        ("10-MAY-24", "2024-05-10"),
        (" 10 may 2024 ", "2024-05-10"),
        ("1st June, 2024", "2024-06-01"),
        ("May 10, 2024", "2024-05-10"),
        ("10. Mai 2024", "2024-05-10"),
        ("3 février 2025", "2025-02-03"),
        ("15 de mayo de 2024", "2024-05-15"),
        ("5 Ağustos 2024", "2024-08-05"),
        ("2024-05-10", "2024-05-10"),
        ("2024-05-10T00:00:00", "2024-05-10"),
        ("2024/5/10", "2024-05-10"),
        ("2024.05.10", "2024-05-10"),
        ("20240510", "2024-05-10"),
        ("2024年5月10日", "2024-05-10"),
        ("２０２４年５月１０日", "2024-05-10"),
        ("2024년 5월 10일", "2024-05-10"),
        ("25/04/2025", "2025-04-25"),
        ("04/25/2025", "2025-04-25"),
        ("05/05/2025", "2025-05-05"),
        ("10/05/2024", ""),  # the tenth of May or the fifth of October: nobody can tell
        ("31-Feb-2024", ""),
        ("10-Foo-2024", ""),
        ("soon", ""),
        ("", ""),
        (None, ""),
        (5.0, ""),
        (float("nan"), ""),
        (float("inf"), ""),
    ],
)
def test_a_date_is_read_in_every_form(value, day):
    assert read_date(value) == day


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (1.0, "100%"),
        ("1", "100%"),
        ("1.0", "100%"),
        ("100%", "100%"),
        ("100 %", "100%"),
        (0.9, "90%"),
        ("Yes ", "Yes"),
        ("YES", "Yes"),
        ("はい", "Yes"),
        ("否", "No"),
        ("Inconnu", "Unknown"),
        ("No, but greater than 75% ", "No, but greater than 75%"),
        (0, ""),
        ("n/a", "n/a"),
        (None, ""),
    ],
)
def test_an_answer_is_one_word_however_it_is_typed(value, answer):
    assert read_answer(value) == answer


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("A. Company", "A"),
        ("B. Product (or List of Products)", "B"),
        ("C. User defined [Specify in 'Description of scope']", "C"),
        ("D. Product Level", "D"),
        ("b", "B"),
        ("Company", "A"),
        ("Product (or List of Products)", "B"),
        ("All our products", ""),
        ("", ""),
    ],
)
def test_a_scope_has_a_letter(text, letter):
    assert read_scope(text) == letter


@pytest.mark.parametrize(
    ("label", "mineral"),
    [
        ("Tantalum  (*)", "Tantalum"),
        ("Tin (Sn) (*)", "Tin"),
        ("金(*)", "Gold"),
        ("タングステン (*)", "Tungsten"),
        ("Étain (*)", "Tin"),
        ("钴(*)", "Cobalt"),
        ("Glimmer", "Mica"),
        ("Iron/ Steel(*)", "Iron/ Steel"),
        ("Unobtainium (*)", "Unobtainium"),
    ],
)
def test_a_mineral_has_its_english_name(label, mineral):
    assert canonical_mineral(label) == mineral


def test_places_of_cells():
    assert [column_number(letters) for letters in ("A", "Z", "AA", "AH")] == [1, 26, 27, 34]
    assert cell_place("AB12") == (12, 28)


@pytest.mark.parametrize(
    ("found", "expected", "places"),
    [
        ({}, {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        ({"b": 5}, {"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 5, "c": 6}),
        ({"a": 1, "c": 4}, {"a": 1, "b": 2, "c": 3, "d": 4}, {"a": 1, "b": 2, "c": 4, "d": 5}),
        ({"new": 9}, {"a": 1}, {"new": 9, "a": 1}),
    ],
)
def test_what_was_not_found_keeps_its_distance_to_what_was(found, expected, places):
    assert fill_gaps(found, expected) == places
