"""The packs that ship: whole, translated, each rule proven, each provision asked about from four sides."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import assessments.questionnaires
from assessments.codes.document import read_code
from assessments.questionnaires.document import Document, find_problems, read_pack
from assessments.questionnaires.enums import AskedOf, Aspect, Kind, Unit

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
NAMES = sorted(path.parent.name for path in PACKS.glob("*/questionnaire.yaml"))
SENT = [name for name in NAMES if name != "metrics"]
RBA = read_code("rba-8.0")


@cache
def pack(name: str) -> Document:
    return read_pack(PACKS / name, RBA.provision_codes)


def test_these_packs_ship():
    assert NAMES == ["corporate", "facility-full", "facility-short", "human-rights", "metrics", "onboarding"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_has_no_problem_and_every_text_in_four_languages(name):
    assert pack(name).languages == ("en", "ja", "zh-hans", "th")
    assert find_problems(pack(name), RBA.provision_codes) == []


@pytest.mark.parametrize("name", SENT)
def test_every_rule_has_an_example_that_fires_and_one_that_does_not(name):
    bare = [flag.code for flag in pack(name).flags if not flag.fires or not flag.quiet]

    assert bare == []
    assert all(flag.advice for flag in pack(name).flags)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_says_what_is_meant_and_why_it_is_asked(name):
    silent = [question.code for question in pack(name).questions if not question.guidance or not question.why]

    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_unit_and_a_time(name):
    figures = [q for q in pack(name).questions if q.kind in (Kind.NUMBER, Kind.PERCENTAGE, Kind.HEADCOUNT)]

    assert [q.code for q in figures if q.period is None] == []
    assert [q.code for q in figures if q.kind is Kind.NUMBER and q.unit is None] == []


@pytest.mark.parametrize("name", SENT)
def test_a_question_taken_from_elsewhere_means_the_same(name):
    known = {question.code: question for source in ("metrics", "facility-full") for question in pack(source).questions}
    shared = [question for question in pack(name).questions if question.code in known]

    assert [q.code for q in shared if identity(q) != identity(known[q.code])] == []


def identity(question):
    return (
        question.kind,
        question.unit,
        question.period,
        question.decimals,
        [choice.code for choice in question.choices],
        question.cells,
    )


def test_the_full_pack_asks_160_to_220_questions_about_every_provision_from_four_sides():
    asked, sides = defaultdict(int), defaultdict(set)
    for question in pack("facility-full").questions:
        asked[question.provision] += 1
        sides[question.provision] |= set(question.asks)

    assert 160 <= len(pack("facility-full").questions) <= 220
    assert {code: count for code in RBA.provision_codes if (count := asked[code]) < 3} == {}
    assert {code: missing for code in RBA.provision_codes if (missing := set(Aspect) - sides[code])} == {}


def test_the_short_pack_is_a_part_of_the_full_one():
    short, full = pack("facility-short"), pack("facility-full")

    assert 40 <= len(short.questions) <= 50
    assert [q for q in short.questions if q.warn_if] != []
    assert {q.code for q in short.questions} <= {q.code for q in full.questions}
    assert [section.code for section in short.sections if section.code[0] in "ABCDE"] != []
    assert {q.provision[0] for q in short.questions if q.provision} == set("ABCDE")


def test_only_the_corporate_pack_is_asked_of_the_company():
    assert [name for name in NAMES if pack(name).asked_of is AskedOf.COMPANY] == ["corporate"]


def test_the_onboarding_pack_screens_people_and_the_environment():
    sections = {question.provision[0] for question in pack("onboarding").questions if question.provision}

    assert {"A", "B", "C"} <= sections


@pytest.mark.parametrize(
    ("code", "kind", "unit"),
    [
        ("P-HEADS", Kind.HEADCOUNT, None),
        ("P-AGES", Kind.HEADCOUNT, None),
        ("P-FOREIGN-WORKERS", Kind.NUMBER, Unit.PEOPLE),
        ("P-CONTRACTORS", Kind.NUMBER, Unit.PEOPLE),
        ("A3-USUAL-WEEK", Kind.NUMBER, Unit.HOURS_PER_WEEK),
        ("A3-LONGEST-WEEK", Kind.NUMBER, Unit.HOURS_PER_WEEK),
        ("A3-OVER-60-SHARE", Kind.PERCENTAGE, None),
        ("A3-OVER-60-MONTHS", Kind.NUMBER, Unit.MONTHS),
        ("B3-INJURY-RATE", Kind.NUMBER, Unit.CASES_PER_MILLION_HOURS),
        ("C4-WASTE-TOTAL", Kind.NUMBER, Unit.TONNES),
        ("C7-WATER", Kind.NUMBER, Unit.M3),
        ("C8-ENERGY", Kind.NUMBER, Unit.KWH),
        ("C8-SCOPE1", Kind.NUMBER, Unit.TONNES_CO2E),
        ("C8-SCOPE2", Kind.NUMBER, Unit.TONNES_CO2E),
        ("C1-PERMIT-EXPIRY", Kind.DATE, None),
    ],
)
def test_a_metric_is_typed_and_the_full_pack_takes_it(code, kind, unit):
    metric, taken = pack("metrics").question(code), pack("facility-full").question(code)

    assert (metric.kind, metric.unit) == (kind, unit)
    assert identity(taken) == identity(metric)
    assert taken.text == metric.text
