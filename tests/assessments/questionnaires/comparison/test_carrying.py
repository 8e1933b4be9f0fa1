"""Which answers still fit a newer version of a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.comparison import Carry, carry_of, still_fits
from assessments.questionnaires.enums import Extent, Obstacle
from tests.assessments.questionnaires.builders import make_document, make_question
from tests.assessments.questionnaires.strategies import values

ALL = Carry()
CHOICES = [{"code": code, "text": code} for code in ("good", "fair", "bad")]
ALONE = [{"code": "good", "text": "good"}, {"code": "bad", "text": "bad", "exclusive": True}]
ROWS = [{"code": code, "text": code} for code in ("permanent", "agency")]


def question(kind="yes_no", **fields):
    return make_document(make_question("A1-ONE", kind, **fields)).question("A1-ONE")


@pytest.mark.parametrize(
    ("old", "new", "carry"),
    [
        (question(), question(text="Other words", why="Because", required=False, weight=3), ALL),
        (question(), question("text"), Carry(Extent.NONE, Obstacle.KIND)),
        (question("number", unit="hours"), question("number", unit="days"), Carry(Extent.NONE, Obstacle.UNIT)),
        (question("number"), question("number", unit="days"), Carry(Extent.NONE, Obstacle.UNIT)),
        (question("number", period="last_month"), question("number", period="last_12_months"), Carry(Extent.NONE, Obstacle.PERIOD)),
        (question("number"), question("number", period="last_12_months"), ALL),
        (question("number", min=0, max=100), question("number", min=0, max=168), ALL),
        (question("number", min=0, max=168), question("number", min=0, max=100), Carry(Extent.SOME, Obstacle.RANGE)),
        (question("number"), question("number", min=0), Carry(Extent.SOME, Obstacle.RANGE)),
        (question("number", max=5), question("number", min=6), Carry(Extent.NONE, Obstacle.RANGE)),
        (question("number", decimals=1), question("number"), Carry(Extent.SOME, Obstacle.DECIMALS)),
        (question("number"), question("number", decimals=1), ALL),
        (question("percentage"), question("percentage", min=0, max=100), ALL),
        (question("percentage"), question("percentage", max=50), Carry(Extent.SOME, Obstacle.RANGE)),
        (question("single"), question("single", choices=CHOICES[::-1]), ALL),
        (question("single"), question("single", choices=CHOICES[:2]), Carry(Extent.SOME, Obstacle.CHOICES, ("bad",))),
        (question("single", choices=CHOICES[:2]), question("single"), ALL),
        (question("multiple", choices=CHOICES[:1]), question("multiple", choices=CHOICES[1:]), Carry(Extent.NONE, Obstacle.CHOICES, ("good",))),
        (question("multiple"), question("multiple", choices=[*ALONE, CHOICES[1]]), Carry(Extent.SOME, Obstacle.EXCLUSIVE, ("bad",))),
        (question("multiple", choices=CHOICES[:1]), question("multiple", choices=ALONE), ALL),
        (question("headcount"), question("headcount", rows=[*ROWS, {"code": "trainees", "text": "Trainees"}]), ALL),
        (question("headcount"), question("headcount", rows=ROWS[:1]), Carry(Extent.SOME, Obstacle.CELLS, ("agency",))),
        (question("headcount", rows=ROWS[:1]), question("headcount", rows=ROWS[1:]), Carry(Extent.NONE, Obstacle.CELLS, ("permanent",))),
        (question("date"), question("date", weight=1), ALL),
        (question("document"), question("document"), Carry(Extent.NONE, Obstacle.FILES)),
        (None, question(), Carry(Extent.NONE, Obstacle.ADDED)),
        (question(), None, Carry(Extent.NONE, Obstacle.REMOVED)),
    ],
)  # fmt: skip
def test_carry_of_names_what_stands_in_the_way(old, new, carry):
    assert carry_of(new, old) == carry


def test_still_fits_keeps_not_applicable_while_the_question_means_the_same():
    single, fewer, words = question("single"), question("single", choices=CHOICES[:2]), question("text")
    assert still_fits(fewer, single, None, not_applicable=True)
    assert not still_fits(words, single, None, not_applicable=True)
    assert not still_fits(fewer, single, None)
    assert [still_fits(fewer, single, code) for code in ("good", "bad")] == [True, False]


LIMITS = st.sampled_from([None, 0, 5, 60, 100])
RANGES = st.tuples(LIMITS, LIMITS).filter(lambda pair: None in pair or pair[0] < pair[1])
SOME_CHOICES = st.lists(st.sampled_from("abcd"), min_size=2, unique=True)


@st.composite
def numbers(draw, kind):
    low, high = draw(RANGES)
    return question(kind, min=low, max=high, decimals=draw(st.integers(0, 2)))


@st.composite
def choosing(draw, kind):
    codes, alone = draw(SOME_CHOICES), draw(st.sets(st.sampled_from("abcd"), max_size=2))
    exclusive = alone if kind == "multiple" else set()
    return question(kind, choices=[{"code": c, "text": c, "exclusive": c in exclusive} for c in codes])


@st.composite
def tables(draw, kind):
    axes = [[{"code": code, "text": code} for code in draw(SOME_CHOICES)] for _axis in "rc"]
    return question(kind, rows=axes[0], columns=axes[1])


ANY_QUESTION = st.one_of(
    numbers("number"), numbers("percentage"), choosing("single"), choosing("multiple"), tables("headcount"),
    st.sampled_from([question(), question("text"), question("date")]),
)  # fmt: skip


@given(st.data())
def test_carry_of_promises_what_still_fits_keeps(data):
    old, new = data.draw(ANY_QUESTION), data.draw(ANY_QUESTION)
    value = data.draw(values(old).filter(lambda given: still_fits(old, old, given)))
    extent = carry_of(new, old).extent
    if extent is not Extent.SOME:
        assert still_fits(new, old, value) is (extent is Extent.ALL)
