"""Schemes and mappings: whole, in four languages, true in both directions, and broken ones refused by name."""

import pytest

from assessments.codes.document import (
    CodeError,
    Link,
    UnknownCode,
    item_title,
    known_codes,
    known_schemes,
    mapping,
    mappings,
    read_code,
    read_scheme,
    schemes,
)

LANGUAGES = {"en", "ja", "zh-hans", "th"}
SCHEMES = ("sa8000", "jeita-2020", "gri")


def test_schemes_are_listed_with_the_newest_code_first():
    assert known_schemes() == ("rba-8.0", "rba-7.0", *SCHEMES)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_item_has_a_title_in_every_language(name):
    scheme = read_scheme(name)
    assert [item for item in scheme.items if item.title.keys() != LANGUAGES or not all(item.title.values())] == []


def test_schemes_hold_the_numbers_that_are_known():
    assert read_scheme("sa8000").item_codes == (*"123456789", *(f"9.{number}" for number in range(1, 11)))
    sizes = {"1": 1, "2": 7, "3": 9, "4": 7, "5": 7, "6": 3, "7": 3, "8": 1, "9": 5}
    wanted = ["1", *(f"{part}-{n}" for part, size in sizes.items() if part != "1" for n in range(1, size + 1))]
    assert list(read_scheme("jeita-2020").item_codes) == wanted
    assert {"2-30", "308-1", "308-2", "403-10", "414-1", "414-2"} < set(read_scheme("gri").item_codes)


def test_a_code_of_conduct_is_a_scheme_too():
    assert read_scheme("rba-8.0").item_codes == read_code("rba-8.0").provision_codes
    assert item_title("rba-7.0", "A5", "en") == "Humane Treatment"
    assert item_title("jeita-2020", "2-3", "ja") == "労働時間への配慮"
    assert item_title("gri", "403-9", "fr") == "Work-related injuries"


@pytest.mark.parametrize("scheme", ["rba-8.0", "rba-7.0", *SCHEMES])
@pytest.mark.parametrize("code", known_codes())
def test_every_provision_is_there_and_every_item_exists(code, scheme):
    found = mapping(code, scheme)
    assert tuple(link.provision for link in found.links) == read_code(code).provision_codes
    named = {item for link in found.links for item in link.items}
    assert named <= set(read_scheme(scheme).item_codes)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_has_no_counterpart_says_why_in_every_language(scheme):
    bare = [link for link in mapping("rba-8.0", scheme).links if not link.items]
    assert [link.provision for link in bare if link.reason.keys() != LANGUAGES] == []
    assert [link for link in mapping("rba-8.0", scheme).links if link.items and link.reason] == []


@pytest.mark.parametrize("scheme", known_schemes())
@pytest.mark.parametrize("code", known_codes())
def test_both_directions_agree(code, scheme):
    found = mapping(code, scheme)
    there = {(link.provision, item) for link in found.links for item in found.items(link.provision)}
    back = {(provision, item) for item in read_scheme(scheme).item_codes for provision in found.provisions(item)}
    assert there == back


def test_counterparts_of_one_provision_and_of_one_item():
    assert mapping("rba-8.0", "sa8000").items("A5") == ("5", "6")
    assert mapping("rba-8.0", "sa8000").provisions("3") == tuple(f"B{number}" for number in range(1, 9))
    assert mapping("rba-8.0", "jeita-2020").items("D4") == ("5-4", "7-3")
    assert mapping("rba-8.0", "gri").items("A3") == ()
    assert mapping("rba-8.0", "gri").link("A3").reason["en"] == "No disclosure of GRI asks about working hours."
    assert mapping("rba-8.0", "gri").items("Z9") == ()


def test_versions_reach_each_other_by_the_crosswalk():
    assert mapping("rba-8.0", "rba-7.0").items("A5") == ("A5", "A6")
    assert mapping("rba-7.0", "rba-8.0").items("A7") == ("A6",)
    assert mapping("rba-7.0", "rba-8.0").provisions("A5") == ("A5", "A6")
    assert mapping("rba-8.0", "rba-8.0").items("E12") == ("E12",)


