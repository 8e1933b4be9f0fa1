"""Codes of conduct: the packs that ship are whole, and titles are there in every language."""

import pytest

from assessments.codes.document import (
    CodeError,
    CodeOfConduct,
    Move,
    UnknownCode,
    conduct,
    crosswalk,
    known_codes,
    provision_title,
    read_code,
    reading,
    section_title,
)
from assessments.codes.enums import Dimension

LANGUAGES = {"en", "ja", "zh-hans", "th"}


def count_by_section(pack):
    return {section.code: len(section.provisions) for section in read_code(pack).sections}


def test_packs_hold_the_numbers_of_provisions_of_their_version():
    assert known_codes() == ("rba-7.0", "rba-8.0")
    assert count_by_section("rba-8.0") == {"A": 6, "B": 8, "C": 8, "D": 8, "E": 12}
    assert count_by_section("rba-7.0") == {"A": 7, "B": 8, "C": 8, "D": 8, "E": 12}


@pytest.mark.parametrize("pack", ["rba-7.0", "rba-8.0"])
def test_provisions_are_numbered_within_their_section(pack):
    for section in read_code(pack).sections:
        wanted = [f"{section.code}{number}" for number in range(1, len(section.provisions) + 1)]
        assert [provision.code for provision in section.provisions] == wanted


@pytest.mark.parametrize("pack", ["rba-7.0", "rba-8.0"])
def test_every_title_is_there_in_every_language(pack):
    code = read_code(pack)
    titles = [section.title for section in code.sections] + [provision.title for provision in code.provisions]
    assert [title for title in titles if title.keys() != LANGUAGES or not all(title.values())] == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Working Hours"),
        ("ja", "労働時間"),
        ("zh-hans", "工作时间"),
        ("zh-Hans", "工作时间"),
        ("th", "ชั่วโมงการทำงาน"),
        ("en-us", "Working Hours"),
        ("fr", "Working Hours"),
    ],
)
def test_provision_title_speaks_the_language_or_english(language, title):
    assert provision_title("rba-8.0", "A3", language) == title


@pytest.mark.parametrize("pack", ["rba-7.0", "rba-8.0"])
def test_sections_say_whether_they_are_social_or_environmental(pack):
    code = read_code(pack)
    assert {section.code: section.dimension for section in code.sections} == {
        "A": Dimension.SOCIAL,
        "B": Dimension.SOCIAL,
        "C": Dimension.ENVIRONMENTAL,
        "D": None,
        "E": None,
    }
    assert {len(code.provisions_about(dimension)) for dimension in Dimension} == {
        len(code.sections[0].provisions) + len(code.sections[1].provisions),
        len(code.sections[2].provisions),
    }
    assert code.provisions_about(Dimension.ENVIRONMENTAL) == {f"C{number}" for number in range(1, 9)}


def test_dimension_nobody_knows_is_refused_with_its_place(tmp_path):
    pack = (
        "{code: odd, version: a, name: Odd, default_language: en, sections: [{code: A, title: {}, dimension: moral}]}"
    )
    (tmp_path / "odd.yaml").write_text(pack)
    with pytest.raises(CodeError, match=r"odd\.yaml: Invalid enum value 'moral' - at `\$\.sections\[0\]\.dimension`"):
        reading.read_file(tmp_path / "odd.yaml", CodeOfConduct)


def test_titles_of_two_versions_differ():
    assert provision_title("rba-7.0", "A5", "en") == "Humane Treatment"
    assert provision_title("rba-8.0", "A5", "en") == "Non-Discrimination / Non-Harassment / Humane Treatment"
    assert section_title("rba-8.0", "E", "en") == "Management systems"


def test_crosswalk_lists_every_provision_once():
    walk = crosswalk("rba-7.0", "rba-8.0")
    assert tuple(move.source for move in walk.moves) == read_code("rba-7.0").provision_codes
    assert {move.target for move in walk.moves} == set(read_code("rba-8.0").provision_codes)
    changed = {move.source: (move.target, move.kind.value) for move in walk.moves if move.kind != "same"}
    assert changed == {
        "A1": ("A1", "rename"),
        "A5": ("A5", "merge"),
        "A6": ("A5", "merge"),
        "A7": ("A6", "renumber"),
        "B1": ("B1", "rename"),
        "B7": ("B7", "rename"),
        "C2": ("C2", "rename"),
        "E8": ("E8", "widen"),
    }


def test_crosswalk_says_where_a_provision_went_and_came_from():
    walk = crosswalk("rba-7.0", "rba-8.0")
    assert walk.move("A7") == Move("A7", "A6", "renumber")
    assert [move.source for move in walk.origins("A5")] == ["A5", "A6"]
    assert [move.source for move in walk.origins("E12")] == ["E12"]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: read_code("rba-6.0"), "Known: rba-7.0, rba-8.0"),
        (lambda: read_code("../packs/rba-8.0"), "Known: rba-7.0, rba-8.0"),
        (lambda: provision_title("rba-8.0", "A7", "en"), "no provision A7"),
        (lambda: section_title("rba-8.0", "F", "en"), "no section F"),
        (lambda: crosswalk("rba-8.0", "rba-7.0"), "no crosswalk from rba-8.0 to rba-7.0"),
        (lambda: crosswalk("rba-7.0", "rba-8.0").move("A9"), "no provision A9"),
        (lambda: read_code("rba-8.0").section_of("Z1"), "no provision Z1"),
    ],
)
def test_what_is_not_there_is_named(ask, words):
    with pytest.raises(UnknownCode, match=words):
        ask()


@pytest.mark.parametrize(
    "content",
    ["code: x", "[1, 2", "code: x\nversion: '1'\nname: X\ndefault_language: en\nsections: 5\n"],
)
def test_a_broken_pack_names_its_file(tmp_path, monkeypatch, content):
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "own.yaml").write_text(content)
    monkeypatch.setattr(conduct, "ROOM", tmp_path)
    for cached in (known_codes, read_code):
        cached.cache_clear()
    try:
        with pytest.raises(CodeError, match=r"own\.yaml"):
            read_code("own")
    finally:
        for cached in (known_codes, read_code):
            cached.cache_clear()
