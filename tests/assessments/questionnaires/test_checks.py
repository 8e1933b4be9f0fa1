"""Checking answers: what is cleaned, what is refused and what is still missing."""

import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.checks import (
    Missing,
    MissingReason,
    is_answered,
    missing_answers,
    warning_texts,
)
from assessments.questionnaires.conditions import AnswerValue
from assessments.questionnaires.document import ValueCode, ValueProblem, describe_problem, validate_value
from assessments.questionnaires.enums import Kind
from tests.assessments.questionnaires.builders import make_document, make_full_document, make_question
from tests.assessments.questionnaires.strategies import JUNK, values

DAY = date(2026, 3, 31)
FULL = make_full_document()


def question(kind, **fields):
    return make_document(make_question(kind=kind, **fields)).questions[0]


EXCLUSIVE = [
    {"code": "fire", "text": "Fire"},
    {"code": "noise", "text": "Noise"},
    {"code": "none", "text": "None of these", "exclusive": True},
]


@pytest.mark.parametrize(
    ("asked", "value", "cleaned"),
    [
        (question("single"), "good", "good"),
        (question("yes_no"), "no", "no"),
        (question("multiple"), ["bad", "good", "bad"], ["good", "bad"]),
        (question("multiple"), ("good",), ["good"]),
        (question("multiple", choices=EXCLUSIVE), ["none"], ["none"]),
        (question("number"), 48, 48),
        (question("number"), 48.0, 48),
        (question("number"), "48", 48),
        (question("number"), " 1,234,567 ", 1234567),
        (question("number"), "４８", 48),
        (question("number"), "-3", -3),
        (question("number"), "\u22123", -3),
        (question("number", decimals=1), "48.5", 48.5),
        (question("number", decimals=1), 0.1 + 0.2, 0.3),
        (question("percentage"), "12 %", 12),
        (question("percentage"), 100, 100),
        (question("date"), "2026-03-31", "2026-03-31"),
        (question("date"), date(2026, 3, 31), "2026-03-31"),
        (question("date"), datetime(2026, 3, 31, 12, 0), "2026-03-31"),
        (question("date"), "２０２６-03-31", "2026-03-31"),
        (question("text"), "  two\r\nlines \x00", "two\nlines"),
        (question("text"), 2024, "2024"),
        (question("headcount"), {"agency.male": 0, "permanent.male": "1,200"}, {"permanent.male": 1200, "agency.male": 0}),
        (question("headcount"), {"agency.male": None, "permanent.male": ""}, None),
        (question("single"), None, None),
        (question("single"), "", None),
        (question("number"), "  ", None),
        (question("multiple"), [], None),
        (question("document"), None, None),
    ],
)  # fmt: skip
def test_validate_value_cleans(asked, value, cleaned):
    result = validate_value(asked, value)
    assert result == cleaned
    assert type(result) is type(cleaned)
    assert list(result or ()) == list(cleaned or ()) if isinstance(cleaned, dict) else True


@pytest.mark.parametrize(
    ("asked", "value", "code", "params"),
    [
        (question("single"), "best", ValueCode.NOT_A_CHOICE, {"value": "best"}),
        (question("single"), ["good"], ValueCode.NOT_A_CHOICE, {"value": "['good']"}),
        (question("yes_no"), True, ValueCode.NOT_A_CHOICE, {"value": "True"}),
        (question("multiple"), "good", ValueCode.NOT_CHOICES, {"value": "good"}),
        (question("multiple"), ["good", 3], ValueCode.NOT_A_CHOICE, {"value": "3"}),
        (question("multiple", choices=EXCLUSIVE), ["none", "fire"], ValueCode.EXCLUSIVE_CHOICE, {"choice": "none"}),
        (question("number"), "forty", ValueCode.NOT_A_NUMBER, {"value": "forty"}),
        (question("number"), "1,5", ValueCode.NOT_A_NUMBER, {"value": "1,5"}),
        (question("number"), True, ValueCode.NOT_A_NUMBER, {"value": "True"}),
        (question("number"), float("nan"), ValueCode.NOT_A_NUMBER, {"value": "nan"}),
        (question("number"), 1.5, ValueCode.NOT_WHOLE, {"value": 1.5}),
        (question("number", decimals=1), 1.25, ValueCode.TOO_MANY_DECIMALS, {"value": 1.25, "decimals": 1}),
        (question("number", min=0, max=168), -1, ValueCode.TOO_LOW, {"value": -1, "min": 0}),
        (question("number", min=0, max=168), 169, ValueCode.TOO_HIGH, {"value": 169, "max": 168}),
        (question("number"), float("inf"), ValueCode.TOO_HIGH, {"value": "inf", "max": 10**15}),
        (question("number"), "9" * 400, ValueCode.TOO_HIGH, {"value": "9" * 60 + "...", "max": 10**15}),
        (question("percentage"), 101, ValueCode.TOO_HIGH, {"value": 101, "max": 100}),
        (question("percentage"), -1, ValueCode.TOO_LOW, {"value": -1, "min": 0}),
        (question("date"), "31.3.2026", ValueCode.NOT_A_DATE, {"value": "31.3.2026"}),
        (question("date"), "2026-02-30", ValueCode.NOT_A_DATE, {"value": "2026-02-30"}),
        (question("date"), "20260331", ValueCode.NOT_A_DATE, {"value": "20260331"}),
        (question("date"), 46112, ValueCode.NOT_A_DATE, {"value": "46112"}),
        (question("date"), "0202-01-01", ValueCode.DATE_OUT_OF_RANGE, {"value": "0202-01-01", "first": 1900, "last": 2100}),
        (question("text"), ["x"], ValueCode.NOT_TEXT, {"value": "['x']"}),
        (question("text"), "x" * 10_001, ValueCode.TOO_LONG, {"length": 10_001, "max": 10_000}),
        (question("headcount"), 12, ValueCode.NOT_A_TABLE, {"value": "12"}),
        (question("headcount"), {"trainee.male": 1}, ValueCode.UNKNOWN_CELL, {"cell": "trainee.male"}),
        (question("headcount"), {"agency.male": "few"}, ValueCode.NOT_A_NUMBER, {"cell": "agency.male", "value": "few"}),
        (question("headcount"), {"agency.male": 1.5}, ValueCode.NOT_WHOLE, {"cell": "agency.male", "value": 1.5}),
        (question("headcount"), {"agency.male": -1}, ValueCode.TOO_LOW, {"cell": "agency.male", "value": -1, "min": 0}),
        (question("document"), "a.pdf", ValueCode.NO_VALUE, {}),
    ],
)  # fmt: skip
def test_validate_value_refuses(asked, value, code, params):
    with pytest.raises(ValueProblem) as caught:
        validate_value(asked, value)
    assert (caught.value.code, caught.value.params) == (code, params)
    assert "{" not in describe_problem(caught.value)


