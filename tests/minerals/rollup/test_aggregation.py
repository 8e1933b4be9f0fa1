"""From many answers to one: truth tables of every rule, and what must hold whatever suppliers say."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.rollup.aggregation import (
    LIMIT,
    RULES,
    Claim,
    Figure,
    Received,
    Tally,
    asked_questions,
    asked_words,
    count_words,
    every_word,
    figure_table,
    identified_word,
    merge_replies,
    provenance_of,
    recycled_word,
    reported_word,
    risk_word,
    share_word,
    standing_claims,
    used_word,
    words_about,
)
from minerals.rollup.enums import NOT_ASKED, OPEN, Reason, Rule
from minerals.templates_io.document import CMRT_MINERALS
from minerals.templates_io.enums import Template, Word

NOTHING = Received()
QUEUE = Received(undecided=1)
GOOD = {"1": "yes", "2": "yes", "3": "no", "4": "no", "5": "no", "6": "all", "7": "yes", "8": "yes"}


def reply(**words: str) -> dict[str, dict[str, str]]:
    """A CMRT reply about tin: good answers but for q1="no" and the like; an empty word leaves the question out."""
    given_words = {**GOOD, **{name.removeprefix("q"): word for name, word in words.items()}}
    return {question: {"Tin": word} for question, word in given_words.items() if word}


def figures_of(
    *replies: Mapping[str, Mapping[str, str]], silent: int = 0, received: Received = NOTHING, template: str = "CMRT"
) -> dict[str, str]:
    """The company's words about tin."""
    tallies = count_words(template, dict(enumerate(replies, start=1)))
    table = figure_table(template, ["Tin"], tallies, lambda _mineral: silent, {"Tin": received})
    return {question: figure.word for (question, _mineral), figure in table.items()}


@pytest.mark.parametrize(
    ("words", "silent", "expected"),
    [
        ({}, 0, (OPEN, Reason.NOBODY)),
        ({}, 2, (OPEN, Reason.SILENT)),
        ({"yes": 1}, 0, (Word.YES, Reason.SOME_YES)),
        ({"yes": 1, "no": 9}, 5, (Word.YES, Reason.SOME_YES)),
        ({"region_only": 1, "no": 9}, 0, (Word.YES, Reason.SOME_YES)),
        ({"no": 9}, 0, (Word.NO, Reason.ALL_NO)),
        ({"no": 9}, 1, (OPEN, Reason.SILENT)),
        ({"no": 9, "unknown": 1}, 0, (OPEN, Reason.DOUBT)),
        ({"no": 9, "": 1}, 0, (OPEN, Reason.DOUBT)),
        ({"not_declaring": 1}, 0, (OPEN, Reason.DOUBT)),
    ],
)
def test_used(words: dict[str, int], silent: int, expected: tuple[str, Reason]) -> None:
    assert used_word(Tally(words), silent) == expected


@pytest.mark.parametrize(
    ("words", "silent", "received", "expected"),
    [
        ({"yes": 1, "no": 9}, 3, QUEUE, (Word.YES, Reason.SOME_YES)),
        ({"unknown": 1, "no": 9}, 0, NOTHING, (Word.UNKNOWN, Reason.DOUBT)),
        ({"ask": 1, "no": 9}, 0, NOTHING, (Word.UNKNOWN, Reason.DOUBT)),
        ({"": 1, "no": 9}, 0, NOTHING, (Word.UNKNOWN, Reason.DOUBT)),
        ({"no": 9}, 1, NOTHING, (Word.UNKNOWN, Reason.SILENT)),
        ({}, 0, NOTHING, (Word.UNKNOWN, Reason.SILENT)),
        ({"no": 9}, 0, QUEUE, (Word.UNKNOWN, Reason.QUARANTINE)),
        ({"no": 9}, 0, Received(unidentified=4, rejected=1, listed=3), (Word.NO, Reason.ALL_NO)),
    ],
)
def test_risk(words: dict[str, int], silent: int, received: Received, expected: tuple[str, Reason]) -> None:
    assert risk_word(Tally(words), silent, received) == expected


