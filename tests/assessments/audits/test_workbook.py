"""The pure reader: which checkpoint a cell means, what lines say, what would change."""

import pytest

from assessments.audits.enums import Conclusion
from assessments.audits.workbook.columns import (
    Layout,
    Line,
    Words,
    fingerprint,
    fold,
    make_key,
    name_headers,
    own_columns,
    read_key,
)
from assessments.audits.workbook.comparing import Change, Standing, compare
from assessments.audits.workbook.content import Content, join_contents, split_points
from assessments.audits.workbook.guessing import (
    find_conclusions,
    find_header,
    find_words,
    guess_columns,
    guess_conclusion,
)
from assessments.audits.workbook.points import Fit, Match, Points
from assessments.audits.workbook.reading import Entry, Problem, Reading, read_lines

CODES = ("A1", "A2", "A3", "A10", "B1", "B12", "C")
WORDS = Words(
    headers={fold(name): name for name in ("checkpoint", "title", "conclusion", "data_points", "description", "sanpo")}
    | {fold("チェックポイント"): "checkpoint", fold("結論"): "conclusion"},
    conclusions={fold(word): word for word in Conclusion.values} | {fold("適合"): "conform", fold("重大"): "major"},
    topics={"hours": "hours"},
)
COLUMNS = ("checkpoint", "conclusion", "data_points", "description", "topic")


def read(*lines, foreign=False, words=None, columns=COLUMNS):
    layout = Layout({column: index for index, column in enumerate(columns)}, words or {}, foreign)
    numbered = (Line(number, cells) for number, cells in enumerate(lines, start=2))
    return read_lines(numbered, layout, Points(CODES), WORDS)


@pytest.mark.parametrize(
    ("text", "finer", "expected"),
    [
        ("A3", False, Match(Fit.EXACT, "A3")),
        (" a3 ", False, Match(Fit.EXACT, "A3")),
        ("Ａ－３", False, Match(Fit.EXACT, "A3")),
        ("A 3.", False, Match(Fit.EXACT, "A3")),
        ("A03", False, Match(Fit.EXACT, "A3")),
        ("A100", False, Match(Fit.UNKNOWN)),
        ("A3.1", False, Match(Fit.UNKNOWN)),
        ("", False, Match(Fit.UNKNOWN)),
        ("A3", True, Match(Fit.EXACT, "A3")),
        ("A 3", True, Match(Fit.NEAR, "A3")),
        ("A3.1", True, Match(Fit.NEAR, "A3")),
        ("A3.1.2", True, Match(Fit.NEAR, "A3")),
        ("A3a", True, Match(Fit.NEAR, "A3")),
        ("A3.b", True, Match(Fit.NEAR, "A3")),
        ("VAP-A3.2.1", True, Match(Fit.NEAR, "A3")),
        ("VAP A 3", True, Match(Fit.NEAR, "A3")),
        ("A3 Working hours", True, Match(Fit.NEAR, "A3")),
        ("A10.4", True, Match(Fit.NEAR, "A10")),
        ("A103", True, Match(Fit.UNKNOWN)),
        ("XA3", True, Match(Fit.UNKNOWN)),
        ("D3", True, Match(Fit.UNKNOWN)),
        ("A3, A10", True, Match(Fit.SEVERAL)),
        ("A3/B1", True, Match(Fit.SEVERAL)),
        ("A3.1 & A3.2", True, Match(Fit.NEAR, "A3")),
        ("ISO 45001 B12", True, Match(Fit.NEAR, "B12")),
        ("C", True, Match(Fit.EXACT, "C")),
        ("C is for clarity", True, Match(Fit.UNKNOWN)),
    ],
)
def test_points_find_the_checkpoint_a_cell_means(text, finer, expected):
    assert Points(CODES).find(text, finer=finer) == expected


