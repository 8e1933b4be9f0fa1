"""Packs: YAML files and folders, with the languages laid over."""

import pytest
import yaml

from assessments.questionnaires.document import DocumentErrors, parse_document, read_pack, read_yaml
from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_source

JAPANESE = """
language: ja
title: 小さな質問票
sections: {A: {title: 労働}}
questions:
  K-SINGLE: {text: 一つ, evidence: 証拠, choices: {good: 良い, bad: 悪い}}
  K-HEADS: {rows: {agency: 派遣}, columns: {male: 男性}}
flags:
  F-OVER: {text: "最長 {K-NUMBER} 時間"}
"""


@pytest.fixture
def pack(tmp_path):
    source = make_source(*EVERY_KIND, flags=EVERY_FLAG, languages=["en", "ja", "zh-Hans"])
    (tmp_path / "questionnaire.yaml").write_text(yaml.safe_dump(source, allow_unicode=True))
    (tmp_path / "texts").mkdir()
    return tmp_path


def problems_of(path):
    with pytest.raises(DocumentErrors) as caught:
        read_pack(path)
    return [(problem.place, problem.code) for problem in caught.value.problems]


def test_read_pack_lays_the_languages_over(pack):
    (pack / "texts" / "ja.yaml").write_text(JAPANESE)
    (pack / "texts" / "zh-Hans.yaml").write_text("{language: zh-Hans, title: 小问卷}")
    document = read_pack(pack)
    assert document.title == {"en": "Small questionnaire", "ja": "小さな質問票", "zh-hans": "小问卷"}
    assert document.section("A").title == {"en": "Labor", "ja": "労働"}
    single = document.question("K-SINGLE")
    assert single.text == {"en": "Text of K-SINGLE", "ja": "一つ"}
    assert single.evidence.text == {"en": "Proof", "ja": "証拠"}
    assert [choice.text.get("ja") for choice in single.choices] == ["良い", None, "悪い"]
    heads = document.question("K-HEADS")
    assert [row.text.get("ja") for row in heads.rows] == [None, "派遣"]
    assert document.flag("F-OVER").text["ja"] == "最長 {K-NUMBER} 時間"


def test_read_pack_reads_a_single_file(pack):
    assert read_pack(pack / "questionnaire.yaml") == read_pack(pack)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ("questions: {K-GONE: {text: x}}", ("texts/ja.yaml: questions.K-GONE", "unknown_key")),
        ("questions: {K-SINGLE: {choices: {best: x}}}", ("texts/ja.yaml: questions.K-SINGLE.choices.best", "unknown_key")),
        ("questions: {K-SINGLE: {titel: x}}", ("texts/ja.yaml: questions.K-SINGLE.titel", "unknown_key")),
        ("questions: {K-SINGLE: {guidance: x}}", ("texts/ja.yaml: questions.K-SINGLE.guidance", "no_such_text")),
        ("questions: {K-SINGLE: {text: [x]}}", ("texts/ja.yaml: questions.K-SINGLE.text", "not_a_text")),
        ("flags: {F-OVER: {text: '{K-GONE}'}}", ("flags[0].text.ja", "unknown_question")),
        ("language: zh-Hans", ("texts/ja.yaml: language", "bad_language")),
        ("- x", ("texts/ja.yaml", "not_a_map")),
        ("a: [", ("texts/ja.yaml: ja.yaml", "yaml")),
    ],
)  # fmt: skip
def test_read_pack_refuses_texts_of_nothing(pack, texts, expected):
    (pack / "texts" / "ja.yaml").write_text(texts)
    assert expected in problems_of(pack)


def test_read_pack_refuses_a_language_that_is_not_listed(pack):
    (pack / "texts" / "th.yaml").write_text("title: x")
    assert ("texts/th.yaml: language", "unlisted_language") in problems_of(pack)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("none", "none"),
        ("2026-01-31", "2026-01-31"),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("=", "="),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-1.5", -1.5),
        ("'12'", "12"),
    ],
)
def test_yaml_words_mean_what_a_writer_expects(tmp_path, words, value):
    path = tmp_path / "one.yaml"
    path.write_text(f"key: {words}\n")
    assert read_yaml(path) == {"key": value}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1: the key 'a' stands twice"),
        ("a: &x 1\nb: *x\n", "line 2, column 4: aliases are not allowed"),
        ("a: [1\n", "YAML is broken in line 2"),
        ("a: !!python/object/apply:os.system [x]\n", "could not determine a constructor"),
        ("[" * 5000, "YAML"),
        ("[x]: 1\n", "YAML is broken"),
        ("a: 1\n---\nb: 2\n", "YAML is broken"),
    ],
)
def test_broken_yaml_is_refused_with_its_line(tmp_path, content, message):
    path = tmp_path / "questionnaire.yaml"
    path.write_text(content)
    with pytest.raises(DocumentErrors) as caught:
        read_pack(tmp_path)
    assert message in caught.value.problems[0].message
    assert caught.value.problems[0].place == "questionnaire.yaml"


def test_files_that_cannot_be_read_are_refused(tmp_path):
    assert problems_of(tmp_path) == [("questionnaire.yaml", "yaml")]
    (tmp_path / "questionnaire.yaml").write_bytes(b"title: \xff")
    assert problems_of(tmp_path) == [("questionnaire.yaml", "yaml")]


def test_yaml_and_json_sources_give_the_same_document(pack):
    source = yaml.safe_load((pack / "questionnaire.yaml").read_text())
    assert parse_document(source) == read_pack(pack)
