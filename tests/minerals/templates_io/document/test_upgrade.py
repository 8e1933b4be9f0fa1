"""Older answers in the newest numbering, table by table; what was not asked is asked, never invented."""

import pytest

from minerals.templates_io.document import Answer, CompanyAnswer, Declared
from minerals.templates_io.document.upgrade import ASK, upgrade
from minerals.templates_io.document.versions import version_number
from minerals.templates_io.document.words import share_of, word_of
from minerals.templates_io.enums import Template, Word

ONE = ("Tin",)


def declare(template, version, answers, letters=None, minerals=ONE):
    return Declared(
        template=template,
        version=version,
        minerals=minerals,
        answers={question: {minerals[0]: Answer(text)} for question, text in answers.items()},
        company_questions={letter: CompanyAnswer(text) for letter, text in (letters or {}).items()},
    )


def words(upgraded, mineral="Tin"):
    return {question: said[mineral] for question, said in upgraded.answers.items() if mineral in said}


def test_cmrt_2_loses_its_first_question_and_keeps_what_means_the_same():
    old = declare(
        Template.CMRT,
        "2.03a",
        {
            "1": "Yes",
            "2": "Uncertain or Unknown",
            "3": "No",
            "4": "No but > 75%",
            "5": "Yes all smelters have been provided",
            "6": "Yes",
        },
        {letter: f"Yes {letter}" for letter in "ABCDEFGHIJ"},
    )

    found = upgrade(old)

    assert words(found) == {
        "1": ASK,
        "2": (Word.YES, "Yes"),
        "3": (Word.UNKNOWN, "Uncertain or Unknown"),
        "4": ASK,
        "5": ASK,
        "6": (Word.OVER_75, "No but > 75%"),
        "7": (Word.YES, "Yes all smelters have been provided"),
        "8": ASK,
    }
    assert found.numbers == {"2": "1", "3": "2", "6": "4", "7": "5"}
    assert {letter: text for letter, (_word, text) in found.company.items()} == {
        "A": "Yes A", "B": "Yes B", "C": "Yes D", "D": "Yes E", "E": "Yes F", "F": "Yes H", "G": "Yes I", "H": "Yes J",
    }  # fmt: skip
    assert found.company["H"][0] == Word.ASK


