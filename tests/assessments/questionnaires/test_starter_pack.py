"""The starter pack: a good site raises no flag, and every flag has answers that raise it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import assessments.questionnaires
from assessments.questionnaires.conditions import visible_answers
from assessments.questionnaires.document import Document, fill_text, find_problems, read_pack
from assessments.questionnaires.enums import Gravity, Kind

PACK = Path(assessments.questionnaires.__file__).parent / "packs" / "facility-starter"
AS_OF = date(2026, 11, 30)


def _count(**rows: int) -> dict[str, int]:
    """A head-count table with these numbers of men and nobody else."""
    all_rows = ("permanent", "fixed_term", "agency", "trainees", "students")
    table = {f"{row}.male": rows.get(row, 0) for row in all_rows}
    return table | {f"{row}.female": 0 for row in all_rows}


GOOD: Mapping[str, object] = {
    "P-ACTIVITY": "assembly",
    "P-PERIOD-END": "2026-09-30",
    "P-HEADS": _count(permanent=400, agency=50, trainees=20),
    "P-FOREIGN-WORKERS": 30,
    "P-SHIFTS": "night",
    "P-DORMITORY": "yes",
    "A1-CONTRACTS": "all",
    "A1-PAPERS": "worker",
    "A1-FEES-AMOUNT": 0,
    "A1-LEAVE": "yes",
    "A1-AGENCY-CHECK": "year",
    "A2-AGE-CHECK": ["photo_id", "copy", "interview"],
    "A2-YOUNGEST": 17,
    "A2-YOUNG-WORKERS": "yes",
    "A2-YOUNG-TASKS": ["none"],
    "A2-YOUNG-RULES": ["hours", "night", "hazardous", "remedy"],
    "A3-RECORDS": "card",
    "A3-LONGEST-WEEK": 48,
    "A3-USUAL-WEEK": 44.5,
    "A3-CONSECUTIVE-DAYS": 6,
    "A3-OVERTIME-CHOICE": "yes",
    "A3-OVERTIME-AGREEMENT": "valid",
    "A4-LOWEST-WAGE": 108.5,
    "A4-OVERTIME-PAY": "premium",
    "A4-PAY-DELAY": 0,
    "A4-PAY-CUTS": "no",
    "A4-INSURANCE": 100,
    "A5-EQUAL-RULES": ["sex", "origin", "religion", "disability", "age", "union"],
    "A5-PREGNANCY-TEST": "no",
    "A5-HARASSMENT-CASES": 4,
    "A5-HARASSMENT-CLOSED": 4,
    "A6-REPRESENTATION": "union",
    "A6-MEETINGS": 12,
    "B1-RISK-REVIEW": "year",
    "B3-INJURIES": 2,
    "B3-INVESTIGATED": "yes",
    "B4-MEASUREMENTS": "year",
    "B6-GUARDS": "all",
    "B7-DORMITORY": ["exits", "alarm", "locker", "water", "free"],
    "B8-LANGUAGES": "all",
    "B2-DRILLS": "yes",
    "B2-DRILL-COUNT": 2,
    "B2-NIGHT-DRILL": "yes",
    "B2-EXITS": "free",
    "B2-FIRE-VALID": "2027-03-31",
    "C1-PERMITS": "all",
    "C1-PERMIT-EXPIRY": "2028-06-30",
    "C1-DISCHARGE": "valid",
    "C1-PENALTIES": 0,
    "C3-INVENTORY": "current",
    "C4-WASTE": "licensed",
    "C6-RESTRICTED": "tested",
    "C8-GHG-TRACKED": "yes",
    "C8-SCOPE12": 1250.5,
    "C8-TARGET": "absolute",
    "D1-BRIBERY-RULES": "trained",
    "D6-PROTECTION": ["anonymous", "secret", "rule"],
    "D7-MINERALS": "contains",
    "D7-POLICY": "traced",
    "D8-PRIVACY": "limited",
    "E1-COMMITMENT": "yes",
    "E2-RESPONSIBLE": "manager",
    "E6-TRAINING": "yes",
    "E6-REVIEW-AGE": 8,
    "E8-CHANNELS": ["box", "desk", "outside"],
    "E9-SELF-CHECK": "year",
    "E10-CORRECTION": "process",
    "E12-SUPPLIERS": "checked",
}

RAISES: Mapping[str, Mapping[str, object]] = {
    "P-FOREIGN-OVER-TOTAL": {"P-FOREIGN-WORKERS": 471},
    "P-TRAINEES-OVER-FOREIGN": {"P-FOREIGN-WORKERS": 19},
    "P-TRAINEES-OVER-STAFF": {
        "P-HEADS": _count(permanent=20, trainees=21),
        "P-FOREIGN-WORKERS": 21,
    },
    "A1-NO-CONTRACT": {"A1-CONTRACTS": "some"},
    "A1-PAPERS-HELD": {"A1-PAPERS": "landlord"},
    "A1-FEES-CHARGED": {"A1-FEES-AMOUNT": 0.5, "A1-FEES-REPAID": "full"},
    "A1-FEES-NOT-REPAID": {"A1-FEES-AMOUNT": 900, "A1-FEES-REPAID": "part"},
    "A1-LEAVE-PENALTY": {"A1-LEAVE": "no"},
    "A1-AGENCY-UNCHECKED": {"A1-AGENCY-CHECK": "never"},
    "A2-UNDER-15": {"A2-YOUNGEST": 14},
    "A2-YOUNG-NIGHT-HAZARD": {"A2-YOUNG-TASKS": ["night"]},
    "A2-YOUNG-OVERTIME": {"A2-YOUNG-TASKS": ["overtime"]},
    "A2-NO-AGE-CHECK": {"A2-AGE-CHECK": ["none"]},
    "A2-NO-YOUNG-RULES": {"A2-YOUNG-RULES": ["none"]},
    "A2-YOUNG-RULES-GAP": {"A2-YOUNG-RULES": ["hours", "night", "hazardous"]},
    "A2-YOUNG-DISAGREE": {"A2-YOUNG-WORKERS": "no"},
    "A3-NO-RECORDS": {"A3-RECORDS": "none"},
    "A3-OVER-84": {"A3-LONGEST-WEEK": 84.5, "A3-OVER-60-SHARE": 2},
    "A3-OVER-60": {"A3-LONGEST-WEEK": 84, "A3-OVER-60-SHARE": 2},
    "A3-OVER-60-COMMON": {"A3-LONGEST-WEEK": 61, "A3-OVER-60-SHARE": 20.5},
    "A3-SHARE-DISAGREE": {"A3-LONGEST-WEEK": 61, "A3-OVER-60-SHARE": 0},
    "A3-USUAL-DISAGREE": {"A3-USUAL-WEEK": 48.5},
    "A3-USUAL-OVER-60": {"A3-USUAL-WEEK": 61, "A3-LONGEST-WEEK": 61, "A3-OVER-60-SHARE": 5},
    "A3-NO-REST-DAY": {"A3-CONSECUTIVE-DAYS": 7},
    "A3-FORCED-OVERTIME": {"A3-OVERTIME-CHOICE": "no"},
    "A3-NO-OVERTIME-AGREEMENT": {"A3-OVERTIME-AGREEMENT": "expired"},
    "A4-BELOW-MINIMUM": {"A4-LOWEST-WAGE": 99.9},
    "A4-OVERTIME-UNDERPAID": {"A4-OVERTIME-PAY": "normal"},
    "A4-LATE-PAY": {"A4-PAY-DELAY": 8},
    "A4-FINES": {"A4-PAY-CUTS": "yes"},
    "A4-INSURANCE-GAP": {"A4-INSURANCE": 99.9},
    "A5-NO-EQUAL-RULES": {"A5-EQUAL-RULES": ["none"]},
    "A5-PREGNANCY-TESTED": {"A5-PREGNANCY-TEST": "yes"},
    "A5-CASES-DISAGREE": {"A5-HARASSMENT-CLOSED": 5},
    "A5-CASES-OPEN": {"A5-HARASSMENT-CLOSED": 1},
    "A6-NO-VOICE": {"A6-REPRESENTATION": "appointed"},
    "B1-NO-RISK-REVIEW": {"B1-RISK-REVIEW": "never"},
    "B3-NO-CAUSE": {"B3-INVESTIGATED": "no"},
    "B4-NOT-MEASURED": {"B4-MEASUREMENTS": "never"},
    "B6-UNGUARDED": {"B6-GUARDS": "some"},
    "B7-DORMITORY-UNSAFE": {"B7-DORMITORY": ["exits", "locker", "free"]},
    "B7-DORMITORY-CLOSED": {"B7-DORMITORY": ["exits", "alarm"]},
    "B8-NOT-UNDERSTOOD": {"B8-LANGUAGES": "few"},
    "B2-NO-DRILL": {"B2-DRILLS": "no"},
    "B2-DRILL-DISAGREE": {"B2-DRILL-COUNT": 0},
    "B2-NO-NIGHT-DRILL": {"B2-NIGHT-DRILL": "no"},
    "B2-EXIT-LOCKED": {"B2-EXITS": "locked"},
    "B2-EXIT-BLOCKED": {"B2-EXITS": "blocked"},
    "B2-FIRE-EXPIRED": {"B2-FIRE-VALID": "2026-11-29"},
    "C1-PERMIT-MISSING": {"C1-PERMITS": "some"},
    "C1-PERMIT-EXPIRED": {"C1-PERMIT-EXPIRY": "2026-11-29"},
    "C1-DISCHARGE-LAPSED": {"C1-DISCHARGE": "expired"},
    "C1-PENALIZED": {"C1-PENALTIES": 1},
    "C3-NO-INVENTORY": {"C3-INVENTORY": "none"},
    "C4-WASTE-UNLICENSED": {"C4-WASTE": "unlicensed"},
    "C6-NOT-CHECKED": {"C6-RESTRICTED": "none"},
    "C8-NO-FIGURE": {"C8-GHG-TRACKED": "no"},
    "C8-FIGURE-ZERO": {"C8-SCOPE12": 0},
    "C8-NO-ABSOLUTE-TARGET": {"C8-TARGET": "intensity"},
    "D1-NO-BRIBERY-RULES": {"D1-BRIBERY-RULES": "none"},
    "D6-NO-PROTECTION": {"D6-PROTECTION": ["none"]},
    "D7-NO-POLICY": {"D7-POLICY": "none"},
    "E1-NO-COMMITMENT": {"E1-COMMITMENT": "no"},
    "E2-NOBODY": {"E2-RESPONSIBLE": "none"},
    "E6-NO-TRAINING": {"E6-TRAINING": "no"},
    "E6-REVIEW-OLD": {"E6-REVIEW-AGE": 37},
    "E8-NO-CHANNEL": {"E8-CHANNELS": ["none"], "D6-PROTECTION": ["secret"]},
    "E8-ANONYMOUS-DISAGREE": {"E8-CHANNELS": ["none"]},
    "E10-NO-PROCESS": {"E10-CORRECTION": "none"},
    "E12-NO-CASCADE": {"E12-SUPPLIERS": "none"},
}

ALSO: Mapping[str, set[str]] = {
    "A1-FEES-NOT-REPAID": {"A1-FEES-CHARGED"},
    "A3-OVER-60-COMMON": {"A3-OVER-60"},
    "A3-SHARE-DISAGREE": {"A3-OVER-60"},
    "A3-USUAL-OVER-60": {"A3-OVER-60"},
    "E8-ANONYMOUS-DISAGREE": {"E8-NO-CHANNEL"},
}
"""Flags that the same answers raise as well, and rightly."""


@cache
def _starter() -> Document:
    return read_pack(PACK)


def _raised(changes: Mapping[str, object]) -> set[str]:
    document = _starter()
    visible = visible_answers(document, {**GOOD, **changes}, AS_OF)[1]
    rules = document.flag_rules
    return {flag.code for flag, rule in rules if rule.test(visible, AS_OF.isoformat()) is True}


def test_holds_together() -> None:
    provisions = [
        f"{chapter}{number}"
        for chapter, count in {"A": 6, "B": 8, "C": 8, "D": 8, "E": 12}.items()
        for number in range(1, count + 1)
    ]
    problems = find_problems(_starter(), provisions)
    assert [p for p in problems if p.severity is Gravity.ERROR] == []


def test_has_real_breadth() -> None:
    document = _starter()
    assert len(document.questions) >= 60
    assert {q.kind for q in document.questions} == set(Kind)
    assert {q.provision[0] for q in document.questions if q.provision} == set("ABCDE")
    unnamed = {q.code for q in document.questions if q.provision is None}
    assert {code[:2] for code in unnamed} == {"P-"}


def test_good_site_raises_nothing() -> None:
    assert _raised({}) == set()


def test_every_flag_has_a_case() -> None:
    assert {flag.code for flag in _starter().flags} == set(RAISES)


@pytest.mark.parametrize("flag", sorted(RAISES))
def test_raises_only_what_it_should(flag: str) -> None:
    assert _raised(RAISES[flag]) == {flag} | ALSO.get(flag, set())


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_is_translated(language: str) -> None:
    assert [p for p in find_problems(_starter()) if f"'{language}'" in p.message] == []


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_flag_text_shows_the_answer(language: str) -> None:
    document = _starter()
    text = document.flag("A3-OVER-60").text
    assert "72.5" in fill_text(document, text, {"A3-LONGEST-WEEK": 72.5}, language=language)
