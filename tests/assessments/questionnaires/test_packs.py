"""Packs: YAML files and folders, with the languages laid over."""

import pytest
import yaml

from assessments.questionnaires.document import DocumentErrors, parse_document, read_pack, read_yaml
from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_question, make_source

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
        ("language: zh-Hans", ("texts/ja.yaml: language", "misnamed_file")),
        ("- x", ("texts/ja.yaml", "not_a_map")),
        ("a: [", ("texts/ja.yaml: ja.yaml", "yaml_broken")),
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
        ("a: &x 1\nb: *x\n", "line 1, column 4: anchors and aliases are not allowed"),
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
    assert problems_of(tmp_path) == [("questionnaire.yaml", "file_closed")]
    (tmp_path / "questionnaire.yaml").write_bytes(b"title: \xff")
    assert problems_of(tmp_path) == [("questionnaire.yaml", "not_utf8")]


def test_yaml_and_json_sources_give_the_same_document(pack):
    source = yaml.safe_load((pack / "questionnaire.yaml").read_text())
    assert parse_document(source) == read_pack(pack)


# --- packs of many files --------------------------------------------------------------------
def write(path, source):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(source, allow_unicode=True))


@pytest.fixture
def shelf(tmp_path):
    """A library of one metric, and a pack of two section files that uses it."""
    hours = make_question("A1-HOURS", "number", unit="hours_per_week", min=0, max=168, guidance="Count overtime.")
    write(tmp_path / "metrics" / "questionnaire.yaml", make_source(hours, code="metrics", languages=["en", "ja"]))
    write(tmp_path / "metrics" / "texts" / "ja.yaml", {"questions": {"A1-HOURS": {"text": "時間", "guidance": "残業"}}})
    head = make_source(code="whole", languages=["en", "ja"]) | {"sections": ["A", "B"], "flags": []}
    write(tmp_path / "whole" / "questionnaire.yaml", head)
    score = {"steps": [{"up_to": 60, "points": 1}, {"points": 0}]}
    over = {
        "code": "A1-OVER",
        "provision": "A1",
        "severity": "major",
        "when": {"question": "A1-HOURS", "over": 60},
        "text": "{A1-HOURS} hours",
        "fires": [{"A1-HOURS": 61}],
        "quiet": [{"A1-HOURS": 60}],
    }
    used = {"use": "A1-HOURS", "weight": 3, "score": score, "asks": ["practice", "record"]}
    section = {"code": "A", "title": "Labor", "questions": [used], "flags": [over]}
    write(tmp_path / "whole" / "sections" / "A.yaml", section)
    more = {"code": "B", "title": "Safety", "questions": [make_question("B1-DRILL", weight=1)]}
    write(tmp_path / "whole" / "sections" / "B.yaml", more)
    write(tmp_path / "whole" / "texts" / "ja" / "A.yaml", {"sections": {"A": {"title": "労働"}}})
    write(tmp_path / "whole" / "texts" / "ja" / "B.yaml", {"questions": {"B1-DRILL": {"text": "訓練"}}})
    return tmp_path


def test_sections_may_be_files_with_their_flags_and_texts(shelf):
    document = read_pack(shelf / "whole")

    assert [(section.code, [q.code for q in section.questions]) for section in document.sections] == [
        ("A", ["A1-HOURS"]),
        ("B", ["B1-DRILL"]),
    ]
    assert [flag.code for flag in document.flags] == ["A1-OVER"]
    assert document.section("A").title == {"en": "Labor", "ja": "労働"}
    assert document.question("B1-DRILL").text["ja"] == "訓練"


def test_a_used_question_brings_what_it_is_and_takes_what_it_counts(shelf):
    library = read_pack(shelf / "metrics").question("A1-HOURS")
    question = read_pack(shelf / "whole").question("A1-HOURS")

    assert (question.kind, question.unit, question.max) == (library.kind, library.unit, library.max)
    assert question.text == {"en": "Text of A1-HOURS", "ja": "時間"}
    assert (question.weight, question.asks) == (3, ("practice", "record"))
    assert (library.weight, library.asks) == (0, ())


def change(path, **fields):
    write(path, yaml.safe_load(path.read_text()) | fields)


@pytest.mark.parametrize(
    ("entry", "place", "code"),
    [
        ({"use": "A1-GONE"}, "A1-GONE", "no_such_use"),
        ({"use": "nowhere/A1-HOURS"}, "nowhere", "unknown_pack"),
        ({"use": "whole/A1-HOURS"}, "whole", "unknown_pack"),
        ({"use": "A1-HOURS", "unit": "days"}, "A1-HOURS", "fixed_field"),
        ({"use": "A1-HOURS", "weight": -1}, "sections/B.yaml: questions[0].weight", "out_of_range"),
    ],
)
def test_a_question_that_cannot_be_used_is_named(shelf, entry, place, code):
    change(shelf / "whole" / "sections" / "A.yaml", questions=[make_question()], flags=[])
    change(shelf / "whole" / "sections" / "B.yaml", questions=[entry])

    assert problems_of(shelf / "whole") == [(place, code)]


def test_a_problem_in_a_section_file_names_the_file(shelf):
    change(shelf / "whole" / "sections" / "B.yaml", questions=[{"code": "B1-X", "kind": "colour", "text": "x"}])
    change(shelf / "whole" / "sections" / "A.yaml", flags=[{"code": "A1-OVER"}])

    assert problems_of(shelf / "whole") == [
        ("sections/B.yaml: questions[0].kind", "not_listed"),
        ("sections/A.yaml: flags[0].provision", "missing"),
        ("sections/A.yaml: flags[0].severity", "not_listed"),
        ("sections/A.yaml: flags[0].when", "condition_shape"),
        ("sections/A.yaml: flags[0].text", "text_missing"),
    ]


@pytest.mark.parametrize("flags", [3, "x", {"code": "A1-OVER"}])
def test_flags_that_are_no_list_are_refused(shelf, flags):
    change(shelf / "whole" / "sections" / "A.yaml", flags=flags)

    assert problems_of(shelf / "whole")[0][0].startswith("sections/A.yaml: flags[0]")


def test_a_section_file_that_is_not_there_is_named(shelf):
    (shelf / "whole" / "sections" / "B.yaml").unlink()

    assert problems_of(shelf / "whole") == [("B.yaml", "file_closed")]


def test_a_pack_may_be_a_part_of_another(shelf):
    head = {"code": "part", "version": "1", "title": "Part", "based_on": "whole", "keep": ["A1-HOURS"]}
    write(shelf / "part" / "questionnaire.yaml", head)
    write(shelf / "part" / "texts" / "ja.yaml", {"title": "一部"})

    part, whole = read_pack(shelf / "part"), read_pack(shelf / "whole")

    assert (part.code, part.title, part.code_of_conduct) == ("part", {"en": "Part", "ja": "一部"}, "rba-8.0")
    assert part.questions == (whole.question("A1-HOURS"),)
    assert part.flags == whole.flags


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"keep": ["A1-GONE"]}, "keep", "not_in_base"),
        ({"keep": "A1-HOURS"}, "keep", "not_a_list"),
        ({"sections": []}, "sections", "unknown_key"),
        ({"based_on": "nowhere"}, "nowhere", "unknown_pack"),
    ],
)
def test_a_part_that_cannot_be_is_refused(shelf, fields, place, code):
    head = {"code": "part", "version": "1", "title": "Part", "based_on": "whole", "keep": ["A1-HOURS"]}
    write(shelf / "part" / "questionnaire.yaml", head | fields)

    assert problems_of(shelf / "part") == [(place, code)]
