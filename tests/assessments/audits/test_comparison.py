"""The word of a site beside that of its auditors: words, crosswalks, and how far the one can be believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.audits.comparison import (
    UNKNOWN,
    Reliability,
    Row,
    Said,
    carry_over,
    compare,
    join_words,
    lower_bound,
    provisions_behind,
    read_words,
    worst_of,
)
from assessments.audits.enums import Conclusion, SelfWord
from assessments.codes.document import read_code

CONFORM, GAP = SelfWord.CONFORM, SelfWord.GAP
saids = st.builds(Said, st.sampled_from(SelfWord), st.none() | st.floats(0, 100))
conclusions = st.lists(st.sampled_from(Conclusion))


def test_a_provision_is_called_conform_by_full_points_without_a_flag():
    scores = {"A1": 100.0, "A2": 99.5, "A3": 99.4, "A4": 100.0, "A5": None, "B1": None, "B2": 0.0}
    assert read_words(scores, {"A4", "B1", "C1"}) == {
        "A1": Said(CONFORM, 100.0),
        "A2": Said(CONFORM, 99.5),
        "A3": Said(GAP, 99.4),
        "A4": Said(GAP, 100.0),
        "A5": UNKNOWN,
        "B1": Said(GAP),
        "B2": Said(GAP, 0.0),
        "C1": Said(GAP),
    }


@pytest.mark.parametrize(
    ("words", "worst"),
    [
        ([], None),
        (["not_applicable", "not_reviewed"], "not_reviewed"),
        (["not_reviewed", "conform"], "conform"),
        (["conform", "minor"], "minor"),
        (["minor", "priority", "major"], "priority"),
        (["", "nonsense"], None),
    ],
)
def test_the_worst_conclusion_speaks_for_a_provision(words, worst):
    assert worst_of(words) == worst


@pytest.mark.parametrize(
    ("said", "found", "facts"),  # claimed, confirmed, mismatch
    [
        ("conform", "conform", (True, True, False)),
        ("conform", "minor", (True, False, True)),
        ("conform", "priority", (True, False, True)),
        ("conform", "not_reviewed", (False, False, False)),
        ("conform", "not_applicable", (False, False, False)),
        ("gap", "conform", (False, False, False)),
        ("gap", "major", (False, False, False)),
        ("unknown", "major", (False, False, False)),
    ],
)
def test_only_what_was_called_conform_and_looked_at_counts(said, found, facts):
    row = Row("A1", Said(SelfWord(said)), Conclusion(found))
    assert (row.is_claimed, row.is_confirmed, row.is_mismatch) == facts


def test_rows_stand_in_the_order_of_the_audit_and_only_for_what_it_concluded_on():
    found = {"B2": ["conform"], "A3": ["minor", "conform"], "C1": [], "D1": ["conform"]}
    assert compare({"A3": Said(CONFORM, 100.0), "B2": Said(GAP, 50.0), "E1": Said(CONFORM)}, found) == [
        Row("B2", Said(GAP, 50.0), Conclusion.CONFORM),
        Row("A3", Said(CONFORM, 100.0), Conclusion.MINOR),
        Row("D1", UNKNOWN, Conclusion.CONFORM),
    ]


@given(st.dictionaries(st.sampled_from("ABCDE"), saids), st.dictionaries(st.sampled_from("ABCDE"), conclusions))
def test_confirmed_and_mismatched_make_up_what_was_claimed(said, found):
    rows = compare(said, found)
    assert sum(row.is_claimed for row in rows) == sum(row.is_confirmed + row.is_mismatch for row in rows)
    assert [row.provision for row in rows] == [provision for provision, words in found.items() if words]


# One code beside another ---------------------------------------------------------------------------
def test_within_one_code_a_provision_stands_behind_itself():
    assert provisions_behind("rba-8.0", "rba-8.0")("A5") == ("A5",)


@pytest.mark.parametrize(
    ("provision", "origins"),
    [("A1", ("A1",)), ("A5", ("A5", "A6")), ("A6", ("A7",)), ("E8", ()), ("E12", ("E12",)), ("Z9", ())],
)
def test_answers_under_the_older_code_reach_an_audit_under_the_newer(provision, origins):
    """E8 asks for more since 8.0: an old answer says nothing of what was added."""
    assert provisions_behind("rba-7.0", "rba-8.0")(provision) == origins


@pytest.mark.parametrize(
    ("provision", "origins"), [("A5", ("A5",)), ("A6", ("A5",)), ("A7", ("A6",)), ("E8", ("E8",)), ("Z9", ())]
)
def test_answers_under_the_newer_code_reach_an_audit_under_the_older(provision, origins):
    assert provisions_behind("rba-8.0", "rba-7.0")(provision) == origins


def test_codes_that_no_crosswalk_joins_say_nothing_of_each_other():
    assert provisions_behind("our-own-code", "rba-8.0")("A1") == ()
    assert carry_over({"A1": Said(CONFORM, 100.0)}, ["A1"], provisions_behind("our-own-code", "rba-8.0")) == {
        "A1": UNKNOWN
    }


def test_of_several_provisions_behind_one_the_most_careful_word_counts():
    said = {"A5": Said(CONFORM, 100.0), "A6": Said(GAP, 40.0), "A7": Said(CONFORM, 100.0)}
    assert carry_over(said, ["A5", "A6", "B1"], provisions_behind("rba-7.0", "rba-8.0")) == {
        "A5": Said(GAP, 40.0),
        "A6": Said(CONFORM, 100.0),
        "B1": UNKNOWN,
    }


@given(st.lists(saids, min_size=1))
def test_joined_words_are_conform_only_when_every_one_is(words):
    joined = join_words(words)
    assert (joined.word == CONFORM) == all(said.word == CONFORM for said in words)
    assert (joined.word == GAP) == any(said.word == GAP for said in words)


@given(st.dictionaries(st.sampled_from(read_code("rba-8.0").provision_codes), saids))
def test_within_one_code_nothing_is_lost_or_added(said):
    assert carry_over(said, said, provisions_behind("rba-8.0", "rba-8.0")) == said


# Reliability ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("claimed", "confirmed", "bound"),  # published figures of the 95 % interval
    [(10, 10, 72.2), (10, 5, 23.7), (10, 0, 0.0), (20, 1, 0.9), (263, 81, 25.5), (5, 5, 56.6), (50, 50, 92.9)],
)
def test_the_lower_bound_of_wilson(claimed, confirmed, bound):
    assert 100 * lower_bound(confirmed, claimed) == pytest.approx(bound, abs=0.05)


def test_a_share_of_too_few_is_no_figure_to_count_on():
    assert [(r.share, r.at_least) for r in (Reliability(0, 0), Reliability(4, 4))] == [(None, None), (100.0, None)]
    assert [Reliability(n, n).is_enough for n in (0, 4, 5)] == [False, False, True]


pairs = st.integers(1, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@given(pairs)
def test_the_bound_lies_below_the_share_and_grows_with_agreement(pair):
    claimed, confirmed = pair
    bound = lower_bound(confirmed, claimed)
    assert 0 <= bound <= confirmed / claimed
    assert bound < lower_bound(confirmed + 1, claimed + 1)


@given(pairs)
def test_the_same_share_of_more_can_be_counted_on_further(pair):
    claimed, confirmed = pair
    assert lower_bound(confirmed * 2, claimed * 2) >= lower_bound(confirmed, claimed)