@pytest.mark.parametrize(
    ("words", "silent", "expected"),
    [
        ({"yes": 3}, 0, (Word.YES, Reason.ALL_YES)),
        ({"yes": 3}, 1, (Word.UNKNOWN, Reason.SILENT)),
        ({"yes": 3, "no": 1}, 1, (Word.NO, Reason.SOME_NO)),
        ({"yes": 3, "unknown": 1}, 0, (Word.UNKNOWN, Reason.DOUBT)),
        ({"unknown": 1, "no": 1}, 0, (Word.NO, Reason.SOME_NO)),
        ({}, 0, (Word.UNKNOWN, Reason.SILENT)),
    ],
)
def test_every(words: dict[str, int], silent: int, expected: tuple[str, Reason]) -> None:
    assert every_word(Tally(words), silent) == expected


@pytest.mark.parametrize(
    ("answered", "relevant", "expected"),
    [
        (0, 0, Word.NONE), (0, 5, Word.NONE), (5, 5, Word.ALL), (1, 1, Word.ALL),
        (91, 100, Word.OVER_90), (90, 100, Word.OVER_75), (76, 100, Word.OVER_75), (75, 100, Word.OVER_50),
        (51, 100, Word.OVER_50), (50, 100, Word.UP_TO_50), (1, 100, Word.UP_TO_50), (999, 1000, Word.OVER_90),
    ],
)  # fmt: skip
def test_share(answered: int, relevant: int, expected: str) -> None:
    assert share_word(answered, relevant) == expected


@pytest.mark.parametrize(
    ("words", "silent", "received", "expected"),
    [
        ({"yes": 3}, 0, NOTHING, (Word.YES, Reason.ALL_YES)),
        ({"yes": 3}, 1, NOTHING, (Word.NO, Reason.SILENT)),
        ({"yes": 3, "no": 1}, 0, NOTHING, (Word.NO, Reason.SOME_NO)),
        ({"yes": 3, "": 1}, 0, NOTHING, (Word.NO, Reason.DOUBT)),
        ({"yes": 3}, 0, Received(unidentified=1), (Word.NO, Reason.UNIDENTIFIED)),
        ({"yes": 3}, 0, QUEUE, (Word.NO, Reason.QUARANTINE)),
        ({"yes": 3}, 0, Received(rejected=2, listed=9), (Word.YES, Reason.ALL_YES)),
        ({}, 0, NOTHING, (Word.NO, Reason.SILENT)),
    ],
)
def test_identified(words: dict[str, int], silent: int, received: Received, expected: tuple[str, Reason]) -> None:
    assert identified_word(Tally(words), silent, received) == expected


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (NOTHING, (Word.YES, Reason.ALL_LISTED)),
        (Received(listed=9, rejected=2, unidentified=1), (Word.YES, Reason.ALL_LISTED)),
        (Received(listed=9, undecided=1), (Word.NO, Reason.QUARANTINE)),
    ],
)
def test_reported(received: Received, expected: tuple[str, Reason]) -> None:
    assert reported_word(received) == expected


# The whole table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "silent", "expected"),
    [
        ([reply()], 0, ("yes", "yes", "no", "no", "no", "all", "yes", "yes")),
        ([reply(), reply()], 1, ("yes", "yes", "unknown", "unknown", "no", "over_50", "no", "yes")),
        # Yes in question 3 makes question 4 a Yes, whatever suppliers say there.
        ([reply(q3="yes", q4="no")], 0, ("yes", "yes", "yes", "yes", "no", "all", "yes", "yes")),
        ([reply(q3="yes", q4="unknown")], 9, ("yes", "yes", "yes", "yes", "no", "up_to_50", "no", "yes")),
        # Who does not use the mineral is not asked, and does not count as one who has not answered.
        ([reply(), reply(q1="no", q3="yes", q7="no")], 0, ("yes", "yes", "no", "no", "no", "all", "yes", "yes")),
        ([reply(q1="no", q2="")], 0, ("no", "", "", "", "", "", "", "")),
        ([reply(q1="no", q2="")], 1, ("open", "open", "unknown", "unknown", "unknown", "none", "no", "yes")),
        ([reply(q2="no", q3="", q4="")], 0, ("yes", "no", "", "", "", "", "", "")),
        ([reply(q6="none")], 0, ("yes", "yes", "no", "no", "no", "all", "yes", "yes")),
        ([reply(q5="yes")], 0, ("yes", "yes", "no", "no", "yes", "all", "yes", "yes")),
    ],
)
def test_table_of_a_cmrt(replies: list[dict[str, dict[str, str]]], silent: int, expected: tuple[str, ...]) -> None:
    assert tuple(figures_of(*replies, silent=silent).values()) == expected


