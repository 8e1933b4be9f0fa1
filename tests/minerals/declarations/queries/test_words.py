"""Red flags in words."""

import pytest
from django.conf import settings
from django.utils import translation

from minerals.declarations.models import RedFlag
from minerals.declarations.queries.words import SENTENCES, TITLES, alike_codes, flag_title, say_flag
from minerals.declarations.risks import RED_GRADES
from minerals.templates_io.checks.codes import GRADES

FACTS = {
    "count": 3,
    "names": ["Example Tin Works (CID900001)", "Example Gold"],
    "countries": ["CD", "RW"],
    "statuses": ["non_conformant"],
    "as_of": "2026-09-01",
}


def flag(code: str, mineral: str = "Tin", **params) -> RedFlag:
    """An unsaved red flag."""
    return RedFlag(code=code, grade="flag", mineral=mineral, params=params or FACTS, places=["Smelter List!B5"])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "origin_covered",
            "Tin from a covered country (Democratic Republic of the Congo, Rwanda). "
            "Smelters: Example Tin Works (CID900001), Example Gold and 1 more.",
        ),
        (
            "smelter_not_conformant",
            "Tin from smelters that are not conformant: Example Tin Works (CID900001), Example Gold and 1 more. "
            "Status: Non conformant as of 1 Sep 2026.",
        ),
        (
            "smelter_unknown",
            "Tin from smelters that the registry does not know: "
            "Example Tin Works (CID900001), Example Gold and 1 more.",
        ),
        ("smelter_unidentified", "Tin from smelters that the supplier has not identified yet."),
        ("missing_items", "3 required items are missing."),
        ("mineral_missing", "Tin was asked for and is not declared."),
    ],
)
def test_a_flag_gives_its_reason(code, sentence):
    assert say_flag(flag(code)) == sentence


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_can_be_said_in_every_language(code, language):
    with translation.override(language):
        assert "%(" not in say_flag(flag(code))


def test_an_issue_of_a_file_is_said_with_how_many_more_there_are():
    params = {"cid": "CID90001", "suggestion": "CID900001", "smelter": "Example Tin Works", "count": 3}

    assert say_flag(flag("cid_malformed", **params)).endswith("2 more places say the same.")


def test_a_code_of_a_rule_that_is_gone_still_shows():
    assert say_flag(flag("rule_of_last_year", "", count=1)) == "Rule of last year"


def test_every_red_code_of_files_has_a_title():
    red = {code for code, grade in GRADES.items() if grade in RED_GRADES and not code.startswith("missing_")}

    assert red - set(TITLES) - {"email_without_at", "unlisted_incomplete"} == set()


def test_contradictions_share_a_title_and_stand_for_each_other_in_filters():
    assert flag_title("covered_not_cahra") == flag_title("smelters_left_out") == "Contradiction"
    assert alike_codes("covered_not_cahra") == alike_codes("smelters_left_out")
    assert alike_codes("origin_covered") == ["origin_covered"]
