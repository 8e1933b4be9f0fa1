"""The score of an audit: the worked check of the manual, what leaves the denominator, levels and colours."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.audits.document import Programme, read_programme
from assessments.audits.scoring import (
    Tally,
    apply_rule,
    band_of,
    count_applicable,
    count_lost,
    recognise,
    score_audit,
    tally,
)

VAP = read_programme("rba-vap-style")
counts = st.builds(Tally, **{name: st.integers(0, 60) for name in Tally.__struct_fields__})


def with_rule(**changes) -> Programme:
    """The programme with a changed score rule."""
    return msgspec.structs.replace(VAP, score=msgspec.structs.replace(VAP.score, **changes))


@pytest.mark.parametrize(
    ("counted", "score"),
    [
        (Tally(conform=74, priority=1, major=4, minor=3), 141.5),
        (Tally(conform=72, priority=1, major=4, minor=3, not_reviewed=2), 141.5),
        (Tally(conform=42), 200.0),
        (Tally(conform=40, not_applicable=2), 200.0),
        (Tally(priority=42), -840.0),
        (Tally(not_applicable=42), None),
        (Tally(), None),
    ],
)
def test_score_of_the_preset_of_2018(counted, score):
    assert score_audit(VAP, counted) == score


def test_score_of_the_worked_check_of_the_manual():
    """72 of 82 conform, 1 priority, 4 major, 3 minor: 175.6 - 39. The other two were a mere risk, which is no finding."""
    lost = count_lost(VAP, Tally(priority=1, major=4, minor=3))
    assert lost == 39
    assert apply_rule(VAP.score, conform=72, applicable=82, lost=lost) == 136.6


def test_what_was_not_reviewed_leaves_the_denominator_unless_the_rule_takes_it_as_conform():
    counted = Tally(conform=9, minor=1, not_reviewed=10)
    strict = with_rule(not_reviewed_conforms=False)
    assert [count_applicable(one, counted) for one in (VAP, strict)] == [20, 10]
    assert [score_audit(one, counted) for one in (VAP, strict)] == [189.0, 179.0]


def test_a_score_has_a_floor_only_where_the_rule_has_one():
    assert score_audit(with_rule(floor=0.0), Tally(priority=42)) == 0.0
    assert score_audit(with_rule(floor=0.0), Tally(conform=42)) == 200.0


def test_a_programme_without_a_rule_has_no_score():
    assert score_audit(msgspec.structs.replace(VAP, score=None), Tally(conform=42)) is None


@given(counts)
def test_a_finding_never_raises_the_score(counted):
    before = score_audit(VAP, msgspec.structs.replace(counted, conform=counted.conform + 1))
    for severity in ("priority", "major", "minor"):
        worse = msgspec.structs.replace(counted, **{severity: getattr(counted, severity) + 1})
        assert score_audit(VAP, worse) < before


@given(counts, st.integers(0, 60))
def test_what_does_not_apply_changes_no_score(counted, more):
    other = msgspec.structs.replace(counted, not_applicable=more)
    assert score_audit(VAP, other) == score_audit(VAP, counted)


@pytest.mark.parametrize(
    ("score", "unsettled", "level"),
    [
        (200.0, set(), "platinum"),
        (200.0, {"minor"}, "gold"),
        (200.0, {"minor", "major"}, "silver"),
        (200.0, {"priority"}, ""),
        (199.9, set(), "gold"),
        (180.0, {"minor"}, "gold"),
        (179.9, set(), "silver"),
        (160.0, {"major", "minor"}, "silver"),
        (159.9, set(), ""),
        (None, set(), ""),
    ],
)
def test_recognition_is_the_highest_level_whose_findings_are_settled(score, unsettled, level):
    assert recognise(VAP, score, unsettled) == level


@pytest.mark.parametrize(
    ("score", "band"),
    [(180.1, "low"), (180.0, "medium"), (160.0, "medium"), (159.9, "high"), (-840.0, "high"), (None, "")],
)
def test_the_colour_of_a_score(score, band):
    assert band_of(VAP, score) == band


def test_tally_counts_words_and_passes_over_what_is_none():
    words = ["conform", "conform", "", "priority", "not_reviewed", "not_applicable", "minor", "major", "nonsense"]
    assert tally(words) == Tally(2, 1, 1, 1, 1, 1)
    assert (tally(words).reviewed, tally(words).concluded) == (5, 7)
