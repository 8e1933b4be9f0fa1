"""Whole numbers from text."""

import pytest

from portal.lib.numbers import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, 0),
        ("9" * 5000, 0),
        ("-1", 0),
        ("", 0),
        ("²", 0),
        ("٣", 0),
    ],
)
def test_a_number_is_a_few_plain_digits(text, number):
    assert read_number(text) == number
