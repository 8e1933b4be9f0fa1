"""A list beside the registry."""

from datetime import date

import pytest

from minerals.smelters.comparison import Claim, Difference, Entry, Standing, compare_list, count_changes
from minerals.smelters.enums import Change

DAY = date(2026, 10, 1)
CLAIM = Claim(as_of=DAY, metals=("Tin",), complete=True)


def entry(cid="CID900001", **fields):
    return Entry(**{"metal": "Tin", "cid": cid, "name": "Example Tin Works", **fields})


def standing(*rows):
    return {(row.metal, row.cid): row for row in rows}


def known(cid="CID900001", **fields):
    return Standing(**{"metal": "Tin", "cid": cid, "name": "Example Tin Works", **fields})


def test_a_new_smelter_is_added_with_the_lists_own_word():
    assert compare_list([entry(status="active", text="Active, visit planned")], {}, CLAIM) == [
        Difference(Change.ADDED, "Tin", "CID900001", "Example Tin Works", "", "Active, visit planned")
    ]


@pytest.mark.parametrize(
    ("said", "stands", "found"),
    [
        (entry(), known(), []),
        (entry(name="EXAMPLE TIN-WORKS"), known(), []),
        (entry(name="Example Metals"), known(), [(Change.RENAMED, "Example Tin Works", "Example Metals")]),
        (entry(status="active", text="Active"), known(), [(Change.STATUS, "unknown", "Active")]),
        (entry(status="active"), known(status="active", text="Active"), []),
        (entry(status="unknown", text="Assessed"), known(), [(Change.STATUS, "unknown", "Assessed")]),
        (entry(status="unknown", text="assessed"), known(text="Assessed"), []),
        (entry(status="active"), known(status="conformant", as_of=date(2026, 11, 1)), []),
        (entry(status="active"), known(status="conformant", as_of=DAY), [(Change.STATUS, "conformant", "active")]),
        (entry(), known(status="removed", as_of=date(2026, 1, 1)), [(Change.STATUS, "removed", "")]),
        (entry(), known(status="removed", as_of=date(2026, 11, 1)), []),
        (entry(country="MY"), known(country="JP"), [(Change.COUNTRY, "JP", "MY")]),
        (entry(country="MY"), known(), [(Change.COUNTRY, "", "MY")]),
        (entry(), known(country="JP"), []),
        (entry(country_text="Elsewhere"), known(country_text="ELSEWHERE"), []),
        (entry(country_text="Elsewhere"), known(country_text="Nowhere"), [(Change.COUNTRY, "Nowhere", "Elsewhere")]),
    ],
)
def test_compare_one(said, stands, found):
    differences = compare_list([said], standing(stands), CLAIM)
    assert [(one.kind, one.before, one.after) for one in differences] == found


@pytest.mark.parametrize(
    ("claim", "gone"),
    [
        (CLAIM, ["CID900002"]),
        (Claim(as_of=DAY, metals=("Tin",)), []),
        (Claim(as_of=DAY, metals=("Gold",), complete=True), ["CID900100"]),
        (Claim(as_of=DAY, metals=("Tin",), complete=True, older=True), []),
        (Claim(as_of=date(2025, 1, 1), metals=("Tin",), complete=True), []),
    ],
)
def test_only_a_complete_list_removes_and_only_within_its_metals(claim, gone):
    rows = standing(
        known(),
        known("CID900002", as_of=date(2026, 1, 1), status="active"),
        known("CID900003", status="removed"),
        known("CID900100", metal="Gold"),
    )
    differences = compare_list([entry()], rows, claim)
    assert [one.cid for one in differences if one.kind == Change.REMOVED] == gone


def test_an_older_release_only_adds():
    claim = Claim(as_of=DAY, metals=("Tin",), complete=True, older=True)
    differences = compare_list([entry(name="Old Name", country="PE"), entry("CID900009")], standing(known()), claim)
    assert [(one.kind, one.cid) for one in differences] == [(Change.ADDED, "CID900009")]


def test_count_changes_counts_zeros():
    found = compare_list([entry(), entry("CID900002")], {}, CLAIM)
    assert count_changes(found) == {"added": 2, "removed": 0, "renamed": 0, "status": 0, "country": 0}
