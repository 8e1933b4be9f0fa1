"""Two versions side by side."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.comparison import (
    Carry,
    Change,
    Comparison,
    Part,
    Parts,
    ScoreChange,
    SectionWeight,
    compare_documents,
)
from assessments.questionnaires.document import parse_document
from assessments.questionnaires.enums import Extent, Obstacle
from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_document, make_question, make_source

NEW = Carry(Extent.NONE, Obstacle.ADDED)
GONE = Carry(Extent.NONE, Obstacle.REMOVED)


def test_compare_documents_says_everything_that_differs():
    flag = {
        "code": "F-ONE",
        "provision": "A1",
        "severity": "minor",
        "when": {"question": "A1-ONE", "is": "no"},
        "text": "Not so.",
    }
    old = make_document(
        make_question("A1-ONE", weight=1), make_question("A1-TWO", "single", weight=2), make_question("A1-THREE"), flags=[flag]
    )  # fmt: skip
    new = make_document(
        make_question("A1-ONE", weight=1, text={"en": "Is it so?", "ja": "そうですか。"}),
        make_question("A1-FOUR", "number", weight=4, unit="days"),
        make_question("A1-TWO", "single", weight=3, choices=[
            {"code": "fair", "text": "Fair", "points": 0.4}, {"code": "good", "text": "Good", "points": 1},
        ]),
        version="2", title="A small one", languages=["en", "ja"], flags=[{**flag, "severity": "major"}],
    )  # fmt: skip
    assert compare_documents(old, new) == Comparison(
        head=(
            Change("version", "1", "2"),
            Change("languages", ["en"], ["en", "ja"]),
            Change("title", "Small questionnaire", "A small one", language="en"),
        ),
        sections=Parts(),
        questions=Parts(
            added=("A1-FOUR",),
            removed=("A1-THREE",),
            changed=(
                Part(
                    "A1-ONE",
                    (
                        Change("text", "Text of A1-ONE", "Is it so?", language="en"),
                        Change("text", None, "そうですか。", language="ja"),
                    ),
                ),
                Part(
                    "A1-TWO",
                    (
                        Change("weight", 2.0, 3.0),
                        Change("choices", {"en": "Bad"}, None, part="bad"),
                        Change("points", 0.5, 0.4, part="fair"),
                        Change("choices_order", ["good", "fair"], ["fair", "good"]),
                    ),
                ),
            ),
        ),
        flags=Parts(changed=(Part("F-ONE", (Change("severity", "minor", "major"),)),)),
        carries={
            "A1-ONE": Carry(),
            "A1-FOUR": NEW,
            "A1-TWO": Carry(Extent.SOME, Obstacle.CHOICES, ("bad",)),
            "A1-THREE": GONE,
        },
        score=ScoreChange(codes=("A1-FOUR", "A1-TWO"), bands=False, sections=(SectionWeight("A", 3.0, 8.0),)),
    )


def test_compare_documents_says_what_changed_of_rules_and_slots():
    before = make_question("A1-TWO", "number")
    after = {
        **before,
        "show_if": {"question": "A1-ONE", "is": "yes"},
        "warn_if": {"when": {"question": "A1-TWO", "over": 9}, "text": "Much."},
        "evidence": {"text": "Proof", "required": True},
        "asks": ["record"],
        "min": 0,
    }
    one = make_question("A1-ONE")
    (part,) = compare_documents(make_document(one, before), make_document(one, after)).questions.changed
    assert part.changes == (
        Change("warn_text", None, "Much.", language="en"),
        Change("evidence_text", None, "Proof", language="en"),
        Change("asks", [], ["record"]),
        Change("show_if", None, {"question": "A1-ONE", "is": "yes"}),
        Change("min", None, 0.0),
        Change("warn_when", None, {"question": "A1-TWO", "over": 9}),
        Change("evidence", None, "required"),
    )


def test_compare_documents_calls_the_fewest_moved():
    codes = [f"A1-{letter}" for letter in "ABCDE"]
    old = make_document(*[make_question(code) for code in codes])
    new = make_document(*[make_question(code) for code in [*codes[1:4], codes[0], codes[4]]])
    assert compare_documents(old, new).questions == Parts(moved=("A1-A",))


def test_compare_documents_calls_a_question_of_another_section_moved():
    sections = [
        {"code": code, "title": code, "questions": [make_question(f"{code}-ONE"), make_question(f"{code}-TWO")]}
        for code in ("A1", "A3")
    ]
    last = sections[0]["questions"][1]
    shifted = [
        {**sections[0], "questions": sections[0]["questions"][:1]},
        {**sections[1], "questions": [last, *sections[1]["questions"]]},
    ]
    found = compare_documents(make_document(sections=sections), make_document(sections=shifted))
    assert found.questions == Parts(moved=("A1-TWO",))
    assert found.score == ScoreChange(
        codes=(), bands=False, sections=(SectionWeight("A1", 0, 0), SectionWeight("A3", 0, 0))
    )


POOL = {question["code"]: question for question in EVERY_KIND}
OTHER = {code: {**question, "text": "Other words", "weight": 0} for code, question in POOL.items()}
for question in OTHER.values():
    question.pop("score", None)


@st.composite
def documents(draw):
    """Some of the questions in any order, in two sections, some in other words; no rule reads across."""
    codes = draw(st.lists(st.sampled_from(sorted(set(POOL) - {"K-SHOWN"})), min_size=1, unique=True))
    questions = [draw(st.sampled_from([POOL[code], OTHER[code]])) for code in codes]
    cut = draw(st.integers(0, len(questions)))
    sections = [
        {"code": code, "title": code, "questions": part}
        for code, part in (("A", questions[:cut]), ("B", questions[cut:]))
        if part
    ]
    return parse_document(make_source(sections=sections))


def without_moves(parts):
    return parts.added, parts.removed, {part.code for part in parts.changed}, set(parts.moved)


@given(documents())
def test_a_document_is_the_same_as_itself(document):
    found = compare_documents(document, document)
    assert not found.differ
    assert not found.score.differs
    assert {carry.obstacle for carry in found.carries.values()} <= {None, Obstacle.FILES}


@given(documents(), documents())
def test_compare_documents_the_other_way_round_says_the_opposite(old, new):
    there, back = compare_documents(old, new), compare_documents(new, old)
    assert (set(there.questions.added), set(there.questions.removed)) == (
        set(back.questions.removed),
        set(back.questions.added),
    )
    assert len(there.questions.moved) == len(back.questions.moved)
    changes = {part.code: part.changes for part in back.questions.changed}
    for part in there.questions.changed:
        opposite = {(one.field, one.part, one.language): (one.new, one.old) for one in changes[part.code]}
        assert {(one.field, one.part, one.language): (one.old, one.new) for one in part.changes} == opposite


@given(documents(), documents())
def test_what_is_not_moved_stands_in_the_order_it_stood_in(old, new):
    found = compare_documents(old, new).questions
    apart = {*found.added, *found.removed, *found.moved}
    assert [q.code for q in new.questions if q.code not in apart] == [
        q.code for q in old.questions if q.code not in apart
    ]


def test_a_whole_document_with_its_flags_is_the_same_as_itself():
    document = make_document(*EVERY_KIND, flags=EVERY_FLAG)
    assert not compare_documents(document, document).differ
