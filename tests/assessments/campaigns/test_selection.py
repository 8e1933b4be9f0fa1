"""Selections as plain data, and pasted vendor codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.campaigns.selection import Selection, split_codes

words = st.lists(st.text(min_size=1, max_size=8)).map(tuple)


@pytest.mark.parametrize(
    ("pasted", "codes"),
    [
        ("", []),
        ("  \n ", []),
        ("V-1", ["V-1"]),
        ("V-1\nV-2\r\nV-1", ["V-1", "V-2"]),
        ("V-1, V-2;V-3\tV-4", ["V-1", "V-2", "V-3", "V-4"]),
        ("AB 12\nAB 13 ", ["AB 12", "AB 13"]),
        ("あ１、い２", ["あ１", "い２"]),
        ("=cmd,-1", ["=cmd", "-1"]),
    ],
)
def test_pasted_codes_are_split_once_each_in_order(pasted, codes):
    assert split_codes(pasted) == codes


def test_an_empty_selection_is_suppliers_only():
    assert Selection.from_data({}) == Selection()
    assert Selection().to_data() == {"own_sites": "without"}


def test_codes_decide_where_there_are_any():
    assert not Selection(countries=("TH",)).by_codes
    assert Selection(vendor_codes=("V-1",)).by_codes


@given(
    st.builds(
        Selection,
        business_units=words,
        countries=words,
        tiers=st.lists(st.integers(1, 9)).map(tuple),
        own_sites=st.sampled_from(["without", "with", "only"]),
        vendor_codes=words,
    )
)
def test_a_selection_survives_its_json(selection):
    once = Selection.from_data(selection.to_data())
    assert Selection.from_data(once.to_data()) == once
    assert set(once.vendor_codes) == set(selection.vendor_codes)
    assert set(once.tiers) == set(selection.tiers)
