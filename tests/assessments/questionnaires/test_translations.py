"""Texts with their keys, how far each language is, and texts put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.document import document_hash, parse_document
from assessments.questionnaires.document.composing import parse_extension
from assessments.questionnaires.document.translations import (
    Fault,
    Measure,
    TextState,
    clean_words,
    find_fault,
    measure_language,
    phrases,
    put_texts,
    stamp,
    state_of,
    texts_by_key,
)
from tests.assessments.questionnaires.builders import make_document, make_full_document, make_question, make_source

HEADS = make_question("P-HEADS", "headcount", guidance="Count everybody", why="To know")
SHOWN = make_question(
    "A1-SHOWN",
    warn_if={"when": {"question": "A1-SHOWN", "is": "no"}, "text": "Sure?"},
    evidence={"text": "A list"},
)
FLAG = {
    "code": "A1-BAD",
    "provision": "A1",
    "severity": "minor",
    "when": {"question": "A1-SHOWN", "is": "no"},
    "text": "{A1-SHOWN} is bad",
    "advice": "Mend it",
}
SOURCE = make_source(languages=["en", "ja"], flags=[FLAG])
SOURCE["sections"] = [
    {"code": "P", "title": "People", "intro": "Who", "questions": [HEADS]},
    {"code": "A", "title": {"en": "Labor", "ja": "労働"}, "questions": [SHOWN]},
]


def test_phrases_come_in_document_order_with_flags_after_their_questions():
    found = phrases(parse_document(SOURCE))
    assert [(phrase.key, phrase.section, phrase.is_flag) for phrase in found] == [
        ("title", "", False),
        ("P.title", "P", False),
        ("P.intro", "P", False),
        ("P-HEADS.text", "P", False),
        ("P-HEADS.guidance", "P", False),
        ("P-HEADS.why", "P", False),
        ("P-HEADS.rows.permanent", "P", False),
        ("P-HEADS.rows.agency", "P", False),
        ("P-HEADS.columns.male", "P", False),
        ("P-HEADS.columns.female", "P", False),
        ("A.title", "A", False),
        ("A1-SHOWN.text", "A", False),
        ("A1-SHOWN.warn", "A", False),
        ("A1-SHOWN.evidence", "A", False),
        ("A1-BAD.text", "A", True),
        ("A1-BAD.advice", "A", True),
    ]
    assert found[10].text == {"en": "Labor", "ja": "労働"}


def test_a_flag_with_the_code_of_a_question_has_keys_of_its_own():
    document = make_document(
        make_question(), flags=[{**FLAG, "code": "A1-ONE", "when": {"question": "A1-ONE", "is": "no"}, "text": "No"}]
    )
    assert [phrase.key for phrase in phrases(document)][2:] == ["A1-ONE.text", "A1-ONE.flag.text", "A1-ONE.flag.advice"]


def test_keys_stand_for_one_text_each():
    keys = [phrase.key for phrase in phrases(make_full_document())]
    assert len(keys) == len(set(keys)) == len(texts_by_key(make_full_document()))


def test_of_an_extension_only_its_own_texts_are_translated():
    base = parse_document(SOURCE)
    section = {"code": "X", "title": "Ours", "questions": [make_question("X-ONE")]}
    flag = {**FLAG, "code": "X-BAD", "advice": ""}
    own = {
        "code": "ours",
        "version": "1",
        "title": "Our questionnaire",
        "sections": [section],
        "flags": [{k: v for k, v in flag.items() if v}],
    }
    document = parse_extension(base, own)
    assert [phrase.key for phrase in phrases(document, base)] == ["title", "X-BAD.text", "X.title", "X-ONE.text"]


@pytest.mark.parametrize(
    ("text", "earlier", "state"),
    [
        ({"en": "One"}, None, TextState.MISSING),
        ({"en": "One", "ja": ""}, None, TextState.MISSING),
        ({"en": "One", "ja": "一"}, None, TextState.DONE),
        ({"en": "One", "ja": "一"}, {"en": "One", "ja": "一"}, TextState.DONE),
        ({"en": "Two", "ja": "一"}, {"en": "One", "ja": "一"}, TextState.OUTDATED),
        ({"en": "Two", "ja": "二"}, {"en": "One", "ja": "一"}, TextState.DONE),
        ({"en": "Two", "ja": "二"}, {"en": "One"}, TextState.DONE),
        ({"en": "Two"}, {"en": "One", "ja": "一"}, TextState.MISSING),
    ],
)
def test_a_translation_is_outdated_when_only_its_source_changed(text, earlier, state):
    assert state_of(text, earlier, "ja", "en") is state


def test_the_first_language_is_never_outdated():
    assert state_of({"en": "Two"}, {"en": "One"}, "en", "en") is TextState.DONE


def test_measure_language_counts_missing_and_outdated():
    before = put_texts(parse_document(SOURCE), "ja", {"title": "題", "A1-SHOWN.text": "問"})
    changed = put_texts(before, "en", {"A1-SHOWN.text": "Another text"})
    measure = measure_language(phrases(changed), texts_by_key(before), "ja", "en")
    assert measure == Measure(total=16, missing=13, outdated=1)
    assert measure.translated == 3


@pytest.mark.parametrize(
    ("words", "source", "fault"),
    [
        ("", "{A1-ONE} hours", None),
        ("{A1-ONE} 時間", "{A1-ONE} hours", None),
        ("{P-HEADS.total} {A1-ONE} {A1-ONE}", "{A1-ONE} {P-HEADS.total}", None),
        ("時間", "{A1-ONE} hours", Fault.PLACEHOLDERS),
        ("{A1-TWO} 時間", "{A1-ONE} hours", Fault.PLACEHOLDERS),
        ("{A1-ONE} 時間", "hours", Fault.PLACEHOLDERS),
        ("{A1-ONE} 時間}", "{A1-ONE} hours", Fault.BRACES),
        ("{a} {A1-ONE}", "{A1-ONE}", Fault.BRACES),
        ("{one}", "{any}", None),
        ("\x0b", "x", Fault.UNSTORABLE),
        ("あ" * 5_001, "x", Fault.TOO_LONG),
    ],
)  # fmt: skip
def test_find_fault(words, source, fault):
    assert find_fault(words, source) is fault


def test_clean_words():
    assert clean_words(" a\r\nb\rc \n") == "a\nb\nc"


def test_put_texts_adds_changes_and_takes_away():
    document = parse_document(SOURCE)
    sha = document_hash(document)
    words = {
        "title": "題",
        "A.title": "",
        "P-HEADS.rows.agency": "派遣",
        "A1-BAD.advice": "直す",
        "A1-SHOWN.evidence": "名簿",
    }
    made = texts_by_key(put_texts(document, "ja", words))
    assert {key: made[key].get("ja") for key in words} == {**words, "A.title": None}
    assert document_hash(document) == sha


def test_put_texts_adds_a_language():
    made = put_texts(make_document(make_question()), "vi", {"title": "Bảng"})
    assert (made.languages, made.title) == (("en", "vi"), {"en": "Small questionnaire", "vi": "Bảng"})


def test_put_texts_refuses_keys_of_nothing():
    with pytest.raises(KeyError):
        put_texts(make_document(), "ja", {"B1-NONE.text": "x"})


@given(st.dictionaries(st.sampled_from(sorted(texts_by_key(make_full_document()))), st.text(min_size=1, max_size=20)))
def test_what_is_put_in_stands_there_and_nothing_else_changes(words):
    document = make_full_document()
    made = put_texts(document, "ja", words)
    assert {key: text["ja"] for key, text in texts_by_key(made).items() if "ja" in text} == words
    assert document_hash(put_texts(made, "ja", dict.fromkeys(words, ""))) == document_hash(
        put_texts(document, "ja", {})
    )


def test_stamps_tell_texts_apart():
    assert len({stamp("", ""), stamp("", "a"), stamp("a", ""), stamp("a", "b")}) == 4
