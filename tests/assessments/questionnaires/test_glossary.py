"""The glossary: which terms a text holds, which translations go against them, and that our packs do not."""

import shutil
from pathlib import Path

import pytest
import yaml

import assessments.questionnaires
from assessments.codes.document import read_code
from assessments.questionnaires.core import ContentCode, Problem
from assessments.questionnaires.document import DocumentErrors, read_pack
from assessments.questionnaires.document.glossary import (
    Entry,
    Glossary,
    Term,
    Wordlist,
    find_term_problems,
    read_glossary,
)
from assessments.questionnaires.enums import Gravity
from assessments.questionnaires.management.commands.check_questionnaire import glossary_of
from tests.assessments.questionnaires.builders import make_document, make_question

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
SHIPPED = sorted(path.parent for path in PACKS.glob("*/questionnaire.yaml"))

TERMS = {
    "fee": Term("fee", ("fee", "fees")),
    "recruitment-fee": Term("recruitment-fee", ("recruitment fee", "recruitment fees")),
    "worker": Term("worker", ("worker", "workers", "workers' group"), loose=True),
    "hours": Term("hours", ("working hours",)),
    "disagree": Term("disagree", ("The answers disagree:",)),
    "title-a3": Term("title-a3", ("Working Hours",), title=True),
    "title-e6": Term("title-e6", ("Training",), title=True),
}
CHINESE = Wordlist(
    {
        "fee": Entry("费用"),
        "recruitment-fee": Entry("招聘费用", also=("招聘费",)),
        "worker": Entry("员工", never=("工人",)),
        "hours": Entry("工作时间", also=("工时",)),
        "disagree": Entry("答案互相矛盾："),
        "title-a3": Entry("工作时间"),
        "title-e6": Entry("培训"),
    },
    names=("农民工人口",),
)
GLOSSARY = Glossary(TERMS, {"zh-hans": CHINESE}, ignore=("late fee",))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Who pays the recruitment fees?", {"recruitment fees": "recruitment-fee"}),
        ("Recruitment fee and another fee", {"Recruitment fee": "recruitment-fee", "fee": "fee"}),
        ("Coffee for the co-worker", {"worker": "worker"}),
        ("Feel free", {}),
        ("A late fee", {}),
        ("The workers\u2019 group", {"workers' group": "worker"}),
        ("The answers disagree: one", {"The answers disagree:": "disagree"}),
        ("Provision A3, Working Hours", {"Working Hours": "title-a3"}),
        ("Long working hours", {"working hours": "hours"}),
        ("Training of workers", {"workers": "worker"}),
        ("{A1-FEES.fee} was paid", {}),
    ],
)
def test_terms_in_gives_the_longest_words_that_stand_alone(text, terms):
    assert {word: term.code for word, term in GLOSSARY.terms_in(text).items()} == terms


def test_a_title_is_known_without_its_capitals_where_titles_stand():
    assert GLOSSARY.terms_in("Training", is_title=True) == {"Training": TERMS["title-e6"]}
    assert GLOSSARY.terms_in("working hours", is_title=True) == {"working hours": TERMS["title-a3"]}


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("A recruitment fee", "招聘费用", []),
        ("A recruitment fee", "招聘费", []),
        (
            "A recruitment fee",
            "中介费用",
            [(ContentCode.TERM_LEFT_OUT, {"term": "recruitment fee", "word": "招聘费用"})],
        ),
        ("All workers", "全部", []),
        ("All workers", "全部工人", [(ContentCode.TERM_WRONG, {"term": "workers", "word": "员工", "wrong": "工人"})]),
        ("How many workers?", "员工人数", []),
        ("How many workers?", "农民工人口", []),
        (
            "Workers pay the workers",
            "工人付",
            [(ContentCode.TERM_WRONG, {"term": "Workers", "word": "员工", "wrong": "工人"})],
        ),
        ("Nothing special", "工人", []),
        ("A recruitment fee", "", []),
    ],
)
def test_find_term_problems_names_wrong_and_lacking_words(english, chinese, found):
    text = {"en": english, **({"zh-Hans": chinese} if chinese else {})}
    document = make_document(make_question(text=text), languages=["en", "zh-Hans"])
    assert find_term_problems(document, GLOSSARY) == [
        Problem("A1-ONE text", code, {"language": "zh-hans", **params}, severity=Gravity.WARNING)
        for code, params in found
    ]


