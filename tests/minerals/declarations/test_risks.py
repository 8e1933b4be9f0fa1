"""Red flags from plain data."""

from hypothesis import given
from hypothesis import strategies as st

from minerals.declarations.risks import MOST_NAMES, RANK, Red, Sourced, Standing, find_risks
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade

GREEN = Standing("green", "conformant", "2026-09-01")
RED = Standing("red", "non_conformant", "2026-09-01")
GREY = Standing("grey", "unknown")


def row(number: int = 5, **fields) -> Sourced:
    """A conformant tin smelter that names no country."""
    values = {"metal": "Tin", "name": "Example Tin Works", "cid": "CID900001", "standing": GREEN}
    return Sourced(row=number, **{**values, **fields})


def test_a_known_conformant_smelter_raises_nothing():
    assert find_risks([row(origins=("MY",))], covered={"CD"}, risky={"MM"}) == ()


def test_a_covered_country_is_named_with_the_smelters_and_their_places():
    rows = [row(5, origins=("CD", "MY")), row(6, origins=("RW",)), row(7, origins=("MY",))]

    assert find_risks(rows, covered={"CD", "RW"}) == (
        Red(
            "origin_covered",
            Grade.FLAG,
            "Tin",
            {"count": 1, "names": ["Example Tin Works (CID900001)"], "countries": ["CD", "RW"]},
            ("Smelter List!B5", "Smelter List!B6"),
        ),
    )


def test_a_country_that_is_covered_and_on_a_risk_list_is_flagged_once():
    found = find_risks([row(origins=("CD", "MM"))], covered={"CD"}, risky={"CD", "MM"})

    assert [(red.code, red.params["countries"]) for red in found] == [
        ("origin_covered", ["CD"]),
        ("origin_risky", ["MM"]),
    ]


def test_flags_are_told_apart_by_metal():
    rows = [row(5, standing=None), row(6, metal="Gold", name="Example Gold", cid="", standing=None)]

    assert [(red.code, red.mineral, red.params["names"]) for red in find_risks(rows)] == [
        ("smelter_unknown", "Gold", ["Example Gold"]),
        ("smelter_unknown", "Tin", ["Example Tin Works (CID900001)"]),
    ]


def test_a_smelter_that_is_not_conformant_comes_with_status_and_newest_day():
    older = Standing("red", "removed", "2025-01-01")
    found = find_risks([row(5, standing=RED), row(6, cid="CID900009", standing=older)])

    assert [(red.code, red.grade, red.params["statuses"], red.params["as_of"]) for red in found] == [
        ("smelter_not_conformant", Grade.FLAG, ["non_conformant", "removed"], "2026-09-01")
    ]


def test_a_status_that_is_open_is_a_warning_only():
    assert [(red.code, red.grade) for red in find_risks([row(standing=GREY)])] == [
        ("smelter_not_assessed", Grade.WARNING)
    ]


def test_a_smelter_not_identified_yet_is_no_unknown_smelter():
    found = find_risks([row(name="", cid="", identified=False, standing=None)])

    assert [(red.code, red.mineral) for red in found] == [("smelter_unidentified", "Tin")]


def test_red_issues_of_the_file_are_flags_milder_ones_only_where_carried():
    issues = [
        Issue("contradiction", Grade.FLAG, "Declaration!D38", {"metal": "Tin"}),
        Issue("contradiction", Grade.ERROR, "Declaration!D39", {"metal": "Tin"}),
        Issue("old_template", Grade.WARNING, "Declaration!J3"),
        Issue("policy_without_url", Grade.WARNING, "Declaration!D77"),
    ]

    found = find_risks([], issues=issues, carried={"old_template": Grade.FLAG})

    assert found == (
        Red(
            "contradiction",
            Grade.ERROR,
            "Tin",
            {"metal": "Tin", "count": 2},
            ("Declaration!D38", "Declaration!D39"),
        ),
        Red("old_template", Grade.FLAG, "", {"count": 1}, ("Declaration!J3",)),
    )


def test_missing_items_are_one_flag_with_their_places():
    missing = [Issue("missing_field", Grade.ERROR, "Declaration!D8"), Issue("missing_products", Grade.ERROR)]

    assert find_risks([], missing=missing) == (
        Red("missing_items", Grade.ERROR, "", {"count": 2}, ("Declaration!D8",)),
    )


def test_a_mineral_that_was_asked_for_and_left_out_is_flagged():
    assert find_risks([], left_out={"Mica"}) == (Red("mineral_missing", Grade.FLAG, "Mica"),)


ROWS = st.lists(
    st.builds(
        Sourced,
        row=st.integers(5, 2504),
        metal=st.sampled_from(["Tin", "Gold", "Tantalum"]),
        name=st.text(max_size=6),
        cid=st.sampled_from(["", "CID900001", "CID900002"]),
        origins=st.lists(st.sampled_from(["CD", "RW", "MM", "MY"]), max_size=3).map(tuple),
        identified=st.booleans(),
        standing=st.sampled_from([None, GREEN, RED, GREY]),
    ),
    max_size=30,
)


@given(ROWS)
def test_each_code_and_mineral_comes_once_worst_first_and_names_what_is_there(rows):
    found = find_risks(rows, covered={"CD", "RW"}, risky={"MM"})

    assert len({(red.code, red.mineral) for red in found}) == len(found)
    assert [RANK[red.grade] for red in found] == sorted(RANK[red.grade] for red in found)
    metals = {one.metal for one in rows}
    for red in found:
        assert red.mineral in metals
        assert len(red.params["names"]) <= min(MOST_NAMES, red.params["count"])
        assert red.places
