"""A comparison in words."""

import pytest
from django.utils import translation

from assessments.questionnaires.comparison import Carry, Change, compare_documents
from assessments.questionnaires.enums import Extent, Obstacle
from assessments.questionnaires.views.differences import FIELDS, carry_counts, carry_words, told_change
from tests.assessments.questionnaires.builders import make_document, make_question

CONDITION = {"question": "A1-ONE", "is": "yes"}


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (Change("text", "Old", "New", language="en"), ("Text", "English", "Old", "New")),
        (Change("choices", "Gut", None, part="good", language="ja"), ("Choice good", "日本語", "Gut", "–")),
        (Change("choices", {"en": "Bad"}, None, part="bad"), ("Choice bad", "", "Bad", "–")),
        (Change("points", 0.5, 1.0, part="fair"), ("Points of the choice fair", "", "0.5", "1")),
        (Change("exclusive", False, True, part="none"), ("Stands alone none", "", "No", "Yes")),
        (Change("choices_order", ["a", "b"], ["b", "a"]), ("Order of the choices", "", "a, b", "b, a")),
        (Change("kind", "yes_no", "headcount"), ("Kind of answer", "", "Yes or no", "Head-count table")),
        (Change("unit", None, "days"), ("Unit", "", "–", "days")),
        (Change("period", "last_month", "last_12_months"), ("Period", "", "Last month", "Last 12 months")),
        (Change("required", True, False), ("Answer", "", "required", "optional")),
        (Change("asks", [], ["policy", "record"]), ("Asks for", "", "–", "policy, record")),
        (Change("evidence", None, "required"), ("Evidence", "", "–", "required")),
        (Change("show_if", None, CONDITION), ("Shows when", "", "–", "${A1-ONE} = 'yes'")),
        (Change("weight", 0.0, 2.5), ("Weight", "", "0", "2.5")),
        (Change("max", 1000.0, None), ("Highest value", "", "1,000", "–")),
        (
            Change("score", {"steps": [{"up_to": 48.0, "points": 1.0}, {"points": 0.0}]}, {"yes": 1.0, "no": 0.0}),
            ("Points", "", "up to 48: 1; above: 0", "Yes: 1; No: 0"),
        ),
        (
            Change("bands", [{"code": "high", "below": 60.0}, {"code": "low"}], [{"code": "high"}]),
            ("Risk bands", "", "High risk below 60, Low risk", "High risk"),
        ),
        (Change("languages", ["en"], ["en", "th"]), ("Languages", "", "English", "English, ภาษาไทย")),
        (Change("asked_of", "site", "company"), ("Who answers", "", "Every site", "The company once")),
        (Change("severity", "minor", "priority"), ("Severity", "", "Minor", "Priority")),
        (Change("provision", "A1", "A2"), ("Provision", "", "A1", "A2")),
    ],
)
def test_told_change_words_every_field(change, row):
    told = told_change(change)
    assert (told["label"], told["language"], told["before"], told["after"]) == row


def test_every_field_that_can_differ_has_a_name():
    old = make_document(make_question("A1-ONE"), make_question("A1-TWO"))
    full = make_question(
        "A1-TWO", "number", weight=2, unit="days", period="last_month", min=0, max=9, decimals=1, required=False,
        asks=["record"], show_if=CONDITION, evidence={"text": "Proof"}, why="Why", guidance="How",
        warn_if={"when": {"question": "A1-TWO", "over": 8}, "text": "Much"}, provision="A2",
    )  # fmt: skip
    new = make_document(
        make_question("A1-ONE"), full, code_of_conduct="rba-7.0", bands=[{"code": "low"}], asked_of="company"
    )
    comparison = compare_documents(old, new)
    changes = [*comparison.head, *comparison.questions.changed[0].changes]
    assert {change.field for change in changes} <= FIELDS.keys()
    assert [told_change(change)["before"] != told_change(change)["after"] for change in changes] == [True] * len(
        changes
    )


@pytest.mark.parametrize("obstacle", [None, *Obstacle])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_carry_words_say_something_of_every_obstacle(obstacle, language):
    with translation.override(language):
        assert carry_words(Carry(Extent.SOME, obstacle, ("a", "b"))).strip()


def test_carry_words_name_what_is_gone():
    some, none = (carry_words(Carry(extent, Obstacle.CHOICES, ("paper",))) for extent in (Extent.SOME, Extent.NONE))
    assert some == "Answers with a choice that is gone do not carry over: paper."
    assert none == "No earlier answer fits: everybody answers it again."


def test_carry_counts_sum_up_to_the_questions_of_the_new_version():
    old = make_document(make_question("A1-ONE"), make_question("A1-GONE"), make_question("A1-TWO", "number"))
    new = make_document(make_question("A1-ONE"), make_question("A1-TWO", "number", max=5), make_question("A1-NEW"))
    assert carry_counts(compare_documents(old, new)) == {
        "all": 1,
        "some": 1,
        "none": 1,
        "total": 3,
        "sentence": "Earlier answers carry over to 1 of 3 questions.",
    }
