"""Names and ids made comparable, and the registry in memory."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.smelters.enums import How, NameKind
from minerals.smelters.matching import (
    Asked,
    Known,
    KnownName,
    Registry,
    Suggestion,
    Verdict,
    clean_metal,
    clean_words,
    fold_name,
    is_cid,
    is_junk,
    loosen_name,
    mend_cid,
    read_old_id,
    tell_slip,
)

SMELTERS = [
    Known(1, "Tin", "CID900001", "Example Tin Works"),
    Known(2, "Tin", "CID900012", "Northern Example Smelting"),
    Known(3, "Gold", "CID900100", "Example Refinery"),
    Known(4, "Tin", "CID900300", "Twin Example Metals"),
    Known(5, "Tin", "CID900301", "Twin Example Metals"),
    Known(6, "Gold", "CID900400", "Older Example Gold"),
]
NAMES = [
    *(KnownName(smelter.id, fold_name(smelter.name), NameKind.STANDARD) for smelter in SMELTERS),
    KnownName(1, fold_name("ETW"), NameKind.LOOKUP),
    KnownName(1, fold_name("Sample Tin Ltd."), NameKind.FORMER),
    KnownName(2, fold_name("2MYS007"), NameKind.OLD_ID),
    KnownName(2, fold_name("NES Plant 1"), NameKind.ALIAS),
]
REGISTRY = Registry(SMELTERS, NAMES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Tin-Works Co., Ltd.", "EXAMPLE  tin works co ltd"),
        ("Ｅｘａｍｐｌｅ　Ｔｉｎ", "example tin"),
        ("Cafe\u0301 Metals", "CAFÉ METALS"),
        ("L'Example & Fils", "LExample Fils"),
        ("Beispiel Straße", "BEISPIEL STRASSE"),
    ],
)
def test_fold_name_makes_spellings_one(one, other):
    assert fold_name(one) == fold_name(other)


def test_fold_name_keeps_company_forms_apart():
    assert fold_name("Example Tin Ltd.") != fold_name("Example Tin GmbH")
    assert loosen_name(fold_name("Example Tin A.G.")) == "example tin"
    assert loosen_name(fold_name("Example Tin Ltd.")) == loosen_name(fold_name("Tin Example GmbH")) == "example tin"


@given(st.text(max_size=300))
def test_fold_name_is_stable_and_short(text):
    folded = fold_name(text)
    assert fold_name(folded) == folded
    assert len(folded) <= 250
    assert folded == folded.strip()


@given(st.text(max_size=300))
def test_clean_words_is_stable_and_printable(text):
    cleaned = clean_words(text)
    assert clean_words(cleaned) == cleaned
    assert cleaned.isprintable()


@pytest.mark.parametrize(
    ("text", "metal"),
    [
        ("TIN", "Tin"),
        ("Tin (Sn)", "Tin"),
        ("sn", "Tin"),
        ("W", "Tungsten"),
        (" Gold ", "Gold"),
        ("Rare Earth", "Rare Earth"),
    ],
)
def test_clean_metal(text, metal):
    assert clean_metal(text) == metal


@pytest.mark.parametrize("name", ["N/A", "n.a.", "Gold", "tin", "-", "", "Unknown", "12345", "不明", "Ｎ／Ａ"])
def test_is_junk(name):
    assert is_junk(fold_name(name))


@pytest.mark.parametrize(
    ("text", "cid"),
    [
        ("CID900001", "CID900001"),
        ("cid900001", "CID900001"),
        ("CID 900 001", "CID900001"),
        ("CID-900001", "CID900001"),
        ("CID9OOOO1", "CID900001"),
        ("C1D9000O1", "CID900001"),
        ("CID9000OL", "CID900001"),
        ("ＣＩＤ９００００１", "CID900001"),
        ("900001", "CID900001"),
        ("CID2494", "CID002494"),
        ("CID0002494", "CID002494"),
        ("CID002494.", "CID002494"),
        ("CID", ""),
        ("", ""),
        ("N/A", ""),
        ("SOLID", ""),
        ("CID9000011", ""),
        ("1DEU001", ""),
        ("CID000000", ""),
    ],
)
def test_mend_cid(text, cid):
    assert mend_cid(text) == cid


@given(st.text(max_size=20))
def test_mend_cid_gives_a_cid_or_nothing(text):
    mended = mend_cid(text)
    assert mended == "" or is_cid(mended)
    assert mend_cid(mended) == mended


@given(st.integers(1, 999_999))
def test_mend_cid_keeps_every_right_one(number):
    assert mend_cid(f"CID{number:06}") == f"CID{number:06}"
    assert mend_cid(f" cid {number}") == f"CID{number:06}"


@pytest.mark.parametrize(
    ("text", "found"),
    [("1DEU001", ("Gold", "DEU")), ("4chn012", ("Tungsten", "CHN")), ("5DEU001", None), ("CID900001", None)],
)
def test_read_old_id(text, found):
    assert read_old_id(text) == found


@pytest.mark.parametrize(
    ("digits", "slip"),
    [
        ("900002", "digit"),
        ("900010", "swapped"),
        ("90001", "length"),
        ("9000001", "length"),
        ("900001", ""),
        ("911001", ""),
    ],
)
def test_tell_slip(digits, slip):
    assert tell_slip(digits, "CID900001") == slip


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        (Asked("Tin", "CID900001"), Verdict(1, How.ID)),
        (Asked("Tin", "CID900001", ("etw",)), Verdict(1, How.ID)),
        (Asked("Tin", "CID900001", ("Sample Tin Ltd",)), Verdict(1, How.ID)),
        (Asked("Tin", "CID900001", ("Northern Example Smelting",)), Verdict(1, How.ID_OTHER_NAME)),
        (Asked("Tin", "", ("example tin works",)), Verdict(1, How.STANDARD)),
        (Asked("Tin", "", ("E.T.W", "ETW")), Verdict(1, How.ALIAS)),
        (Asked("Tin", "", ("NES plant 1",)), Verdict(2, How.ALIAS)),
        (Asked("Tin", "N/A", ("ETW",)), Verdict(1, How.ALIAS)),
        (Asked("Tin", "cid 900001", ("ETW",)), Verdict(1, How.ALIAS)),
        (Asked("Tin", "48812", ("ETW",)), Verdict(1, How.ALIAS)),
        (Asked("Tin", "2MYS007"), Verdict(2, How.OLD_ID)),
        (Asked("Tin", "2MYS007", ("Somebody Else",)), Verdict(2, How.OLD_ID)),
        # What a person has to look at.
        (Asked("Tin", "2MYS007", ("ETW",)), None),
        (Asked("Tin", "cid900001"), None),
        (Asked("Tin", "CID90001"), None),
        (Asked("Gold", "CID900001"), None),
        (Asked("Gold", "CID900001", ("Example Refinery",)), None),
        (Asked("Tin", "CID900777", ("ETW",)), None),
        (Asked("Tin", "CID 900777", ("ETW",)), None),
        (Asked("Tin", "900012", ("ETW",)), None),
        (Asked("Tin", "", ("Twin Example Metals",)), None),
        (Asked("Tin", "", ("ETW", "NES Plant 1")), None),
        (Asked("Tin", "", ("Sample Tin Ltd",)), None),
        (Asked("Tin", "", ("Example Tin Work",)), None),
        (Asked("Gold", "", ("Example Tin Works",)), None),
        (Asked("Tin", "", ("Tin",)), None),
        (Asked("Tin"), None),
    ],
)
def test_find(asked, verdict):
    assert REGISTRY.find(asked) == verdict


@pytest.mark.parametrize(
    ("asked", "suggestions"),
    [
        (Asked("Tin", "cid 9000O1"), [Suggestion(1, How.MENDED, 98)]),
        (Asked("Gold", "CID900001"), [Suggestion(1, How.OTHER_METAL, 90)]),
        (Asked("Tin", "CID900021", ("Northern Smelting Example",)), [Suggestion(2, How.SWAPPED, 95)]),
        (Asked("Tin", "CID900002", ("Example Tin Works",)), [Suggestion(1, How.SAME_NAME, 96)]),
        (Asked("Tin", "CID900002", ("Example Tinworks",)), [Suggestion(1, How.DIGIT, 94)]),
        (
            Asked("Tin", "", ("Twin Example Metals",)),
            [Suggestion(4, How.SAME_NAME, 96), Suggestion(5, How.SAME_NAME, 96)],
        ),
        (Asked("Tin", "", ("Sample Tin Ltd",)), [Suggestion(1, How.FORMER, 93)]),
        (Asked("Gold", "2MYS007"), [Suggestion(2, How.OLD_ID, 95)]),
        (Asked("Tin", "", ("Exampel Tin Works Sdn. Bhd.",)), [Suggestion(1, How.ALIKE, 94)]),
        (Asked("Tin", "", ("Nothing Like It",)), []),
        (Asked("Tin", "", ("N/A",)), []),
        (Asked("Silver", "", ("Example Tin Works",)), []),
    ],
)
def test_suggest(asked, suggestions):
    assert REGISTRY.suggest(asked) == suggestions


@given(
    st.builds(
        Asked,
        st.sampled_from(["Tin", "Gold", "", "Cobalt"]),
        st.text(max_size=12) | st.sampled_from(["CID900001", "CID90001", "2MYS007", "cid900300"]),
        st.lists(st.text(max_size=30) | st.sampled_from(["ETW", "Twin Example Metals"]), max_size=3).map(tuple),
    )
)
def test_any_row_is_found_by_id_or_name_only(asked):
    verdict = REGISTRY.find(asked)
    suggestions = REGISTRY.suggest(asked)
    assert len(suggestions) <= 5
    assert all(0 <= found.score <= 100 for found in suggestions)
    assert [found.standing for found in suggestions] == sorted((found.standing for found in suggestions), reverse=True)
    if verdict is not None:
        known = REGISTRY.known[verdict.smelter]
        assert known.metal == asked.metal
        assert (
            asked.cid == known.cid
            or {fold_name(name) for name in (*asked.names, asked.cid)} & REGISTRY.names_of[known.id]
        )


def test_a_hundred_unknown_rows_against_five_thousand_names_take_a_moment():
    smelters = [Known(number, "Tin", f"CID9{number:05}", f"Example Works of Place {number}") for number in range(5000)]
    names = [KnownName(smelter.id, fold_name(smelter.name), NameKind.STANDARD) for smelter in smelters]
    registry = Registry(smelters, names)
    asked = [Asked("Tin", "", (f"Exampel Work of Place {number}",)) for number in range(100)]
    started = time.process_time()
    found = [registry.suggest(row) for row in asked]
    assert time.process_time() - started < 1.0  # 0.3 s on a quiet machine
    assert all(found)
