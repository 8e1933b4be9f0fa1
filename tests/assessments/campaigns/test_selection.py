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
        workers_from=st.none() | st.integers(0, 9999),
        workers_to=st.none() | st.integers(0, 9999),
        own_sites=st.sampled_from(["without", "with", "only"]),
        vendor_codes=words,
    )
)
def test_a_selection_survives_its_json(selection):
    once = Selection.from_data(selection.to_data())
    assert Selection.from_data(once.to_data()) == once
    assert set(once.vendor_codes) == set(selection.vendor_codes)
    assert set(once.tiers) == set(selection.tiers)
    assert (once.workers_from, once.workers_to) == (selection.workers_from, selection.workers_to)


@pytest.mark.parametrize(
    ("selection", "by_size"),
    [
        (Selection(), False),
        (Selection(workers_from=0), True),
        (Selection(workers_to=250), True),
        (Selection(workers_to=250, vendor_codes=("V-1",)), False),
    ],
)
def test_the_size_decides_where_a_limit_is_set_and_no_code(selection, by_size):
    assert selection.by_size is by_size


def test_a_limit_of_zero_is_kept_and_an_empty_one_is_none():
    data = Selection.from_data({"workers_from": "0", "workers_to": ""}).to_data()
    assert data == {"own_sites": "without", "workers_from": 0}
