"""Conditions: every operator by the cases that the browser's evaluator runs too."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.conditions import (
    AnswerValue,
    ConditionErrors,
    compile_condition,
    plain_value,
    reachable_codes,
    visible_answers,
)
from assessments.questionnaires.enums import Operator
from tests.assessments.questionnaires.builders import make_document, make_full_document, make_question
from tests.assessments.questionnaires.strategies import JUNK, snapshots

HERE = Path(__file__).parent
CASES = json.loads((HERE / "condition_cases.json").read_text())
DAY = date(2026, 3, 31)
FULL = make_full_document()


def run_in_node(cases):
    if shutil.which("node") is None:
        pytest.skip("Node is not installed, so the browser's evaluator cannot be run here.")
    done = subprocess.run(
        ["node", str(HERE / "run_conditions.mjs")], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["condition"])[:80])
def test_condition_evaluates_as_the_case_says(case):
    condition = compile_condition(case["condition"])
    assert condition.evaluate(case["answers"], date.fromisoformat(case["as_of"])) is case["expected"]


def test_cases_cover_every_operator_and_result():
    text = json.dumps([case["condition"] for case in CASES])
    assert [operator for operator in Operator if f'"{operator}":' not in text] == []
    assert {case["expected"] for case in CASES} == {True, False, None}
    assert len(CASES) >= 60


def test_browser_agrees_on_every_case():
    results = run_in_node(CASES)
    wrong = [(c, r) for c, r in zip(CASES, results, strict=True) if c["expected"] is not r]
    assert wrong == []


CONDITIONS = st.recursive(
    st.sampled_from([case["condition"] for case in CASES if "question" in case["condition"]]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda members: {"all": members}),
        st.lists(inner, min_size=1, max_size=3).map(lambda members: {"any": members}),
        inner.map(lambda member: {"not": member}),
    ),
    max_leaves=6,
)
SCALARS = st.sampled_from(["card", "none", "yes", "", "2026-03-31", "2026-04-01", 0, 48.5, 60, -1, 1e16, True, None])
LISTS = st.sampled_from([[], ["fire"], ["noise", "chemical"]])
TABLES = st.dictionaries(
    st.sampled_from(["permanent.male", "permanent.female", "agency.male", "trainee.other"]), st.integers(0, 50)
)
ANSWERS = st.dictionaries(
    st.sampled_from(sorted({code for case in CASES for code in case["answers"]})), SCALARS | LISTS | TABLES
)


@given(st.lists(st.tuples(CONDITIONS, ANSWERS), min_size=40, max_size=40))
def test_browser_agrees_on_random_conditions(pairs):
    cases = [{"condition": c, "answers": a, "as_of": "2026-03-31"} for c, a in pairs]
    ours = [compile_condition(c).test(a, "2026-03-31") for c, a in pairs]
    assert run_in_node(cases) == ours


@given(JUNK)
def test_compile_refuses_junk_with_condition_errors_only(raw):
    with pytest.raises(ConditionErrors):
        compile_condition(raw)


@pytest.mark.parametrize(
    ("raw", "place", "code"),
    [
        ({"question": "A-B"}, "", "condition_operator"),
        ({"question": "A-B", "is": 1, "over": 2}, "", "condition_operator"),
        ({"question": "A-B", "iss": 1}, "", "condition_operator"),
        ({"is": "yes"}, "", "condition_question"),
        ({"question": "A-B", "is": True}, "is", "operand_value"),
        ({"question": "A-B", "over": "60"}, "over", "operand_number"),
        ({"question": "A-B", "before": "31.3.2026"}, "before", "operand_day"),
        ({"question": "A-B", "before": "2026-02-30"}, "before", "operand_day"),
        ({"question": "A-B", "in": []}, "in", "operand_values"),
        ({"question": "A-B", "answered": "yes"}, "answered", "operand_truth"),
        ({"question": "A-B", "includes": {"question": "C-D"}}, "includes", "operand_reference"),
        ({"question": "A-B", "over": {"question": "C-D", "is": 1}}, "over", "operand_keys"),
        ({"question": "A-B", "cell": "a.b.c", "over": 1}, "", "condition_cell"),
        ({"question": "A-B", "times": "2", "over": 1}, "", "condition_times"),
        ({"all": []}, "all", "condition_group_list"),
        ({"all": [{"question": "A-B", "is": "x"}, 5]}, "all[1]", "condition_shape"),
        ({"any": [{"not": {"all": "x"}}]}, "any[0].not.all", "condition_group_list"),
        ({"all": [{"question": "A-B", "is": "x"}], "any": []}, "", "condition_group_alone"),
    ],
)
def test_compile_names_the_place_of_what_is_wrong(raw, place, code):
    with pytest.raises(ConditionErrors) as caught:
        compile_condition(raw)
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [(place, code)]


def test_compile_refuses_endless_nesting():
    raw = {"question": "A-B", "is": "x"}
    for _ in range(2000):
        raw = {"not": raw}
    with pytest.raises(ConditionErrors, match="at most 10 deep"):
        compile_condition(raw)


def test_condition_names_every_question_it_reads():
    raw = {"any": [{"question": "A-B", "over": {"question": "C-D"}}, {"not": {"question": "E-F", "answered": True}}]}
    assert compile_condition(raw).codes == {"A-B", "C-D", "E-F"}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("yes", "yes"),
        (AnswerValue("yes"), "yes"),
        ({"value": "yes", "comment": "x"}, "yes"),
        ({"value": "yes", "na": None}, "yes"),
        ({"value": "yes", "na": ""}, "yes"),
        ({"value": "yes", "na": "No such work"}, None),
        (AnswerValue("yes", na="No such work"), None),
        ({"value": "yes", "na": True}, None),
        ({"permanent.male": 3}, {"permanent.male": 3}),
        ({"value": {"permanent.male": 3}}, {"permanent.male": 3}),
        ("", None),
        ([], None),
        (0, 0),
    ],
)
def test_plain_value_reads_every_form_of_an_answer(answer, value):
    assert plain_value(answer) == value


CHAIN = make_document(
    make_question("Q-A"),
    make_question("Q-B", show_if={"question": "Q-A", "is": "yes"}),
    make_question("Q-C", show_if={"question": "Q-B", "is": "yes"}),
    make_question("Q-D", show_if={"not": {"question": "Q-B", "is": "yes"}}),
    make_question("Q-E", show_if={"question": "Q-B", "answered": False}),
)


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({}, {"Q-A", "Q-E"}),
        ({"Q-A": "yes"}, {"Q-A", "Q-B", "Q-E"}),
        ({"Q-A": "yes", "Q-B": "yes"}, {"Q-A", "Q-B", "Q-C"}),
        ({"Q-A": "yes", "Q-B": "no"}, {"Q-A", "Q-B", "Q-D"}),
        ({"Q-A": "no", "Q-B": "yes", "Q-C": "yes"}, {"Q-A", "Q-E"}),
        ({"Q-A": {"value": None, "na": "why"}, "Q-B": "yes"}, {"Q-A", "Q-E"}),
    ],
)
def test_reachable_codes_follow_the_chain(answers, shown):
    assert reachable_codes(CHAIN, answers, DAY) == shown


@given(snapshots(FULL))
def test_hidden_answers_never_show_anything(snapshot):
    shown, visible = visible_answers(FULL, snapshot["answers"], DAY)
    assert visible.keys() <= shown
    only_shown = {code: answer for code, answer in snapshot["answers"].items() if code in shown}
    assert visible_answers(FULL, only_shown, DAY) == (shown, visible)


def test_a_document_question_is_answered_by_its_files():
    document = make_document(
        make_question("Q-FILE", "document"), make_question("Q-NEXT", show_if={"question": "Q-FILE", "answered": True})
    )
    with_file = {"Q-FILE": {"value": None, "evidence": [{"name": "a.pdf"}]}}
    assert reachable_codes(document, with_file, DAY) == {"Q-FILE", "Q-NEXT"}
    assert reachable_codes(document, {"Q-FILE": {"value": None, "evidence": []}}, DAY) == {"Q-FILE"}