def test_table_of_an_emrt() -> None:
    words = {"1": "yes", "2": "yes", "3": "region_only", "4": "yes", "5": "none", "6": "yes", "7": "no"}
    one = {question: {"Tin": word} for question, word in words.items()}
    assert figures_of(one, template="EMRT") == {
        "1": "yes", "2": "yes", "3": "yes", "4": "yes", "5": "all", "6": "yes", "7": "yes",
    }  # fmt: skip


def test_not_declaring_leaves_an_emrt_open() -> None:
    one = {"1": {"Tin": "not_declaring"}}
    assert figures_of(one, template="EMRT")["1"] == OPEN


def test_table_of_an_amrt() -> None:
    one, other = {"1": {"Tin": "yes"}, "2": {"Tin": "none"}}, {"1": {"Tin": "no"}}
    assert figures_of(one, other, template="AMRT", silent=1) == {"1": "yes", "2": "up_to_50"}


def test_minerals_do_not_mix() -> None:
    one = {"1": {"Tin": "yes", "Gold": "no"}, "2": {"Tin": "yes"}}
    tallies = count_words("CMRT", {7: one})
    assert tallies["1", "Gold"] == Tally({"no": 1}, {"no": (7,)})
    assert ("2", "Gold") not in tallies


def test_examples_are_few_and_the_lowest() -> None:
    tallies = count_words("CMRT", dict.fromkeys((9, 3, 5, 1), reply()))
    assert tallies["1", "Tin"] == Tally({"yes": 4}, {"yes": (1, 3, 5)})


# Several declarations of one supplier --------------------------------------------------------------


def test_of_two_words_the_one_that_worries_more_counts() -> None:
    merged = merge_replies("CMRT", [reply(q3="no", q5="yes", q7="yes"), reply(q3="unknown", q5="no", q7="no")])
    assert merged == reply(q3="unknown", q5="no", q7="no")


@pytest.mark.parametrize(
    ("claims", "standing"),
    [
        ([], set()),
        ([Claim(1, "company", frozenset(), "2026-01-01"), Claim(2, "company", frozenset(), "2026-05-01")], {2}),
        ([Claim(1, "company", frozenset(), "2026-05-01"), Claim(2, "company", frozenset(), "2026-01-01")], {1}),
        ([Claim(1, "company", frozenset(), ""), Claim(2, "company", frozenset(), "")], {2}),
        (
            [Claim(1, "company", frozenset(), "2026-05-01"), Claim(2, "products", frozenset({"a"}), "2026-01-01")],
            {1, 2},
        ),
        ([Claim(1, "products", frozenset({"a"}), "2026"), Claim(2, "products", frozenset({"b"}), "2025")], {1, 2}),
        (
            [Claim(1, "products", frozenset({"a", "b"}), "2026"), Claim(2, "products", frozenset({"b", "a"}), "2025")],
            {1},
        ),
    ],
)
def test_newest_of_a_scope_stands(claims: list[Claim], standing: set[int]) -> None:
    assert standing_claims(claims) == standing


@pytest.mark.parametrize(
    ("yes", "no", "word"), [(0, 0, "unknown"), (2, 0, "yes"), (0, 2, "no"), (1, 9, "mixed")]
)  # fmt: skip
def test_recycled(yes: int, no: int, word: str) -> None:
    assert recycled_word(yes, no) == word


# Provenance ----------------------------------------------------------------------------------------


def test_provenance_names_who_says_yes() -> None:
    tally = Tally({"yes": 5, "no": 2}, {"yes": (1, 2), "no": (3,)})
    figure = Figure(Word.YES, Reason.SOME_YES, Rule.USED, tally, answered=7, relevant=9)
    assert provenance_of(figure, {1: "Example Parts", 2: "Sample Metals"}) == (
        "7 of 9 suppliers. Yes from: Example Parts, Sample Metals and 3 more. No: 2."
    )


