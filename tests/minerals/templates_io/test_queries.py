"""Every code has a sentence, and the sentence says what it is about."""

import re

import pytest
from django.utils import translation

from minerals.templates_io.checks.codes import GRADES
from minerals.templates_io.document import Issue
from minerals.templates_io.enums import Grade
from minerals.templates_io.queries import FIELDS, SENTENCES, mineral_name, say_issue

PARAMS = {
    "field": "authorizer",
    "question": "5",
    "metal": "Tin",
    "other": "6",
    "cid": "CID1120",
    "suggestion": "CID001120",
    "smelter": "Example Tin Works",
    "typed": "CID900002",
    "country": "CD",
    "answer": "None",
    "text": "Atlantis",
    "rows": "2",
    "date": "2026-05-10",
    "limit": "2026-03-31",
    "months": "12",
    "version": "6.22",
    "template": "CMRT",
    "newest": "6.5",
}


def say(code, **params):
    return say_issue(Issue(code, Grade.ERROR, "Declaration!D8", {**PARAMS, **params}))


def test_codes_and_sentences_are_the_same():
    assert set(SENTENCES) == set(GRADES)


@pytest.mark.parametrize("code", sorted(GRADES))
def test_every_code_says_a_sentence(code):
    sentence = say(code)

    assert re.fullmatch(r"[A-Z“0-9].+[.?]", sentence)
    assert "%(" not in sentence
    assert "—" not in sentence


@pytest.mark.parametrize("code", sorted(GRADES))
@pytest.mark.parametrize("language", ["ja", "zh-hans", "th"])
def test_every_code_says_something_in_every_language(code, language):
    with translation.override(language):
        assert "%(" not in say(code)


def test_every_field_that_may_be_missing_has_a_name():
    from minerals.templates_io.checks.layouts import _rules

    assert {name for rules in _rules() for name in (*rules.fields, *rules.emails)} == set(FIELDS)


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        ("missing_field", {"field": "name"}, "Fill in the company's name."),
        ("missing_answer", {}, "Answer question 5 for Tin."),
        ("date_future", {}, "The effective date 10 May 2026 is in the future. Write the day on which this was true."),
        (
            "covered_despite_no",
            {"country": "CD, RW"},
            "Question 5 says No for Tin, yet this place names Democratic Republic of the Congo, Rwanda. "
            "Correct the one or the other.",
        ),
        (
            "covered_despite_no",
            {"country": ""},
            "Question 5 says No for Tin, yet this place names the covered countries. Correct the one or the other.",
        ),
        (
            "cid_old_country",
            {"cid": "2CHN016", "country": "MALAYSIA", "other": "CN"},
            "2CHN016 is the id of a smelter in China, but the row says MALAYSIA. Correct the one or the other.",
        ),
        ("cid_malformed", {}, "CID1120 is no smelter id. Was CID001120 meant? Smelter: Example Tin Works."),
        ("row_without_metal", {"smelter": ""}, "Choose the metal of this smelter."),
    ],
)
def test_sentences_name_what_they_are_about(code, params, sentence):
    assert say(code, **params) == sentence


def test_a_mineral_nobody_knows_stays_as_it_is():
    assert (mineral_name("TIN"), mineral_name("Unobtainium")) == ("Tin", "Unobtainium")
