"""Audit programmes as documents: those that ship, every fault an author can make, the command that names them."""

from datetime import date
from io import StringIO

import msgspec
import pytest
import yaml
from django.core.management import CommandError, call_command

from assessments.audits.document import (
    LANGUAGES,
    Programme,
    ProgrammeError,
    add_months,
    all_texts,
    build_programme,
    known_programmes,
    pack_path,
    programme_problems,
    read_file,
    read_programme,
)
from assessments.findings.clocks import Dates, find_clock, set_dates

DAY = date(2026, 6, 1)


def vap(**changes):
    """The VAP-style pack as plain data, with changes."""
    return {**yaml.safe_load(pack_path("rba-vap-style").read_text()), **changes}


# What ships ----------------------------------------------------------------------------------------
def test_three_programmes_ship():
    assert known_programmes() == ("rba-vap-style", "sa8000-style", "smeta-style")


@pytest.mark.parametrize("code", known_programmes())
def test_a_programme_that_ships_has_no_fault_and_speaks_every_language(code):
    programme = read_programme(code)
    assert programme_problems(programme) == []
    assert {tuple(sorted(text)) for _place, text in all_texts(programme)} == {tuple(sorted(LANGUAGES))}


@pytest.mark.parametrize("code", known_programmes())
def test_a_programme_is_the_same_after_it_was_stored(code):
    programme = read_programme(code)
    stored = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(programme)))
    assert build_programme(stored) == programme


@pytest.mark.parametrize(
    ("severity", "topic", "plan", "approval", "done"),
    [
        ("priority", "safety_environment", date(2026, 6, 8), date(2026, 6, 11), date(2026, 7, 1)),
        ("priority", "", date(2026, 6, 8), date(2026, 6, 11), date(2026, 8, 30)),
        ("priority", "hours_insurance", date(2026, 7, 15), date(2026, 8, 12), date(2026, 12, 28)),
        ("major", "safety_environment", date(2026, 7, 15), date(2026, 8, 12), date(2026, 12, 28)),
        ("minor", "", date(2026, 7, 15), date(2026, 8, 12), date(2027, 3, 28)),
    ],
)
def test_clocks_of_the_vap_style(severity, topic, plan, approval, done):
    clock = find_clock(read_programme("rba-vap-style").clocks, severity, topic)
    assert set_dates(clock, discovered=DAY, reported=date(2026, 7, 1)) == Dates(plan, approval, done)


def test_hours_in_the_sa8000_style_have_no_last_day_of_their_own():
    programme = read_programme("sa8000-style")
    clock = find_clock(programme.clocks, "major", programme.topic_of("A3"))
    assert set_dates(clock, discovered=DAY, reported=DAY) == Dates(date(2026, 7, 1), date(2026, 7, 31), None)


def test_checkpoints_are_those_of_the_programme_else_the_provisions_of_its_code():
    sizes = {
        code: (len(read_programme(code).points), read_programme(code).points[0].code) for code in known_programmes()
    }
    assert sizes == {"rba-vap-style": (42, "A1"), "sa8000-style": (9, "1"), "smeta-style": (30, "LS-A1")}


def test_only_the_vap_style_has_a_score_and_its_note_says_of_when_it_is():
    scored = {code: read_programme(code).score for code in known_programmes()}
    assert [code for code, rule in scored.items() if rule] == ["rba-vap-style"]
    assert scored["rba-vap-style"].preset == "rba-2018-19"
    assert scored["rba-vap-style"].floor is None
    assert all("2018" in words for words in scored["rba-vap-style"].note.values())


