"""The draft gate: every rule, and the order of what it finds."""

import pytest
from msgspec.structs import replace

from assessments.audits.checks import Problem, ProblemCode, Written, check_point, find_problems
from assessments.audits.document import read_programme

POINTS = ("Interview with four workers", "Time records", "Walk through line 2")
UNANSWERED, FEW, NO_DESCRIPTION, NO_REASON = ProblemCode

CASES = [
    ("nothing", Written(), [UNANSWERED]),
    ("only points", Written("", POINTS, "text"), [UNANSWERED]),
    ("conform", Written("conform", POINTS), []),
    ("conform, two points", Written("conform", POINTS[:2]), [FEW]),
    ("conform, blank point", Written("conform", (*POINTS[:2], "  ")), [FEW]),
    ("conform, same point twice", Written("conform", (*POINTS[:2], "time RECORDS ")), [FEW]),
    ("minor", Written("minor", POINTS, "What was found"), []),
    ("minor, no description", Written("minor", POINTS), [NO_DESCRIPTION]),
    ("major, blank description", Written("major", POINTS, " \n"), [NO_DESCRIPTION]),
    ("priority, nothing else", Written("priority"), [FEW, NO_DESCRIPTION]),
    ("not applicable", Written("not_applicable", (), "No dormitory"), []),
    ("not applicable, no reason", Written("not_applicable"), [NO_REASON]),
    ("not reviewed", Written("not_reviewed"), []),
]


@pytest.mark.parametrize(("written", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_check_point_finds(written, codes):
    assert [problem.code for problem in check_point("A1", written, 3)] == codes


def test_check_point_says_how_many_data_points_are_missing():
    assert check_point("A1", Written("conform", ("one",)), 3) == [Problem("A1", FEW, found=1, needed=3)]


def test_check_point_asks_for_no_data_points_where_the_programme_does_not():
    assert check_point("A1", Written("conform"), 0) == []


def test_find_problems_follows_the_order_of_the_programme():
    programme = replace(read_programme("rba-vap-style"))
    contents = {point.code: Written("conform", POINTS) for point in programme.points}
    assert find_problems(programme, contents) == []
    contents["E12"] = Written("minor", POINTS)
    del contents["A2"]
    assert find_problems(programme, contents) == [Problem("A2", UNANSWERED), Problem("E12", NO_DESCRIPTION)]