def test_points_never_take_one_checkpoint_for_another_that_is_written_alike():
    points = Points(("1.1", "1.10", "11", "A-1", "A1"))
    assert [points.find(text).code for text in ("1.1", "1.10", "11", "A-1", "A1", "a1", "1-1")] == [
        "1.1", "1.10", "11", "A-1", "A1", "", "11",
    ]  # fmt: skip
    assert points.find("1.1.4", finer=True) == Match(Fit.NEAR, "1.1")


def test_points_of_a_programme_without_numbers():
    assert Points(("Hours", "Wages")).find("hours", finer=True) == Match(Fit.NEAR, "Hours")
    assert Points(()).find("A1", finer=True) == Match(Fit.UNKNOWN)


def test_headers_are_ours_in_any_order_and_language():
    assert own_columns(["Conclusion", "", "# notes", "CHECK POINT"], WORDS) == {"conclusion": 0, "checkpoint": 3}
    assert own_columns(["チェックポイント", "結論"], WORDS) == {"checkpoint": 0, "conclusion": 1}
    assert own_columns(["Checkpoint"], WORDS) is None
    assert own_columns(["Checkpoint", "Conclusion", "Remarks"], WORDS) is None
    assert own_columns(["Checkpoint", "Conclusion", "conclusion"], WORDS) is None


def test_headers_have_one_name_each_and_a_fingerprint_without_order():
    assert name_headers(["Result", " result ", "", "No\n1"]) == ["Result", "result (2)", "", "No 1"]
    assert fingerprint(["B", "a ", ""]) == fingerprint(["A", "b"])
    assert fingerprint(["A", "B"]) != fingerprint(["A", "B", "B"])


def test_the_hidden_key_is_read_back_or_nothing():
    assert read_key(make_key(7, "A|3", 2)) == (7, "A|3", 2)
    assert [read_key(text) for text in ("", "7", "7|A3", "x|A3|1", "7|A3|x", "7||1", "²|A3|1")] == [None] * 7


def test_lines_become_entries():
    found = read(
        ["A3", "Major", "- 80 hours in March\n\n• Badge records of 4 people", "Weeks over 60 hours.", "hours"],
        ["B1", "適合", "Walk through line 2", "", ""],
        ["A1", "", "", "", ""],
        ["# note", "Major", "", "", ""],
        ["", "", "", "", ""],
    )
    assert found == Reading(
        frozenset({"conclusion", "data_points", "description", "topic"}),
        {
            "A3": Entry(
                Content(
                    "major", ("80 hours in March", "Badge records of 4 people"), "Weeks over 60 hours.", topic="hours"
                ),
                (2,),
            ),
            "B1": Entry(Content("conform", ("Walk through line 2",)), (3,)),
        },
    )