def test_every_code_has_an_english_sentence():
    params = dict.fromkeys(["value", "choice", "decimals", "min", "max", "first", "last", "length", "cell"], 1)
    sentences = [describe_problem(ValueProblem(code, **params)) for code in ValueCode]
    assert all(sentence.endswith(".") for sentence in sentences)


@given(st.sampled_from(FULL.questions), JUNK)
def test_junk_is_cleaned_or_refused_and_never_breaks(asked, junk):
    try:
        cleaned = validate_value(asked, junk)
    except ValueProblem as problem:
        assert describe_problem(problem)
    else:
        assert validate_value(asked, cleaned) == cleaned


@given(st.data())
def test_cleaning_twice_changes_nothing_and_json_keeps_it(data):
    asked = data.draw(st.sampled_from(FULL.questions))
    cleaned = validate_value(asked, data.draw(values(asked)))
    assert validate_value(asked, cleaned) == cleaned
    assert json.loads(json.dumps(cleaned)) == cleaned


GAPS = make_document(
    make_question("Q-A", evidence={"text": "Proof", "required": True}),
    make_question("Q-B", show_if={"question": "Q-A", "is": "yes"}),
    make_question("Q-C", required=False, evidence={"text": "Proof", "required": True}),
    make_question("Q-D", "document"),
    make_question("Q-E", "headcount"),
)
FILE = [{"name": "a.pdf"}]
TABLE = {"permanent.male": 1, "permanent.female": 0, "agency.male": 0, "agency.female": 0}
FILLED = {"Q-A": {"value": "no", "evidence": FILE}, "Q-D": {"value": None, "evidence": FILE}, "Q-E": {"value": TABLE}}


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, []),
        ({"Q-A": None}, [("Q-A", "unanswered")]),
        ({"Q-A": {"value": "no"}}, [("Q-A", "evidence")]),
        ({"Q-A": {"value": "yes", "evidence": FILE}}, [("Q-B", "unanswered")]),
        ({"Q-A": {"value": "yes", "evidence": FILE}, "Q-B": "no"}, []),
        ({"Q-A": {"na": "No such work"}}, []),
        ({"Q-A": {"na": "  "}}, [("Q-A", "na_reason")]),
        ({"Q-A": {"value": "no", "na": True}}, [("Q-A", "na_reason")]),
        ({"Q-A": {"value": None, "na": ""}}, [("Q-A", "unanswered")]),
        ({"Q-C": {"value": "yes"}}, [("Q-C", "evidence")]),
        ({"Q-C": AnswerValue("yes", evidence=FILE)}, []),
        ({"Q-D": {"value": None, "evidence": []}}, [("Q-D", "unanswered")]),
        ({"Q-E": {"value": {"permanent.male": 1}}}, [("Q-E", "unanswered")]),
        ({"Q-E": None, "Q-D": None}, [("Q-D", "unanswered"), ("Q-E", "unanswered")]),
    ],
)
def test_missing_answers_lists_the_gaps_in_order(changes, gaps):
    found = missing_answers(GAPS, {**FILLED, **changes}, DAY)
    assert found == [Missing(code, MissingReason(reason)) for code, reason in gaps]


def test_is_answered_knows_the_kinds():
    answered = {q.code: is_answered(q, FILLED.get(q.code)) for q in GAPS.questions}
    assert answered == {"Q-A": True, "Q-B": False, "Q-C": False, "Q-D": True, "Q-E": True}
    assert not is_answered(GAPS.question("Q-A"), {"value": "yes", "na": "No such work"})


WARNED = make_document(
    make_question("Q-A", "number", warn_if={"when": {"question": "Q-A", "over": 60}, "text": "More than 60"}),
    make_question(
        "Q-B",
        show_if={"question": "Q-A", "over": 70},
        warn_if={"when": {"question": "Q-A", "over": 60}, "text": "Still more"},
    ),
)


@pytest.mark.parametrize(
    ("hours", "warned"),
    [(None, {}), (60, {}), (61, {"Q-A": {"en": "More than 60"}}), (71, {"Q-A": {"en": "More than 60"}, "Q-B": {"en": "Still more"}})],
)  # fmt: skip
def test_warning_texts_hold_for_shown_questions(hours, warned):
    assert warning_texts(WARNED, {"Q-A": hours}, DAY) == warned


def test_every_kind_is_checked():
    assert {q.kind for q in FULL.questions} == set(Kind)
