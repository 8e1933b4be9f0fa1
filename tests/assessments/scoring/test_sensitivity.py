"""Sensitivity: what one answer moves is what scoring it says, and nothing moves unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring.enums import Use
from assessments.scoring.scoring import PartWeight, QuestionWeight, compile_scorer, explain_weights
from assessments.scoring.scoring.earning import earn_range, earn_rule
from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_document, make_question
from tests.assessments.questionnaires.strategies import values

FILES = [{"name": "a.pdf", "sha256": "0" * 64, "size": 1}]
TODAY = "2026-03-31"
ANSWERS = {
    "single": ["good", "fair", "bad"],
    "multiple": [["good"], ["fair"], ["bad"], ["good", "fair"], ["fair", "bad"], ["good", "fair", "bad"]],
    "yes_no": ["yes", "no"],
    "number": [0, 48, 48.1, 60, 60.1, 168],
    "percentage": [0, 10, 11, 100],
    "date": ["2020-01-01", "2040-01-01"],
}
SCORED = [question for question in EVERY_KIND if question.get("weight")]
FLAT = make_document(*[{**question, "show_if": None} for question in EVERY_KIND], flags=EVERY_FLAG)
SCORER = compile_scorer(FLAT)


def question_of(kind, **fields):
    return make_document(make_question("A1-ONE", kind, weight=1, **fields)).questions[0]


def weights_of(*questions, **fields):
    return explain_weights(make_document(*questions, **fields))


def total_of(answers):
    """The unrounded total of answers to the flat document."""
    entries = {code: {"value": value, "evidence": FILES} for code, value in answers.items()}
    result = SCORER.score({"format": 1, "as_of": TODAY, "answers": entries})
    return sum(one.gain for one in result.contributions)


# --- what an answer can earn ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "least", "most"),
    [
        ("yes_no", {}, 0, 1),
        ("yes_no", {"score": {"yes": 0.25, "no": 0.75}}, 0.25, 0.75),
        ("single", {}, 0, 1),
        ("single", {"choices": [{"code": c, "text": c, "points": p} for c, p in (("a", 0.4), ("b", 0.9))]}, 0.4, 0.9),
        ("multiple", {}, 0, 1),
        ("multiple", {"choices": [{"code": c, "text": c, "points": 0.3} for c in "ab"]}, 0.3, 0.6),
        (
            "multiple",
            {
                "choices": [
                    {"code": "a", "text": "A", "points": 0.5},
                    {"code": "b", "text": "B", "points": -0.5},
                    {"code": "none", "text": "None", "points": 0.8, "exclusive": True},
                ]
            },
            0,
            0.8,
        ),
        ("number", {"min": 0, "max": 168}, 0, 1),
        ("number", {"min": 0, "max": 60}, 0.6, 1),
        ("number", {"min": 49}, 0, 0.6),
        ("number", {"min": 49, "max": 60}, 0.6, 0.6),
        ("number", {"max": 60.4}, 0.6, 1),
        ("number", {"max": 60.4, "decimals": 1}, 0, 1),
        ("percentage", {}, 0, 1),
        ("percentage", {"score": {"steps": [{"up_to": 100, "points": 0.2}, {"points": 1}]}}, 0.2, 0.2),
        ("date", {}, 0, 1),
        ("document", {}, 1, 1),
        ("document", {"required": False}, 0, 1),
        ("yes_no", {"score": {"yes": 0.5, "no": 0.25}, "required": False}, 0, 0.5),
    ],
)
def test_range_is_what_answers_that_can_be_handed_in_earn(kind, fields, least, most):
    assert earn_range(question_of(kind, **fields)) == (least, most)


@pytest.mark.parametrize("kind", ["text", "headcount"])
def test_what_is_never_scored_earns_nothing(kind):
    question = make_document(make_question("A1-ONE", kind)).questions[0]
    assert earn_range(question) == (0, 0)


points = st.integers(-4, 4).map(lambda quarters: quarters / 4)


@st.composite
def scored_questions(draw):
    """A scored question of any kind with any points."""
    kind = draw(st.sampled_from(sorted(ANSWERS)))
    if kind in ("single", "multiple"):
        given_points = draw(st.lists(points if kind == "multiple" else points.map(abs), min_size=2, max_size=4))
        exclusive = draw(st.booleans()) and kind == "multiple"
        choices = [{"code": f"c{n}", "text": "Choice", "points": p} for n, p in enumerate(given_points)]
        choices[-1] |= {"exclusive": True} if exclusive else {}
        return question_of(kind, choices=choices)
    if kind in ("number", "percentage"):
        limits = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=3)))
        steps = [{"up_to": limit, "points": draw(points.map(abs))} for limit in limits]
        low = draw(st.integers(0, 90))
        own = {"min": low, "max": draw(st.integers(low + 1, 100)), "decimals": draw(st.integers(0, 1))}
        return question_of(kind, score={"steps": [*steps, {"points": draw(points.map(abs))}]}, **own)
    return question_of(kind)


@given(st.data())
def test_no_answer_earns_less_or_more_than_the_range(data):
    question = data.draw(scored_questions())
    value = data.draw(values(question))
    low, high = question.min, question.max
    if isinstance(value, int | float) and low is not None:
        value = min(max(round(value, question.decimals), low), high)
    if isinstance(value, list) and any(c.exclusive and c.code in value for c in question.choices):
        value = value[:1]
    earned = earn_rule(question)(value, TODAY)
    least, most = earn_range(question)
    assert earned is None or least <= earned <= most


# --- what it moves -----------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(sorted(ANSWERS)), st.integers(0, 3)), min_size=1, max_size=6))
def test_moves_of_all_questions_are_at_most_a_hundred(drawn):
    found = weights_of(*[make_question(f"Q-{n}", kind, weight=weight) for n, (kind, weight) in enumerate(drawn)])
    assert sum(one.move for one in found.questions) <= 100 + 1e-9
    assert sum(one.share for one in found.questions) == pytest.approx(100 if found.weight else 0)
    assert sum(part.move for part in found.sections) == pytest.approx(sum(one.move for one in found.questions))


@given(st.data())
def test_changing_one_answer_moves_the_total_by_no_more_than_is_said(data):
    answers = {q["code"]: data.draw(st.sampled_from(ANSWERS[q["kind"]])) for q in SCORED if q["kind"] in ANSWERS}
    answers["K-FILES"] = None
    changed = data.draw(st.sampled_from([q for q in SCORED if q["kind"] in ANSWERS]))
    code = changed["code"]
    other = {**answers, code: data.draw(st.sampled_from(ANSWERS[changed["kind"]]))}
    said = next(one for one in explain_weights(FLAT).questions if one.code == code)
    assert abs(total_of(answers) - total_of(other)) <= said.move + 1e-9


@pytest.mark.parametrize("question", [q for q in SCORED if q["kind"] in ANSWERS], ids=lambda q: q["code"])
def test_the_best_and_the_worst_answer_lie_exactly_the_move_apart(question):
    rest = {q["code"]: ANSWERS[q["kind"]][0] for q in SCORED if q["kind"] in ANSWERS}
    totals = [total_of({**rest, question["code"]: value}) for value in ANSWERS[question["kind"]]]
    said = next(one for one in explain_weights(FLAT).questions if one.code == question["code"])
    assert max(totals) - min(totals) == pytest.approx(said.move)


def test_section_move_is_of_the_section_alone():
    sections = [
        {
            "code": "A",
            "title": "Labor",
            "questions": [make_question("A1-ONE", weight=1), make_question("A1-TWO", weight=3)],
        },
        {"code": "B", "title": "Safety", "questions": [make_question("B1-ONE", weight=4, provision="B1")]},
    ]
    found = weights_of(sections=sections)
    assert {one.code: (one.move, one.section_move) for one in found.questions} == {
        "A1-ONE": (12.5, 25),
        "A1-TWO": (37.5, 75),
        "B1-ONE": (50, 100),
    }
    assert found.sections == (
        PartWeight("A", questions=2, scored=2, weight=4, share=50, maximum=100, move=50, flags=0),
        PartWeight("B", questions=1, scored=1, weight=4, share=50, maximum=100, move=50, flags=0),
    )


# --- what the others are for -------------------------------------------------------------------------


def test_a_question_says_what_reads_it():
    flag = {**EVERY_FLAG[0], "text": "{K-NUMBER} hours and {K-TEXT}"}
    note = {"when": {"question": "K-HEADS", "cell": "total", "over": 9}, "text": "Many"}
    questions = [{**q, "warn_if": note} if q["code"] == "K-FILES" else q for q in EVERY_KIND]
    found = weights_of(*questions, flags=[flag])
    by_code = {one.code: one for one in found.questions}
    assert by_code["K-YESNO"] == QuestionWeight(
        code="K-YESNO",
        section="A",
        provision="A1",
        weight=3,
        share=20,
        lowest=0,
        highest=1,
        move=20,
        section_move=20,
        conditional=False,
        opens=("K-SHOWN",),
        flags=(),
        uses=(Use.CONDITION,),
    )
    assert (by_code["K-NUMBER"].flags, by_code["K-NUMBER"].uses) == (("F-OVER",), (Use.FLAG, Use.METRIC))
    assert by_code["K-TEXT"].uses == (Use.FLAG,)
    assert by_code["K-HEADS"].uses == (Use.WARNING, Use.METRIC)
    assert by_code["K-SHOWN"].conditional
    assert [one.code for one in found.silent] == ["K-TEXT", "K-HEADS", "K-FILES"][:2]
    assert [one.code for one in found.dead] == ["K-FILES"]


def test_unread_and_unscored_is_dead_weight():
    found = weights_of(make_question("A1-ONE", weight=1), make_question("A1-TWO"), make_question("A1-WORDS", "text"))
    assert [one.code for one in found.dead] == ["A1-TWO", "A1-WORDS"]
    assert found.silent == ()


def test_a_document_without_weights_moves_nothing():
    found = weights_of(make_question("A1-ONE"))
    assert (found.weight, found.maximum, found.questions[0].move) == (0, None, 0)
    assert found.sections[0].maximum is None


def test_maximum_is_what_the_best_answers_reach():
    modest = {"score": {"yes": 0.5, "no": 0}}
    found = weights_of(make_question("A1-ONE", weight=3), make_question("A1-TWO", weight=1, provision="A10", **modest),
                       make_question("A2-ONE", weight=0, provision="A2"))  # fmt: skip
    assert found.maximum == 87.5
    assert [(part.code, part.maximum) for part in found.provisions] == [("A1", 100), ("A2", None), ("A10", 50)]