def test_lines_below_a_checkpoint_add_its_data_points():
    """Merged cells arrive as the same value on every line, or as empty cells below the first."""
    found = read(
        ["A3", "minor", "one", "Text", ""],
        ["", "", "two", "", ""],
        ["A3", "minor", "three", "Text", ""],
        ["A3", "", "three", "", ""],
        ["B1", "", "", "", ""],
        ["", "", "seen", "", ""],
    )
    assert found.problems == []
    assert {code: (entry.content.data_points, entry.lines) for code, entry in found.entries.items()} == {
        "A3": (("one", "two", "three"), (2, 3, 4)),
        "B1": (("seen",), (7,)),
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([["Z9", "major", "", "x", ""]], Problem(2, "checkpoint", "Z9", "unknown", {"row": 2})),
        ([["A3.1", "conform", "", "", ""]], Problem(2, "checkpoint", "A3.1", "unknown", {"row": 2})),
        ([["A3", "bad", "", "", ""]], Problem(2, "conclusion", "bad", "conclusion")),
        ([["A3", "major", "seen", "", ""]], Problem(2, "description", "", "description_missing")),
        ([["A3", "conform", "", "", "wages"]], Problem(2, "topic", "wages", "topic")),
        ([["A3", "conform", "", "x" * 10_001, ""]], Problem(2, "description", "A3", "too_long", {"limit": 10_000})),
        ([["A3", "conform", "x" * 2_001, "", ""]], Problem(2, "data_points", "A3", "point_too_long", {"limit": 2_000})),
        (
            [["A3", "conform", "\n".join(map(str, range(51))), "", ""]],
            Problem(2, "data_points", "A3", "too_many_points", {"limit": 50}),
        ),
        (
            [["A3", "conform", "", "", ""], ["A3", "conform", "", "Other", ""]],
            Problem(3, "checkpoint", "A3", "twice", {"first": 2}),
        ),
        (
            [["A3", "conform", "", "", ""], ["B1", "conform", "", "", ""], ["A3", "conform", "", "", ""]],
            Problem(4, "checkpoint", "A3", "twice", {"first": 2}),
        ),
        ([["", "conform", "seen", "", ""]], Problem(2, "checkpoint", "", "no_checkpoint")),
        ([["Total: 42", "", "", "", ""]], Problem(2, "checkpoint", "Total: 42", "footer", {"row": 2})),
        ([["", "", "", "Signed by", ""]], Problem(2, "description", "Signed by", "footer", {"row": 2})),
        ([["", "", "no checkpoint above", "", ""]], Problem(2, "data_points", "no checkpoint above", "footer", {"row": 2})),
    ],
)  # fmt: skip
def test_a_cell_that_is_wrong_is_named(lines, expected):
    assert read(*lines).problems == [expected]


def test_problems_are_sorted_and_end_somewhere():
    found = read(*[["A3", "major", "", "", ""], *[["Z9", "x", "", "", ""]] * 3_000])
    assert len(found.problems) == 1_001
    assert [problem.line for problem in found.problems] == sorted(problem.line for problem in found.problems)


def test_a_foreign_sheet_joins_the_lines_of_a_checkpoint():
    words = {fold("NC"): "minor", fold("OFI"): "skip", fold("OK"): "conform"}
    found = read(
        ["A3.1", "OK", "Records of May", "", ""],
        ["A3.2", "Major", "Records of May", "Over 60 hours.", ""],
        ["VAP-A3.4", "NC", "Interview", "No rest day.", ""],
        ["B1", "OFI", "", "Could be better.", ""],
        foreign=True,
        words=words,
    )
    content = Content("major", ("Records of May", "Interview"), "Over 60 hours.\n\nNo rest day.")
    assert found.entries == {"A3": Entry(content, (2, 3, 4), ("A3.1", "A3.2", "VAP-A3.4"))}
    assert (found.problems, found.skipped) == ([], 1)


@pytest.mark.parametrize(
    ("first", "second", "worst"),
    [
        ("conform", "minor", "minor"),
        ("priority", "major", "priority"),
        ("not_applicable", "conform", "conform"),
        ("not_reviewed", "conform", "conform"),
        ("", "not_applicable", "not_applicable"),
    ],
)
def test_the_worst_conclusion_counts(first, second, worst):
    contents = Content(first), Content(second)
    assert join_contents(*contents).conclusion == join_contents(*reversed(contents)).conclusion == worst


def test_split_points_keeps_numbers_and_words():
    assert split_points("1. first\n- second\n・三つ目\n  4   of  5 \n\n") == ("1. first", "second", "三つ目", "4 of 5")


OLD = Content("minor", ("seen",), "Text", law="Act 1")


