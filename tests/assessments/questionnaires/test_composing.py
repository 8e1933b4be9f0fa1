"""Documents out of documents: parts of one, and one with own questions added."""

import pytest

from assessments.questionnaires.document import (
    DocumentErrors,
    own_source,
    parse_document,
    parse_extension,
    select_questions,
)
from tests.assessments.questionnaires.builders import make_document, make_question, make_source

OVER = {
    "code": "A1-OVER",
    "provision": "A1",
    "severity": "major",
    "when": {"question": "A1-HOURS", "over": 60},
    "text": "{A1-HOURS} hours",
    "fires": [{"A1-HOURS": 61, "A1-ONE": "yes"}],
}
BOTH = OVER | {"code": "A1-BOTH", "text": "{A1-ONE} and {A1-HOURS}", "fires": []}
BASE = make_document(
    make_question("A1-ONE", weight=1),
    make_question("A1-HOURS", "number", weight=2),
    make_question(
        "A1-WHY",
        "text",
        show_if={"question": "A1-HOURS", "over": 60},
        warn_if={"when": {"question": "A1-ONE", "is": "no"}, "text": "Please say more."},
    ),
    flags=[OVER, BOTH],
    languages=["en", "ja"],
)


def select(*codes):
    return select_questions(BASE, codes, code="part", version="1", title={"en": "Part"})


def problems(function, *arguments):
    with pytest.raises(DocumentErrors) as caught:
        function(*arguments)
    return [(problem.place, problem.code) for problem in caught.value.problems]


def test_a_part_keeps_the_order_and_the_flags_that_read_nothing_else():
    part = select("A1-WHY", "A1-HOURS")

    assert [question.code for question in part.questions] == ["A1-HOURS", "A1-WHY"]
    assert [(flag.code, flag.fires) for flag in part.flags] == [("A1-OVER", ({"A1-HOURS": 61},))]
    assert part.question("A1-WHY").warn_if is None
    assert (part.bands, part.languages, part.code_of_conduct) == (BASE.bands, BASE.languages, "rba-8.0")


def test_a_part_of_everything_is_the_whole_under_another_name():
    part = select("A1-ONE", "A1-HOURS", "A1-WHY")

    assert (part.sections, part.flags) == (BASE.sections, BASE.flags)


def test_a_question_that_shows_by_one_left_out_is_refused():
    assert problems(select, "A1-WHY") == [("sections[0].questions[0].show_if", "unknown_question")]


def own(*questions, **fields):
    source = make_source(*questions or [make_question("X-FREE")], code="mine", title="Ours")
    source["sections"][0]["code"] = "X"
    return {key: source[key] for key in ("code", "version", "title", "sections")} | fields


def test_an_extension_is_the_base_with_own_sections_after_it():
    mine = make_question("X-CARS", "number", show_if={"question": "A1-ONE", "is": "yes"})
    flag = OVER | {"code": "X-MANY", "text": "{X-CARS}", "when": {"question": "X-CARS", "over": 9}, "fires": []}

    document = parse_extension(BASE, own(mine, flags=[flag]))

    assert (document.code, document.title) == ("mine", {"en": "Ours"})
    assert document.sections[:1] == BASE.sections
    assert [question.code for question in document.sections[1].questions] == ["X-CARS"]
    assert [flag.code for flag in document.flags] == ["A1-OVER", "A1-BOTH", "X-MANY"]


def test_the_own_part_of_an_extension_can_be_set_on_a_newer_base():
    document = parse_extension(BASE, own(make_question("X-CARS", "number"), flags=[]))
    newer = parse_document(make_source(make_question("A1-ONE"), make_question("A1-NEW"), languages=["en", "ja"]))

    moved = parse_extension(newer, own_source(document, BASE))

    assert [question.code for question in moved.questions] == ["A1-ONE", "A1-NEW", "X-CARS"]
    assert parse_extension(BASE, own_source(document, BASE)) == document


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (own(make_question("A1-ONE")), ("sections[0].questions[0].code", "taken_code")),
        (own(flags=[OVER]), ("flags[0].code", "taken_code")),
        (own(sections=[{"code": "A", "title": "x"}]), ("sections[0].code", "taken_code")),
        (own(make_question("X-ONE", "colour")), ("sections[0].questions[0].kind", "not_listed")),
        (own(flags=[OVER | {"code": "X-F", "severity": "x"}]), ("flags[0].severity", "not_listed")),
        (own(sections={}, flags=7), ("flags", "not_a_list")),
        (own(code_of_conduct="rba-7.0"), ("code_of_conduct", "other_code_of_conduct")),
    ],
)
def test_problems_of_an_extension_stand_at_their_place_in_the_own_part(source, expected):
    assert expected in problems(parse_extension, BASE, source)