# What an author can get wrong ----------------------------------------------------------------------
CLOCKS = [{"severity": name, "anchor": "report"} for name in ("priority", "major", "minor")]
KIND = {"code": "initial", "title": {"en": "Initial"}}
POINT = {"code": "1", "title": {"en": "One"}, "provision": "A1"}
TOPIC = {"code": "hours_insurance", "title": {"en": "Hours"}}
GRADES = [{"severity": name, "title": {"en": name}} for name in ("priority", "major", "minor")]
LEVEL = {"code": "gold", "title": {"en": "Gold"}, "score": 180}
RULE = {"top": 200, "note": {"en": "Ours"}}
PLAIN = {
    "score": None,
    "recognition": [],
    "bands": [],
    "topics": [],
    "clocks": CLOCKS,
    "grades": GRADES,
    "managers": {},
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"code_of_conduct": "abc"}, "code_of_conduct: There is no code of conduct 'abc'. Known: rba-7.0, rba-8.0."),
        ({"code": "no spaces"}, "code 'no spaces': a code is letters, digits, '.', '_' and '-', at most 60 of them."),
        (
            {"version": "9" * 21},
            f"version '{'9' * 21}': a code is letters, digits, '.', '_' and '-', at most 20 of them.",
        ),
        ({"kinds": []}, "kinds: one of them must be an audit of its own, that follows no other."),
        (
            {"kinds": [{**KIND, "follows": True}]},
            "kinds: one of them must be an audit of its own, that follows no other.",
        ),
        ({"kinds": [KIND, KIND]}, "kinds: 'initial' stands more than once."),
        ({"kinds": [{**KIND, "validity_months": 0}]}, "kinds initial: it is valid for 1 to 120 months."),
        ({"checkpoints": [POINT, POINT]}, "checkpoints: '1' stands more than once."),
        ({"checkpoints": [{**POINT, "provision": "Z1"}]}, "checkpoints 1: rba-8.0 has no provision Z1."),
        ({"topics": [{**TOPIC, "provisions": ["Z1"]}]}, "topics hours_insurance: rba-8.0 has no provision Z1."),
        (
            {"topics": [{**TOPIC, "provisions": ["A3"]}, {**TOPIC, "code": "b", "provisions": ["A3"]}]},
            "topics: provision A3 belongs to more than one.",
        ),
        ({"clocks": [*CLOCKS, {**CLOCKS[0], "topic": "fire"}]}, "clocks priority: there is no topic 'fire'."),
        ({"clocks": [*CLOCKS, {**CLOCKS[0], "severity": "grave"}]}, "clocks: there is no severity 'grave'."),
        ({"clocks": [*CLOCKS, CLOCKS[0]]}, "clocks priority/* stands more than once."),
        (
            {"clocks": CLOCKS[:2]},
            "clocks: minor has none for every topic. A row without days says that nothing is due.",
        ),
        (
            {"clocks": [{**CLOCKS[0], "plan": 9, "done": 8}, *CLOCKS[1:]]},
            "clocks priority/*: days must not run backwards and lie between 0 and 3660.",
        ),
        ({"grades": GRADES[:2]}, "grades: minor has none."),
        ({"grades": [*GRADES, GRADES[0]]}, "grades: 'priority' stands more than once."),
        ({"grades": [{**GRADES[0], "deduction": -1}, *GRADES[1:]]}, "grades: a deduction is not below 0."),
        ({"managers": {"grave": "buyer"}}, "managers: there is no severity 'grave'."),
        ({"data_points": 21}, "data_points: 0 to 20 of them."),
        ({"outer_limit_months": 0}, "outer_limit_months: 1 to 120 months."),
        ({"recognition": [LEVEL]}, "score: recognition and bands need a score rule."),
        ({"score": {**RULE, "top": 10000}}, "score: the best and the worst score must stay within 9999."),
        (
            {"score": RULE, "grades": [{**GRADES[0], "deduction": 300}, *GRADES[1:]]},
            "score: the best and the worst score must stay within 9999.",
        ),
        ({"score": {**RULE, "floor": 200}}, "score: the floor lies below the top."),
        (
            {"score": RULE, "recognition": [LEVEL, {**LEVEL, "code": "platinum", "score": 200}]},
            "recognition: the highest level stands first.",
        ),
        (
            {"score": RULE, "bands": [{"code": "low"}, {"code": "high", "above": 160}]},
            "bands: the best stands first, each but the last with the limit it lies above.",
        ),
        ({"title": {"ja": "監査"}}, "title: it is not written in en."),
        ({"score": {**RULE, "note": {}}}, "score note: it is not written in en."),
    ],
)
def test_every_fault_is_named(changes, problem):
    programme = msgspec.convert(vap(**{**PLAIN, **changes}), Programme)
    assert programme_problems(programme) == [problem]
    with pytest.raises(ProgrammeError):
        build_programme(vap(**{**PLAIN, **changes}))


def test_a_fault_of_shape_names_its_place():
    with pytest.raises(ProgrammeError, match=r"unknown field `colour` - at `\$.kinds\[0\]`"):
        build_programme(vap(kinds=[{**KIND, "colour": "red"}]))


def test_a_standard_programme_that_is_not_there():
    with pytest.raises(
        ProgrammeError, match=r"no audit programme 'abc'\. Known: rba-vap-style, sa8000-style, smeta-style"
    ):
        read_programme("abc")


# The command ---------------------------------------------------------------------------------------
def test_check_programme_tells_what_ships():
    out = StringIO()
    call_command("check_programme", all=True, stdout=out)
    assert [line for line in out.getvalue().splitlines() if not line.startswith(" ")] == [
        "RBA VAP-style (rba-vap-style 1, on rba-8.0)",
        "SA8000-style (sa8000-style 1, on rba-8.0)",
        "SMETA-style (smeta-style 1, on rba-8.0)",
    ]
    assert "  Grades: priority 20, major 4, minor 1" in out.getvalue()


def test_check_programme_names_every_fault_of_a_file(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(yaml.safe_dump(vap(data_points=21, title={"en": "Ours", "ja": "自社", "th": "ของเรา"})))
    errors = StringIO()
    with pytest.raises(CommandError, match="Mend the programme"):
        call_command("check_programme", str(path), stderr=errors)
    assert errors.getvalue() == (
        "ours.yaml: data_points: 0 to 20 of them. title: it is not written in zh-hans. "
        "code: the file of 'rba-vap-style' is named rba-vap-style.yaml.\n"
    )


@pytest.mark.parametrize(("name", "content"), [("a.yaml", b"a: [1"), ("b.yaml", b"\xff\xfe"), ("c.yaml", b"- 1")])
def test_a_file_that_is_no_programme_is_refused_in_a_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ProgrammeError, match=f"^{name}: "):
        read_file(tmp_path / name)


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 6, 15), 24, date(2028, 6, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -18, date(2024, 9, 30)),
    ],
)
def test_months_are_added_by_the_calendar(day, months, there):
    assert add_months(day, months) == there