@pytest.mark.parametrize(
    ("now", "base", "mine", "change"),
    [
        (Standing(), Standing(), Content("minor"), Change.NEW),
        (Standing(OLD, 1), Standing(OLD, 1), OLD, Change.UNCHANGED),
        (Standing(OLD, 1), Standing(OLD, 1), Content("major", ("seen",), "Text"), Change.CHANGED),
        (Standing(OLD, 2), Standing(OLD, 1), Content("major", ("seen",), "Text"), Change.CONFLICT),
        (Standing(Content("major"), 2), Standing(OLD, 1), OLD, Change.UNCHANGED),  # the table was left alone
        (Standing(Content("major"), 1), Standing(), Content("minor"), Change.CONFLICT),
    ],
)
def test_compare(now, base, mine, change):
    entries = {"A3": Entry(mine, (2,), version=base.version)}
    given = {"conclusion", "data_points", "description"}
    found = compare(entries, {"A3": now}, given=given, base={"A3": base})
    assert [one.change for one in found] == [change]
    assert found[0].after.law == now.content.law  # no column of the table


def test_compare_without_a_key_makes_a_conflict_of_what_changed_meanwhile():
    entries = {"A3": Entry(Content("minor"), (2,))}
    now = {"A3": Standing(Content("major"), 2)}
    found = compare(entries, now, given={"conclusion"}, base={"A3": Standing(version=1)})
    assert [one.change for one in found] == [Change.CONFLICT]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Major", "major"), ("NC major", "major"), ("Major NC", "major"), ("Minor non-conformance", "minor"),
        ("Critical", "priority"), ("Zero tolerance", "priority"), ("OK", "conform"), ("Compliant", "conform"),
        ("In conformity", "conform"), ("Pass", "conform"), ("○", "conform"), ("N/A", "not_applicable"), ("n.a.", "not_applicable"),
        ("NA", "not_applicable"), ("Not applicable", "not_applicable"), ("Not reviewed", "not_reviewed"), ("N/R", "not_reviewed"),
        ("適合", "conform"), ("重大", "major"), ("軽微な不適合", "minor"), ("不適用", "not_applicable"), ("適用対象外", "not_applicable"),
        ("符合", "conform"), ("严重不符合", "major"), ("轻微", "minor"), ("未审核", "not_reviewed"), ("不适用", "not_applicable"),
        ("สอดคล้อง", "conform"), ("รุนแรง", "major"), ("ไม่เกี่ยวข้อง", "not_applicable"),
        ("Nonconformity", ""), ("NC", ""), ("Not compliant", ""), ("不适合", ""), ("不符合", ""), ("ไม่สอดคล้อง", ""), ("Observation", ""),
    ],
)  # fmt: skip
def test_guesses_of_words(word, expected):
    assert guess_conclusion(word, WORDS) == expected


def test_guesses_of_columns():
    headers = ["No.", "Clause", "Rating", "Finding", "Objective evidence", "Legal requirement", "Possible cause"]
    assert guess_columns(headers, WORDS.headers) == {
        "checkpoint": "Clause", "conclusion": "Rating", "description": "Finding",
        "evidence": "Objective evidence", "law": "Legal requirement", "root_cause": "Possible cause",
    }  # fmt: skip
    assert guess_columns(["条款", "判定结果", "问题描述"], {}) == {
        "checkpoint": "条款", "conclusion": "判定结果", "description": "问题描述",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["A3.1", "Over 60 hours", "重大"], ["B1", "", "適合"]], "C"),
        ([["A3.1", "Over 60 hours", "NC"], ["B1", "", "OK"]], "C"),
        ([["A3.1", "Over 60 hours", "grade 4"], ["B1", "Locked door", "grade 0"]], ""),
        ([], ""),
    ],
)
def test_the_column_of_conclusions_is_known_by_its_words(rows, expected):
    lines = [Line(number, cells) for number, cells in enumerate(rows, start=2)]
    assert find_conclusions(["A", "Non-conformity description", "C"], lines, WORDS) == expected


def test_the_header_line_is_found_below_a_title():
    lines = [
        Line(1, ["Audit report", "", ""]),
        Line(3, ["Site", "Rayong plant", ""]),
        Line(5, ["Clause", "Rating", "Finding"]),
        Line(6, ["A3", "Major", "Over 60 hours"]),
    ]
    assert find_header(lines) == 5
    assert find_header([]) == 0
    assert find_words(lines[3:], 1) == ["Major"]
