"""Short forms of limits, points, bands and examples."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.workbook import ExpressionError
from assessments.questionnaires.workbook.shortforms import (
    read_bands,
    read_examples,
    read_limits,
    read_number,
    read_score,
    show_number,
    write_bands,
    write_examples,
    write_limits,
    write_score,
)
from tests.assessments.questionnaires.workbook.strategies import ANSWERS, NUMBERS, POINTS

FLOATS = NUMBERS.map(float)


def stored(value):
    return json.dumps(value, sort_keys=True)


@given(NUMBERS)
def test_numbers_come_back(number):
    assert read_number(show_number(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("60", 60), ("1,200", 1200), ("1,200.5", 1200.5), ("６０", 60), (" -3 ", -3), (".5", 0.5), ("1e3", 1000.0)],
)
def test_numbers_are_read_as_people_type_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "1,2", "12 h", "1.2.3", "nan", "inf", "1e999", "9" * 5000, "--1"])
def test_what_is_no_number_is_none(text):
    assert read_number(text) is None


@given(st.none() | FLOATS, st.none() | FLOATS)
def test_limits_come_back(low, high):
    limits = {key: value for key, value in (("min", low), ("max", high)) if value is not None}
    text = write_limits(low, high)
    assert (read_limits(text) if text else {}) == limits


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (". >= 0 and . <= 168", {"min": 0, "max": 168}),
        (".<=168 AND .>=0", {"min": 0, "max": 168}),
        ("．≧５", None),
        ("．≥５", {"min": 5}),
        (". <= 1,000", {"max": 1000}),
        (". > 0", None),
        (". >= 0 and . >= 1", None),
        (". >= 0 or . <= 1", None),
        (". >= today()", None),
        ("regex(., 'x')", None),
        ("", None),
    ],
)
def test_limits_are_the_least_and_the_greatest(text, limits):
    if limits is not None:
        assert read_limits(text) == limits
        return
    with pytest.raises(ExpressionError) as caught:
        read_limits(text)
    assert str(caught.value) == "A constraint gives the least and the greatest value: . >= 0 and . <= 168."


STEPS = st.builds(
    lambda limits, points, last: {
        "steps": [*({"up_to": a, "points": b} for a, b in zip(limits, points, strict=False)), {"points": last}]
    },
    st.lists(FLOATS, unique=True, max_size=4),
    st.lists(POINTS, min_size=4, max_size=4),
    POINTS,
)
PAIRS = st.fixed_dictionaries({"yes": POINTS, "no": POINTS}) | st.fixed_dictionaries(
    {"valid": POINTS, "expired": POINTS}
)


@given(STEPS | PAIRS)
def test_scores_come_back(score):
    assert read_score(write_score(score)) == score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("48: 1; 60: 0.9; else: 0", {"steps": [{"up_to": 48, "points": 1}, {"up_to": 60, "points": 0.9}, {"points": 0}]}),
        ("48:1;else 0;", {"steps": [{"up_to": 48, "points": 1}, {"points": 0}]}),
        ("48：１\n else：0", {"steps": [{"up_to": 48, "points": 1}, {"points": 0}]}),
        ("Yes: 1; NO: 0", {"yes": 1, "no": 0}),
        ("valid: 1; expired: 0", {"valid": 1, "expired": 0}),
    ],
)  # fmt: skip
def test_scores_are_short(text, score):
    assert read_score(text) == score


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (read_score, "48", "'48' needs a colon, as in 48: 1; 60: 0.9; else: 0."),
        (read_score, "48:", "After '48' a number is missing."),
        (read_score, "48: x", "'x' is no number."),
        (read_score, "maybe: 1", "'maybe' is no limit; write a number, else, yes, no, valid or expired."),
        (read_score, "48: 1; 48: 0", "'48' stands twice. Keep one."),
        (read_score, "yes: 1; yes: 0", "'yes' stands twice. Keep one."),
        (read_score, "else: 1; else: 0", "'else' stands twice. Keep one."),
        (read_bands, "high > 60", "'high > 60' is no band; write high < 60; medium < 85; low."),
        (read_bands, "high < x", "'x' is no number."),
        (read_examples, "A1-ONE", "Line 1: Write CODE = value; CODE = value. See 'A1-ONE'."),
        (read_examples, "A1-ONE = 1\nA1-ONE =", "Line 2: The value of A1-ONE is missing."),
        (read_examples, "A1-ONE = 1 B1-TWO = 2", "Line 1: After the value of A1-ONE a ';' is missing."),
        (read_examples, "A1-ONE = 1; A1-ONE = 2", "Line 1: 'A1-ONE' stands twice. Keep one."),
        (read_examples, "A1-ONE = 1; A1-ONE.x.y = 2", "Line 1: 'A1-ONE.x.y' stands twice. Keep one."),
        (read_examples, "A1-ONE = ('a'", "Line 1: The choices of A1-ONE stand in brackets: ('night', 'hazardous')."),
        (read_examples, "A1-ONE = 'a", "''' at character 10 means nothing here."),
    ],
)
def test_what_cannot_be_read_is_refused(read, text, message):
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert str(caught.value) == message


def test_bands_are_short():
    bands = [{"code": "high", "below": 60.0}, {"code": "medium", "below": 85.5}, {"code": "low"}]
    assert write_bands(bands) == "high < 60; medium < 85.5; low"
    assert read_bands("high < 60; medium < 85.5; low") == bands
    assert read_bands("") == []


@given(st.lists(ANSWERS, max_size=3))
def test_examples_come_back(examples):
    assert stored(read_examples(write_examples(examples))) == stored(examples)


def test_examples_stand_one_a_line():
    examples = [
        {"A3-LONGEST-WEEK": 61, "B2-DRILLS": "yes"},
        {"P-HEADS": {"agency.male": 4, "agency.female": 0}, "A2-TASKS": ["night", "overtime"]},
    ]
    text = "A3-LONGEST-WEEK = 61; B2-DRILLS = 'yes'\nP-HEADS.agency.male = 4; P-HEADS.agency.female = 0; A2-TASKS = ('night', 'overtime')"
    assert write_examples(examples) == text
    assert read_examples(text) == examples


def test_examples_may_be_written_with_less_care():
    text = "A3-LONGEST-WEEK=61;B2-DRILLS=yes;\n\nC1-EXPIRY = 2026-11-29; A2-TASKS = (night, “overtime”)"
    assert read_examples(text) == [
        {"A3-LONGEST-WEEK": 61, "B2-DRILLS": "yes"},
        {"C1-EXPIRY": "2026-11-29", "A2-TASKS": ["night", "overtime"]},
    ]


@given(st.sampled_from([read_limits, read_score, read_bands, read_examples]), st.text(max_size=30))
def test_any_text_gives_a_value_or_a_sentence(read, text):
    try:
        read(text)
    except ExpressionError as error:
        assert str(error).endswith(".")
