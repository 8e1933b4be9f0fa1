"""Conditions as expressions: written and read again, read in other spellings, refused with their place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.conditions import ConditionErrors, compile_condition
from assessments.questionnaires.workbook import ExpressionError, parse_condition, write_condition
from tests.assessments.questionnaires.workbook.strategies import CONDITIONS


def stored(condition):
    return json.dumps(condition, sort_keys=True)


@given(CONDITIONS)
def test_a_condition_comes_back_as_it_was(condition):
    """Also its numbers: 60 and 60.0 make two documents, though they are equal."""
    assert stored(parse_condition(write_condition(condition))) == stored(condition)


@given(CONDITIONS)
def test_every_condition_tried_here_is_one_a_document_can_hold(condition):
    try:
        compile_condition(condition)
    except ConditionErrors as errors:
        assert {problem.code for problem in errors.problems} == {"condition_depth"}


def test_members_are_the_same_whatever_the_order_of_their_keys():
    several = {"any": [{"question": "A1-ONE", "cell": "a", "is": 1}, {"cell": "a", "is": 2, "question": "A1-ONE"}]}
    assert parse_condition(write_condition(several)) == several


A = {"question": "A1-ONE"}
B = {"question": "B1-TWO"}
HEADS = {"question": "P-HEADS"}


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({**A, "is": "yes"}, "${A1-ONE} = 'yes'"),
        ({**A, "is": 3}, "${A1-ONE} = 3"),
        ({**A, "is": B}, "${A1-ONE} = ${B1-TWO}"),
        ({**A, "is_not": "none"}, "${A1-ONE} != 'none'"),
        ({**A, "over": 60}, "${A1-ONE} > 60"),
        ({**A, "under": 0.5}, "${A1-ONE} < 0.5"),
        ({**A, "at_least": -1}, "${A1-ONE} >= -1"),
        ({**A, "at_most": B}, "${A1-ONE} <= ${B1-TWO}"),
        ({**A, "before": "as_of"}, "${A1-ONE} < today()"),
        ({**A, "after": "2026-01-31"}, "${A1-ONE} > date('2026-01-31')"),
        ({**A, "after": B}, "date(${A1-ONE}) > date(${B1-TWO})"),
        ({**A, "answered": True}, "${A1-ONE} != ''"),
        ({**A, "answered": False}, "${A1-ONE} = ''"),
        ({**A, "in": ["a", "b"]}, "${A1-ONE} = 'a' or ${A1-ONE} = 'b'"),
        ({**A, "in": ["a"]}, "in(${A1-ONE}, 'a')"),
        ({**A, "includes": "night"}, "selected(${A1-ONE}, 'night')"),
        ({**A, "includes_any": ["a", "b"]}, "selected(${A1-ONE}, 'a') or selected(${A1-ONE}, 'b')"),
        ({**A, "includes_any": ["a"]}, "selected_any(${A1-ONE}, 'a')"),
        ({**HEADS, "cell": "total", "over": 250}, "${P-HEADS.total} > 250"),
        ({**HEADS, "cell": "*.male", "over": 0}, "${P-HEADS.*.male} > 0"),
        (
            {**HEADS, "cell": "agency", "over": {**HEADS, "cell": "total", "times": 0.5}},
            "${P-HEADS.agency} > ${P-HEADS.total} * 0.5",
        ),
        ({"not": {**A, "is": "yes"}}, "not(${A1-ONE} = 'yes')"),
        ({"all": [{**A, "is": "a"}, {**B, "over": 1}]}, "${A1-ONE} = 'a' and ${B1-TWO} > 1"),
        ({"any": [{**A, "is": "a"}, {**B, "over": 1}]}, "${A1-ONE} = 'a' or ${B1-TWO} > 1"),
        ({"any": [{**A, "is": "a"}, {**A, "is": "b"}]}, "any(${A1-ONE} = 'a', ${A1-ONE} = 'b')"),
        ({"all": [{**A, "over": 1}]}, "all(${A1-ONE} > 1)"),
        (
            {"all": [{**A, "in": ["a", "b"]}, {"any": [{**A, "over": 1}, {**B, "over": 1}]}]},
            "(${A1-ONE} = 'a' or ${A1-ONE} = 'b') and (${A1-ONE} > 1 or ${B1-TWO} > 1)",
        ),
    ],
)
def test_conditions_are_written_as_xlsform_writes_them(condition, text):
    assert write_condition(condition) == text
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("60 < ${A1-ONE}", {**A, "over": 60}),
        ("0.5 * ${A1-ONE} >= ${B1-TWO}", {**A, "times": 0.5, "at_least": B}),
        ("'yes' = ${A1-ONE}", {**A, "is": "yes"}),
        ("today() > ${A1-ONE}", {**A, "before": "as_of"}),
        ("${A1-ONE} < '2026-01-31'", {**A, "before": "2026-01-31"}),
        ("${A1-ONE} = date('2026-01-31')", {**A, "is": "2026-01-31"}),
        ("${A1-ONE} = “yes”", {**A, "is": "yes"}),
        ("${A1-ONE} = ‘yes’ AND ${B1-TWO} ≥ 3", {"all": [{**A, "is": "yes"}, {**B, "at_least": 3}]}),
        ("（${Ａ１-ONE}　＞　６０）", {**A, "over": 60}),
        ("${A1-ONE}='a' or (${A1-ONE}='b')", {**A, "in": ["a", "b"]}),
        ("answered(${A1-ONE})", {**A, "answered": True}),
        ("string-length(${A1-ONE}) > 0", {**A, "answered": True}),
        ("0 = string-length(${A1-ONE})", {**A, "answered": False}),
        ("in(${A1-ONE}, 'a', 'b', 3)", {**A, "in": ["a", "b", 3]}),
        ("selected_any(${A1-ONE}, 'a', 'b')", {**A, "includes_any": ["a", "b"]}),
        ("${ A1-ONE } != ''", {**A, "answered": True}),
        (
            "${A1-ONE} = 1 or ${A1-ONE} = 2 and ${B1-TWO} = 3",
            {"any": [{**A, "is": 1}, {"all": [{**A, "is": 2}, {**B, "is": 3}]}]},
        ),
    ],
)
def test_other_spellings_are_read(text, condition):
    assert parse_condition(text) == condition


def test_dates_are_ordered_by_day_where_the_question_is_known_to_be_one():
    assert parse_condition("${A1-ONE} > ${B1-TWO}", {"A1-ONE", "B1-TWO"}) == {**A, "after": B}
    assert parse_condition("${A1-ONE} > ${B1-TWO}") == {**A, "over": B}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "At the beginning: A comparison is missing."),
        ("${A1-ONE} = 'x' and", "After 'and' (character 17): A comparison is missing."),
        ("and ${A1-ONE} = 'x'", "At the beginning: A comparison is missing."),
        ("${A1-ONE}", "After '${A1-ONE}' (character 1): A comparison such as = 'yes' or > 60 is missing."),
        ("${A1-ONE} =", "After '=' (character 11): A value is missing."),
        ("${A1-ONE} == 3", "After '=' (character 11): A value is missing."),
        ("(${A1-ONE} = 1", "After '1' (character 14): ')' is missing."),
        ("${A1-ONE} = 1)", "After '1' (character 13): 'and' or 'or' is missing before )."),
        ("${A1-ONE} = 'x' ${B1-TWO} = 1", "After 'x' (character 13): 'and' or 'or' is missing before ${B1-TWO}."),
        ("not ${A1-ONE} = 1", "After 'not' (character 1): '(' is missing."),
        ("selected(${A1-ONE})", "After '${A1-ONE}' (character 10): A choice in quotation marks is missing."),
        ("selected(${A1-ONE}, 'a', 'b')", "After 'b' (character 26): Only one choice can stand; join several selected(...) by or."),
        ("selected('a', ${A1-ONE})", "After '(' (character 9): A question such as ${CODE} is missing."),
        ("selected(${A1-ONE}, 3)", "After ',' (character 19): A choice in quotation marks is missing."),
        ("${A1-ONE.a.b.c} = 1", "After '${A1-ONE.a.b.c}' (character 1): 'a.b.c' names no cell; write row.column, row, *.column or total."),
        ("${A1-ONE} = 1 * 2", "After '*' (character 15): A question such as ${CODE} is missing."),
        ("${A1-ONE} > ${B1-TWO} * 2 * 3", "After '2' (character 25): '*' cannot stand; the only calculation is ${CODE} * 0.5."),
        ("${} = 1", "After '${}' (character 1): The code of a question is missing; name it as ${CODE} or ${CODE.cell}."),
        ("${A1-ONE.} = 1", "After '${A1-ONE.}' (character 1): The code of a question is missing; name it as ${CODE} or ${CODE.cell}."),
        ("${A1-ONE} = 'x", "The quotation mark at character 13 is not closed."),
        ("${A1-ONE = 1", "A question is named as ${CODE}; see character 1."),
        ("${A1-ONE} && ${B1-TWO}", "'&' at character 11 means nothing here. Write and."),
        ("${A1-ONE} + 1 > 2", "'+' at character 11 means nothing here."),
        ("${A1-ONE} >= today()", "After ')' (character 20): '>=' cannot order days; write < or >, or not(...) around it."),
        ("${A1-ONE} = today()", "After ')' (character 19): today() can only be compared by < and >."),
        ("${A1-ONE} > 'x'", "After 'x' (character 13): '>' needs a number or a day, not a text."),
        ("3 < 4", "After '4' (character 5): No question is compared; name it as ${CODE}."),
        ("today() < today()", "After ')' (character 17): No question is compared; name it as ${CODE}."),
        ("${A1-ONE} * 'x' > 1", "After '*' (character 11): A number is missing."),
        ("string-length(${A1-ONE}) > 3", "After '3' (character 28): Only = '' and != '', or string-length(...) > 0 and = 0, ask for an answer."),
        ("${A1-ONE} > 1e999", "The number at character 13 is too large."),
        ("${A1-ONE} > " + "9" * 5000, "The number at character 13 is too large."),
        ("(" * 500 + "${A1-ONE} = 1", "After '(' (character 31): The brackets are nested too deep. Say it in fewer."),
        ("not(" * 500, "After '(' (character 124): The brackets are nested too deep. Say it in fewer."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(text, message):
    with pytest.raises(ExpressionError) as caught:
        parse_condition(text)
    assert str(caught.value) == message


def test_unknown_functions_are_named():
    with pytest.raises(ExpressionError, match="At the beginning: 'count-selected' is not known; text stands in"):
        parse_condition("count-selected(${A1-ONE}) > 1")
    with pytest.raises(
        ExpressionError, match=r"After '=' \(character 11\): 'yes' is not known; text stands in quotation"
    ):
        parse_condition("${A1-ONE} = yes")


PIECES = st.sampled_from(
    ["${A1-ONE}", "'a'", '"', "=", ">", "and", "or", "not", "(", ")", "selected", "today()", "1", "*", ",", "$", "{", ".", "date", "  "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=30))
def test_any_text_gives_a_condition_or_a_sentence(text):
    try:
        condition = parse_condition(text)
    except ExpressionError as error:
        assert str(error).endswith(".")
    else:
        compile_condition(condition)
        assert parse_condition(write_condition(condition)) == condition