def test_cmrt_3_gains_the_question_about_high_risk_areas():
    old = declare(
        Template.CMRT,
        "3.01",
        {"1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "No, but greater than 50%", "6": "Yes", "7": "No"},
        {letter: f"No {letter}" for letter in "ABCDEFGHIJ"},
    )

    found = upgrade(old)

    assert words(found) == {
        "1": (Word.YES, "Yes"),
        "2": (Word.YES, "Yes"),
        "3": (Word.NO, "No"),
        "4": ASK,
        "5": (Word.NO, "No"),
        "6": (Word.OVER_50, "No, but greater than 50%"),
        "7": (Word.YES, "Yes"),
        "8": (Word.NO, "No"),
    }
    assert found.company == {
        "A": (Word.NO, "No A"),
        "B": (Word.NO, "No B"),
        "C": (Word.NO, "No D"),
        "D": (Word.NO, "No E"),
        "E": (Word.NO, "No F"),
        "F": (Word.NO, "No H"),
        "G": (Word.NO, "No I"),
        "H": (Word.ASK, "No J"),
    }


@pytest.mark.parametrize(
    ("version", "letters"),
    [
        ("4.20", {"C": "D", "D": "E", "E": "F", "F": "H", "G": "I", "H": "J"}),
        ("5.12", {"C": "D", "D": "E", "E": "F", "F": "G", "G": "H", "H": "I"}),
        ("6.01", {"C": "C", "D": "D", "E": "E", "F": "F", "G": "G", "H": "H"}),
        ("6.61", {"C": "C", "D": "D", "E": "E", "F": "F", "G": "G", "H": "H"}),
    ],
)
def test_letters_moved_at_5_and_at_6(version, letters):
    old = declare(Template.CMRT, version, {}, {letter: f"Yes, {letter}" for letter in "ABCDEFGHIJ"})
    moved = {letter: text.removeprefix("Yes, ") for letter, (_word, text) in upgrade(old).company.items()}

    assert moved == {"A": "A", "B": "B", **letters}


@pytest.mark.parametrize("version", ["6.01", "6.5", "7.0"])
def test_cmrt_6_stays_as_it_is(version):
    answers = {"1": "Yes", "2": "Yes", "3": "Yes", "4": "Yes", "5": "No", "6": "1", "7": "Yes", "8": "Yes"}
    found = upgrade(declare(Template.CMRT, version, answers, {"H": "Yes, with the SEC"}))

    assert {question: word for question, (word, _text) in words(found).items()} == {
        "1": Word.YES, "2": Word.YES, "3": Word.YES, "4": Word.YES, "5": Word.NO, "6": Word.ALL, "7": Word.YES, "8": Word.YES,
    }  # fmt: skip
    assert found.company == {"H": (Word.YES, "Yes, with the SEC")}


def test_nothing_is_asked_of_a_mineral_that_is_not_used():
    old = declare(Template.CMRT, "3.01", {"1": "No", "2": "No"})

    assert words(upgrade(old)) == {"1": (Word.NO, "No"), "2": (Word.NO, "No")}


def test_what_was_left_empty_stays_empty():
    found = upgrade(declare(Template.CMRT, "6.5", {"1": "Yes", "2": " "}, {"A": ""}))

    assert (words(found), found.company) == ({"1": (Word.YES, "Yes")}, {})


def test_emrt_1_has_the_numbers_of_2():
    old = Declared(
        template=Template.EMRT,
        version="1.3",
        minerals=("Cobalt", "Mica"),
        answers={
            "1": {"Cobalt": Answer("Yes"), "Mica": Answer("Not applicable for this declaration")},
            "3": {"Cobalt": Answer("DRC only"), "Mica": Answer("India and/or Madagascar only")},
            "5": {"Cobalt": Answer("Greater than 90%"), "Mica": Answer("Did not survey")},
        },
        company_questions={
            "A": CompanyAnswer("Yes"),
            "C": CompanyAnswer(
                minerals={"Cobalt": Answer("Yes"), "Mica": Answer("Yes, when more processors are validated")}
            ),
        },
    )

    found = upgrade(old)

    assert {question: said for question, said in found.answers.items() if said} == {
        "1": {"Cobalt": (Word.YES, "Yes"), "Mica": (Word.NOT_DECLARING, "Not applicable for this declaration")},
        "3": {"Cobalt": (Word.REGION_ONLY, "DRC only"), "Mica": (Word.REGION_ONLY, "India and/or Madagascar only")},
        "5": {"Cobalt": (Word.OVER_90, "Greater than 90%"), "Mica": (Word.NOT_SURVEYED, "Did not survey")},
    }
    assert found.company == {
        "A": (Word.YES, "Yes"),
        "C": (Word.OTHER, "Cobalt: Yes; Mica: Yes, when more processors are validated"),
    }


def test_crt_is_numbered_from_its_answer_about_the_share():
    old = declare(
        Template.CRT, "2.2", {"1": "Yes", "2": "Yes", "3": "No", "4": "Greater than 75%", "5": "Yes", "6": "No"},
        {letter: "Yes" for letter in "ABCDEFGHI"}, ("Cobalt",),
    )  # fmt: skip
    found = upgrade(old)

    assert words(found, "Cobalt") == {
        "1": (Word.YES, "Yes"),
        "2": ASK,
        "3": (Word.YES, "Yes"),
        "4": (Word.NO, "No"),
        "5": (Word.OVER_75, "Greater than 75%"),
        "6": (Word.YES, "Yes"),
        "7": (Word.NO, "No"),
    }
    assert {letter: word for letter, (word, _text) in found.company.items()} == {
        "A": Word.YES, "B": Word.YES, "C": Word.ASK, "D": Word.ASK, "E": Word.ASK, "F": Word.ASK, "G": Word.ASK,
    }  # fmt: skip


def test_crt_without_a_share_is_asked_again():
    found = upgrade(declare(Template.CRT, "2.2", {"1": "Yes", "2": "Yes"}, minerals=("Cobalt",)))

    assert words(found, "Cobalt") == {"1": (Word.YES, "Yes"), **dict.fromkeys("234567", ASK)}


@pytest.mark.parametrize("template", [Template.PRT, Template.AMRT])
def test_prt_has_the_numbers_of_amrt(template):
    found = upgrade(declare(template, "1.1", {"1": "Not declaring", "2": "50% or less"}, minerals=("Zinc",)))

    assert words(found, "Zinc") == {"1": (Word.NOT_DECLARING, "Not declaring"), "2": (Word.UP_TO_50, "50% or less")}
    assert found.company == {}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Yes", Word.YES),
        ("YES ", Word.YES),
        ("Yes, in conformance with IPC1755 (e.g., CMRT)", Word.YES),
        ("Yes (documentation review only)", Word.YES),
        ("Yes, when more processors are validated", Word.OTHER),
        ("Ｙｅｓ", Word.YES),
        ("No", Word.NO),
        ("No, and we will not", Word.NO),
        ("Unknown", Word.UNKNOWN),
        ("Uncertain or Unknown", Word.UNKNOWN),
        ("Not declaring", Word.NOT_DECLARING),
        ("DRC or adjoining countries only", Word.REGION_ONLY),
        ("Yes, cobalt only", Word.YES),
        ("Perhaps", Word.OTHER),
        ("Notably", Word.OTHER),
    ],
)
def test_words_of_answers(text, word):
    assert word_of(text) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("100%", Word.ALL),
        ("100 %", Word.ALL),
        ("1", Word.ALL),
        ("1.0", Word.ALL),
        ("100", Word.ALL),
        ("Yes", Word.ALL),
        ("Yes, 100%", Word.ALL),
        ("Greater than 90%", Word.OVER_90),
        ("Greater than 75%", Word.OVER_75),
        ("No, but greater than 75% ", Word.OVER_75),
        ("No but > 75%", Word.OVER_75),
        ("No but >75%", Word.OVER_75),
        ("Greater than 50%", Word.OVER_50),
        ("No, but greater than 50%", Word.OVER_50),
        ("No, but greater than 25%", Word.UP_TO_50),
        ("No, but less than 25%", Word.UP_TO_50),
        ("No but < 50%", Word.UP_TO_50),
        ("50% or less", Word.UP_TO_50),
        ("None", Word.NONE),
        ("No - None", Word.NONE),
        ("Did not survey", Word.NOT_SURVEYED),
        ("Unknown", Word.UNKNOWN),
        ("0.8", Word.OTHER),
        ("No", Word.OTHER),
    ],
)
def test_words_of_shares(text, word):
    assert share_of(text) == word


@pytest.mark.parametrize(
    ("version", "number"),
    [
        ("2", 2.0),
        ("2.03a", 2.03),
        ("6.1", 6.1),
        ("6.01", 6.01),
        ("6.22", 6.22),
        ("1.2.1", 1.21),
        ("6.6.1", 6.61),
        ("", 0.0),
        ("x", 0.0),
    ],
)
def test_versions_are_numbers(version, number):
    assert version_number(version) == number
