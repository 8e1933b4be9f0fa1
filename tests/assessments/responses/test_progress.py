"""How far answers are: what counts and what never happens."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.conditions import AnswerValue
from assessments.questionnaires.document import parse_document
from assessments.responses.progress import Progress, measure
from tests.factories import SMALL_ANSWERS, SMALL_DOCUMENT

DOCUMENT = parse_document(SMALL_DOCUMENT)
TODAY = date(2026, 11, 23)
VALUES = {
    "P-HEADS": st.sampled_from([{"permanent.male": 1}, {"permanent.male": 1, "permanent.female": 2}]),
    "P-NOTE": st.sampled_from(["Fine", ""]),
    "A3-RECORDS": st.sampled_from(["card", "paper", "none"]),
    "A3-LONGEST-WEEK": st.integers(0, 168),
    "B2-DRILL": st.sampled_from(["yes", "no"]),
    "B2-RISKS": st.sampled_from([["fire"], []]),
}


@st.composite
def answers(draw):
    found = {}
    for code in draw(st.sets(st.sampled_from(list(VALUES)))):
        value = draw(st.none() | VALUES[code])
        found[code] = AnswerValue(value, draw(st.sampled_from([None, None, True, "Not here"])), ())
    return found


def given_answers(**changes):
    return {code: AnswerValue(value) for code, value in {**SMALL_ANSWERS, **changes}.items()}


@pytest.mark.parametrize(
    ("found", "unconfirmed", "total", "open_codes"),
    [
        ({}, set(), Progress(0, 3), {"P-HEADS", "A3-RECORDS", "B2-DRILL"}),
        (
            {**given_answers(), "B2-RISKS": AnswerValue(None, True)},
            set(),
            Progress(4, 5),
            {"B2-RISKS"},
        ),  # optional, no reason
        (given_answers(), set(), Progress(4, 4), set()),
        (given_answers(**{"P-NOTE": "Fine"}), set(), Progress(5, 5), set()),  # optional, answered
        (given_answers(**{"A3-RECORDS": "none"}), set(), Progress(3, 3), set()),  # hides the longest week
        (given_answers(), {"B2-DRILL"}, Progress(3, 4), set()),  # carried over, not confirmed
        (given_answers(**{"A3-RECORDS": "none"}), {"A3-LONGEST-WEEK"}, Progress(3, 3), set()),  # hidden: no matter
        (given_answers(**{"P-HEADS": {"permanent.male": 5}}), set(), Progress(3, 4), {"P-HEADS"}),  # half a table
    ],
)
def test_measure(found, unconfirmed, total, open_codes):
    standing = measure(DOCUMENT, found, unconfirmed, TODAY)
    assert (standing.total, {gap.code for gap in standing.gaps}) == (total, open_codes)


def test_not_applicable_counts_once_it_has_a_reason():
    claimed = {**given_answers(), "B2-DRILL": AnswerValue("yes", True)}
    reasoned = {**given_answers(), "B2-DRILL": AnswerValue("yes", "No people here")}
    assert measure(DOCUMENT, claimed, set(), TODAY).total == Progress(3, 4)
    assert measure(DOCUMENT, reasoned, set(), TODAY).total == Progress(4, 4)


@given(answers(), st.sets(st.sampled_from(list(VALUES))))
def test_progress_says_complete_exactly_when_nothing_is_left_to_do(found, unconfirmed):
    standing = measure(DOCUMENT, found, unconfirmed & found.keys(), TODAY)
    assert 0 <= standing.total.answered <= standing.total.asked
    assert standing.complete <= standing.shown
    left = {gap.code for gap in standing.gaps} | {
        code for code in standing.unconfirmed if found[code].is_na or found[code].value not in (None, "", [])
    }
    assert standing.total.is_complete == (not left)
    assert standing.total.answered == len(standing.complete)
    assert sum(section.asked for section in standing.sections.values()) == standing.total.asked


def test_missing_evidence_is_marked_and_stops_nothing():
    sections = [dict(section) for section in SMALL_DOCUMENT["sections"]]
    records = {**sections[1]["questions"][0], "evidence": {"text": {"en": "Records"}, "required": True}}
    sections[1]["questions"] = [records, *sections[1]["questions"][1:]]
    document = parse_document({**SMALL_DOCUMENT, "sections": sections})
    standing = measure(document, given_answers(), set(), TODAY)
    assert (standing.total, standing.gaps, standing.without_evidence) == (Progress(4, 4), (), ("A3-RECORDS",))
    with_file = {**given_answers(), "A3-RECORDS": AnswerValue("card", None, ({"name": "a"},))}
    assert measure(document, with_file, set(), TODAY).without_evidence == ()
