"""Answers to a workbook and back: the same answers, whatever they hold."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.document import parse_document, validate_value
from assessments.responses.services.offline import find_columns, in_rows
from assessments.responses.workbook import (
    Change,
    Column,
    Entry,
    InRow,
    RowCode,
    Words,
    build_rows,
    compare,
    read_rows,
    same_entry,
    stamp_of,
)
from portal.lib.workbook import Sheet, read_tables, write_workbook
from tests.factories import SMALL_DOCUMENT

EXTRA = [
    {"code": "B2-SHARE", "kind": "percentage", "decimals": 1, "text": {"en": "Which share?"}},
    {"code": "B2-SINCE", "kind": "date", "text": {"en": "Since when?"}},
    {"code": "B2-PERMIT", "kind": "document", "text": {"en": "The permit"}, "evidence": {"text": {"en": "Permit"}}},
    {
        "code": "B2-SAME",
        "kind": "single",
        "text": {"en": "Two labels alike"},
        "choices": [{"code": "a", "text": {"en": "Other"}}, {"code": "b", "text": {"en": "Other"}}],
    },
]
DOCUMENT = parse_document(
    {
        **SMALL_DOCUMENT,
        "sections": [
            *SMALL_DOCUMENT["sections"][:2],
            {
                **SMALL_DOCUMENT["sections"][2],
                "questions": [*SMALL_DOCUMENT["sections"][2]["questions"], *EXTRA],
            },
        ],
    }
)
STAMP = "7.abc"
WORDS = {"en": Words(("Yes", "はい"), ("No", "いいえ")), "ja": Words(("はい", "Yes"), ("いいえ", "No"))}
HEADS = ["Section", "Code", "Question", "Answer", "Does not apply: reason", "Comment", "What can be entered", "sanpo"]

text = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), max_size=60)
people = st.integers(0, 10_000_000)
VALUES = {
    "P-HEADS": st.dictionaries(st.sampled_from(["permanent.male", "permanent.female"]), people, min_size=1),
    "P-NOTE": text | st.sampled_from(["=1+1", "+49", "-", "@x", "00123", "2024-01-01", "Yes", "1,5", "TRUE", "3 %"]),
    "A3-RECORDS": st.sampled_from(["card", "paper", "none"]),
    "A3-LONGEST-WEEK": st.integers(0, 1680).map(lambda tenths: tenths / 10),
    "B2-DRILL": st.sampled_from(["yes", "no"]),
    "B2-RISKS": st.sampled_from([["fire"], ["fire", "quake"], ["none"]]),
    "B2-SHARE": st.integers(0, 1000).map(lambda tenths: tenths / 10),
    "B2-SINCE": st.dates(date(1901, 1, 1), date(2099, 12, 31)).map(date.isoformat),
    "B2-SAME": st.sampled_from(["a", "b"]),
}


@st.composite
def entries(draw):
    """Answers as they stand in the database: each value as `validate_value` stores it."""
    found = {}
    for code in draw(st.sets(st.sampled_from([*VALUES, "B2-PERMIT"]))):
        value = validate_value(DOCUMENT.question(code), draw(VALUES[code])) if code in VALUES else None
        not_applicable = draw(st.booleans())
        reason = draw(text.filter(lambda words: words.strip() != "–")).strip() if not_applicable else ""
        found[code] = Entry(value, not_applicable, reason, draw(text).strip(), draw(st.integers(1, 99)))
    return found


def rows_of(found, language="en"):
    return list(build_rows(DOCUMENT, found, stamp=STAMP, language=language, words=WORDS[language]))


def returned(rows):
    return [InRow(number, row.key, row.answer, row.reason, row.comment) for number, row in enumerate(rows, start=2)]


def assert_same(read, found):
    assert read.problems == ()
    assert {code for code in read.entries} == {question.code for question in DOCUMENT.questions}
    for code, entry in read.entries.items():
        assert same_entry(entry, found.get(code, Entry())), code
        assert entry.version == found.get(code, Entry()).version


@given(entries(), st.sampled_from(["en", "ja"]))
def test_rows_give_the_same_answers_back(found, language):
    rows = returned(rows_of(found, language))
    assert_same(read_rows(DOCUMENT, rows, stamp=STAMP, words=WORDS[language]), found)


@given(entries(), st.randoms())
def test_rows_in_any_order_give_the_same_answers_back(found, random):
    rows = returned(rows_of(found))
    random.shuffle(rows)
    assert_same(read_rows(DOCUMENT, rows, stamp=STAMP, words=WORDS["en"]), found)


@given(entries())
def test_a_real_workbook_gives_the_same_answers_back(found):
    rows = rows_of(found)
    cells = [(r.section, r.code, r.question, r.answer, r.reason, r.comment, r.hint, r.key) for r in rows]
    [table] = read_tables(io.BytesIO(write_workbook([Sheet("Answers", HEADS, cells, hidden_columns=[7])])))
    read = read_rows(DOCUMENT, in_rows(DOCUMENT, table, find_columns(table)), stamp=STAMP, words=WORDS["en"])
    assert_same(read, found)


@given(entries())
def test_an_untouched_workbook_changes_nothing(found):
    read = read_rows(DOCUMENT, returned(rows_of(found)), stamp=STAMP, words=WORDS["en"])
    assert {one.change for one in compare(read.entries, found, {})} == {Change.UNCHANGED}


# What is wrong with a cell ------------------------------------------------------------------------
def changed(code, answer, part=""):
    """The rows of an empty response with one cell filled in."""
    rows = returned(rows_of({}))
    return [
        InRow(row.number, row.key, answer, row.reason, row.comment) if f"|{code}|{part}|" in row.key else row
        for row in rows
    ]


@pytest.mark.parametrize(
    ("code", "part", "answer", "why"),
    [
        ("A3-RECORDS", "", "Stone", "not_a_choice"),
        ("A3-LONGEST-WEEK", "", "a lot", "not_a_number"),
        ("A3-LONGEST-WEEK", "", 200, "too_high"),
        ("B2-DRILL", "", "perhaps", "not_a_choice"),
        ("B2-RISKS", "fire", "perhaps", RowCode.NOT_YES_OR_NO),
        ("B2-SINCE", "", "soon", "not_a_date"),
        ("P-HEADS", "permanent.female", -1, "too_low"),
    ],
)
def test_a_bad_cell_is_named_by_its_row(code, part, answer, why):
    rows = changed(code, answer, part)
    read = read_rows(DOCUMENT, rows, stamp=STAMP, words=WORDS["en"])
    [problem] = read.problems
    place = next(row.number for row in rows if f"|{code}|{part}|" in row.key)
    assert (problem.row, problem.column, problem.code) == (place, Column.ANSWER, code)
    assert (problem.why or problem.problem.code) == why
    assert code not in read.entries


@pytest.mark.parametrize(
    ("code", "answer", "value"),
    [
        ("A3-RECORDS", "カード", "card"),
        ("A3-RECORDS", " CARD   reader ", "card"),
        ("A3-RECORDS", "paper", "paper"),
        ("B2-DRILL", "はい", "yes"),
        ("B2-DRILL", True, "yes"),
        ("B2-DRILL", "NO", "no"),
        ("A3-LONGEST-WEEK", "６０．５", 60.5),
        ("P-NOTE", 2024, "2024"),
        ("P-NOTE", 1.5, "1.5"),
    ],
)
def test_cells_are_read_as_people_write_them(code, answer, value):
    read = read_rows(DOCUMENT, changed(code, answer), stamp=STAMP, words=WORDS["en"])
    assert read.entries[code].value == value


def test_rows_with_a_foreign_or_broken_key_are_problems():
    good = returned(rows_of({}))[0]
    rows = [
        good,
        InRow(50, "", "typed by hand"),
        InRow(51, "8.abc|P-NOTE||0", "other response"),
        InRow(52, f"{STAMP}|X-1||0"),
        InRow(53, good.key, 5),
    ]
    read = read_rows(DOCUMENT, rows, stamp=STAMP, words=WORDS["en"])
    assert [(problem.row, problem.why) for problem in read.problems] == [
        (2, RowCode.ROWS_MISSING),
        (50, RowCode.NO_KEY),
        (51, RowCode.NO_KEY),
        (52, RowCode.UNKNOWN_QUESTION),
        (53, RowCode.TWICE),
    ]


def test_deleted_rows_leave_their_question_alone():
    rows = [row for row in returned(rows_of({})) if "|B2-DRILL|" in row.key]
    assert set(read_rows(DOCUMENT, rows, stamp=STAMP, words=WORDS["en"]).entries) == {"B2-DRILL"}


@pytest.mark.parametrize("key", ["", "a", "a|b", "a|b|c", "a|b|c|d|e"])
def test_stamp_of_what_is_no_key_is_empty(key):
    assert stamp_of(key) == ""


# Against what stands online -----------------------------------------------------------------------
CARD, PAPER, NONE = (Entry("card", version=1), Entry("paper", version=2), Entry("none", version=1))


@pytest.mark.parametrize(
    ("mine", "online", "base", "change"),
    [
        (Entry("card", version=0), Entry(), None, Change.NEW),
        (NONE, CARD, None, Change.CHANGED),
        (CARD, CARD, None, Change.UNCHANGED),
        (CARD, PAPER, CARD, Change.UNCHANGED),  # untouched in the workbook, changed online
        (NONE, PAPER, CARD, Change.CONFLICT),
        (NONE, PAPER, None, Change.CONFLICT),
        (Entry(version=0), PAPER, None, Change.UNCHANGED),  # left empty, answered online meanwhile
        (Entry("card", version=0), PAPER, None, Change.CONFLICT),
        (Entry("paper", version=1), PAPER, CARD, Change.UNCHANGED),  # both say the same
        (Entry("card", version=1), Entry(None, comment="Hm", version=1), None, Change.NEW),
    ],
)
def test_compare(mine, online, base, change):
    found = compare({"A3-RECORDS": mine}, {"A3-RECORDS": online}, {("A3-RECORDS", 1): base} if base else {})
    assert [one.change for one in found] == [change]