def test_an_older_version_reaches_other_schemes_through_the_newer():
    assert mapping("rba-7.0", "sa8000").link("A6") == Link("A6", ("5", "6"))
    assert mapping("rba-7.0", "sa8000").items("A7") == ("4",)
    assert mapping("rba-7.0", "gri").link("A3") == Link("A3", (), mapping("rba-8.0", "gri").link("A3").reason)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: read_scheme("iso"), "no scheme 'iso'. Known: rba-8.0, rba-7.0, sa8000, jeita-2020, gri"),
        (lambda: read_scheme("sa8000").item("10"), "sa8000 has no item 10"),
        (lambda: mapping("rba-8.0", "iso"), "no scheme 'iso'"),
        (lambda: mapping("own-1", "gri"), "no mapping from own-1 to gri"),
        (lambda: mapping("own-1", "rba-8.0"), "no code of conduct 'own-1'"),
        (lambda: mapping("rba-8.0", "gri").link("A9"), "rba-8.0 has no provision A9"),
    ],
)
def test_what_is_not_there_is_named(ask, words):
    with pytest.raises(UnknownCode, match=words):
        ask()


HEAD = "code_of_conduct: rba-8.0\nscheme: sa8000\n"
WHOLE = [f"{{provision: {code}, items: ['3']}}" for code in read_code("rba-8.0").provision_codes]


@pytest.mark.parametrize(
    ("head", "links", "words"),
    [
        ("code_of_conduct: rba-7.0\nscheme: sa8000\n", WHOLE, "it is about rba-7.0 and sa8000, not what its name says"),
        (HEAD, WHOLE[1:], "it must list every provision of rba-8.0, each once: A1"),
        (HEAD, [*WHOLE, WHOLE[0]], "A1 stands more than once"),
        (HEAD, ["{provision: A1, items: ['3', '3']}", *WHOLE[1:]], "A1: 3 stands more than once"),
        (HEAD, ["{provision: A1, items: ['3', '77']}", *WHOLE[1:]], "A1 names 77, which the scheme does not have"),
        (HEAD, ["{provision: A1, items: []}", *WHOLE[1:]], "A1 has no item, so 'reason' must name one"),
        (HEAD, ["{provision: A1, items: [], reason: none}", *WHOLE[1:]], "A1 has no item, so 'reason' must name one"),
        (HEAD, ["{provision: A1, items: ['3'], reason: none}", *WHOLE[1:]], "A1 has items, so a reason means nothing"),
        (HEAD, ["{provision: A1, item: '3'}"], "unknown field `item`|missing required field `items`"),
    ],
)
def test_a_broken_mapping_names_its_file_and_place(tmp_path, monkeypatch, head, links, words):
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "rba-8.0_sa8000.yaml").write_text(f"{head}links: [{', '.join(links)}]\n")
    monkeypatch.setattr(mappings, "ROOM", tmp_path)
    with pytest.raises(CodeError, match=f"rba-8.0_sa8000.yaml: .*({words})"):
        mappings._read_links("rba-8.0", "sa8000")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{code: other, name: X, default_language: en, items: []}", "its code is other"),
        (
            "{code: gri, name: X, default_language: en, items: [{code: a, title: {}}, {code: a, title: {}}]}",
            "a stands more than once",
        ),
    ],
)
def test_a_broken_scheme_names_its_file(tmp_path, monkeypatch, content, words):
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "gri.yaml").write_text(content)
    monkeypatch.setattr(schemes, "ROOM", tmp_path)
    read_scheme.cache_clear()
    try:
        with pytest.raises(CodeError, match=f"gri.yaml: .*{words}"):
            read_scheme("gri")
    finally:
        read_scheme.cache_clear()