def test_languages_without_a_wordlist_are_left_alone():
    document = make_document(make_question(text={"en": "A fee", "ko": "수수료"}), languages=["en", "ko"])
    assert find_term_problems(document, GLOSSARY) == []


# --- Reading ---------------------------------------------------------------------------------------
def write(folder, **files):
    for name, source in files.items():
        path = folder / f"{name.replace('_', '-')}.yaml"
        path.write_text(yaml.safe_dump(source, allow_unicode=True))


def test_read_glossary_reads_every_language(tmp_path):
    en = {
        "language": "en",
        "ignore": ["late fee"],
        "terms": {"fee": {"words": ["fee"], "note": "Money", "loose": True}},
    }
    zh = {"language": "zh-Hans", "names": ["名"], "terms": {"fee": {"word": "费用", "also": ["费"], "never": ["钱"]}}}
    write(tmp_path, en=en, zh_Hans=zh)
    assert read_glossary(tmp_path) == Glossary(
        {"fee": Term("fee", ("fee",), "Money", loose=True)},
        {"zh-hans": Wordlist({"fee": Entry("费用", ("费",), ("钱",))}, ("名",))},
        ("late fee",),
    )


def test_read_glossary_names_every_fault_with_its_file(tmp_path):
    write(
        tmp_path,
        en={"terms": {"fee": {"words": ["fee"], "nots": "x"}, "site": {"words": ["site"]}}},
        th={"terms": {"fee": {"word": ""}, "sites": {"word": "โรงงาน"}}},
    )
    with pytest.raises(DocumentErrors) as caught:
        read_glossary(tmp_path)
    assert [(problem.place, problem.code) for problem in caught.value.problems] == [
        ("en.yaml: terms.fee.nots", "unknown_key"),
        ("th.yaml: terms.sites", "unknown_key"),
        ("th.yaml: terms.fee.word", "not_a_string"),
        ("th.yaml: terms.site", "term_needed"),
    ]


# --- What ships --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def glossary():
    return read_glossary(PACKS / "glossary")


def test_titles_are_those_of_the_code_of_conduct(glossary):
    code = read_code("rba-8.0")
    parts = {part.code: part.title for part in (*code.sections, *code.provisions)}
    for number, title in parts.items():
        term = f"title-{number.lower()}"
        words = {language: wordlist.entries[term].word for language, wordlist in glossary.languages.items()}
        assert {"en": glossary.terms[term].words[0], **words} == title


def test_no_right_word_is_a_wrong_one_of_the_same_term(glossary):
    for wordlist in glossary.languages.values():
        assert [code for code, entry in wordlist.entries.items() if set(entry.right) & set(entry.never)] == []


def test_every_english_word_belongs_to_one_term(glossary):
    words = [word.casefold() for term in glossary.terms.values() if not term.title for word in term.words]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("pack", SHIPPED, ids=lambda path: path.name)
def test_our_packs_use_the_words_of_the_glossary(pack, glossary):
    problems = find_term_problems(read_pack(pack), glossary)
    assert [f"{problem.place}: {problem.message}" for problem in problems] == []


def test_our_glossary_is_the_one_of_packs_that_ship(tmp_path, glossary):
    """A copy elsewhere has its own words."""
    shutil.copytree(SHIPPED[0], tmp_path / "mine")
    assert (glossary_of(SHIPPED[0]), glossary_of(tmp_path / "mine")) == (PACKS / "glossary", None)