def test_provenance_of_a_share_counts_only() -> None:
    figure = Figure(Word.OVER_75, Reason.COUNTED, Rule.SHARE, Tally({"none": 8}), answered=8, relevant=10)
    assert provenance_of(figure, {}) == "8 of 10 suppliers."


def test_provenance_of_what_is_not_asked_is_empty() -> None:
    assert provenance_of(Figure(NOT_ASKED, Reason.NOT_ASKED, Rule.RISK), {}) == ""


@given(st.text(min_size=1, max_size=200), st.integers(1, 10_000))
def test_provenance_fits_its_cell(name: str, more: int) -> None:
    tally = Tally({"yes": more + 3, "no": 1, "unknown": 2}, {"yes": (1, 2, 3)})
    figure = Figure(Word.YES, Reason.FORCED, Rule.RISK, tally, answered=more, relevant=more)
    assert len(provenance_of(figure, dict.fromkeys((1, 2, 3), name))) <= LIMIT


# Whatever suppliers say ----------------------------------------------------------------------------

ANY_WORD = st.sampled_from([word.value for word in Word])
REPLIES = st.dictionaries(st.sampled_from("12345678"), st.dictionaries(st.sampled_from(["Tin", "Gold"]), ANY_WORD))
QUEUES = st.builds(Received, undecided=st.integers(0, 2), unidentified=st.integers(0, 2))
TEMPLATES = st.sampled_from([Template.CMRT, Template.EMRT, Template.AMRT])


@given(TEMPLATES, st.lists(REPLIES, max_size=4), st.integers(0, 3), QUEUES)
def test_one_more_who_has_not_answered_never_makes_a_no(
    template: str, replies: list[dict[str, dict[str, str]]], silent: int, received: Received
) -> None:
    before = figures_of(*replies, silent=silent, received=received, template=template)
    after = figures_of(*replies, silent=silent + 1, received=received, template=template)
    lenient = {
        rule for rule in Rule if rule not in {Rule.IDENTIFIED}
    }  # this one asks for everybody: No is its "not yet"
    for question, word in after.items():
        if word == Word.NO and RULES[template][question] in lenient and before[question] != NOT_ASKED:
            assert before[question] == Word.NO


@given(TEMPLATES, st.lists(REPLIES, max_size=4), st.randoms(use_true_random=False), st.integers(0, 2), QUEUES)
def test_order_does_not_matter(
    template: str, replies: list[dict[str, dict[str, str]]], chance: object, silent: int, received: Received
) -> None:
    mixed = list(replies)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    first = figures_of(*replies, silent=silent, received=received, template=template)
    assert figures_of(*mixed, silent=silent, received=received, template=template) == first
    assert merge_replies(template, mixed) == merge_replies(template, replies)


@given(TEMPLATES, st.lists(REPLIES, min_size=1, max_size=4))
def test_merging_again_changes_nothing(template: str, replies: list[dict[str, dict[str, str]]]) -> None:
    once = merge_replies(template, replies)
    assert merge_replies(template, [once]) == once
    assert merge_replies(template, [once, *replies]) == once
    assert merge_replies(template, [merge_replies(template, replies[:2]), *replies[2:]]) == once


@given(REPLIES)
def test_who_does_not_use_a_mineral_is_asked_nothing_more(words: dict[str, dict[str, str]]) -> None:
    words["1"] = {"Tin": Word.NO}
    assert asked_questions("CMRT", words, "Tin") == ["1"]
    assert words_about("CMRT", words, ("3", "Tin")) is None


@given(TEMPLATES, REPLIES)
def test_all_cells_at_once_are_the_same_as_one_by_one(template: str, words: dict[str, dict[str, str]]) -> None:
    cells = [(question, mineral) for mineral in ("Tin", "Gold", *CMRT_MINERALS) for question in RULES[template]]
    one_by_one = {cell: word for cell in cells if (word := words_about(template, words, cell)) is not None}
    assert dict(asked_words(template, words)) == one_by_one


@given(st.integers(1, 500), st.integers(0, 500))
def test_share_never_says_more_than_is_true(answered: int, silent: int) -> None:
    floors = {"all": 100, "over_90": 90, "over_75": 75, "over_50": 50, "up_to_50": 0}
    share = 100 * answered / (answered + silent)
    floor = floors[share_word(answered, answered + silent)]
    assert share > floor or (floor == 100 and share == 100)
