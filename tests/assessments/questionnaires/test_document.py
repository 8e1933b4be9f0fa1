"""Documents: every error names its place, and what is stored comes back the same."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.questionnaires.document import (
    DocumentErrors,
    document_hash,
    dump_json,
    fill_text,
    find_problems,
    load_json,
    parse_document,
    pick,
    show_value,
    summarise,
)
from assessments.questionnaires.enums import Gravity, Kind
from tests.assessments.questionnaires.builders import (
    EVERY_FLAG,
    EVERY_KIND,
    make_document,
    make_full_document,
    make_question,
    make_source,
)
from tests.assessments.questionnaires.strategies import JUNK


def problems_of(source, provisions=None):
    with pytest.raises(DocumentErrors) as caught:
        parse_document(source, provisions)
    return [(problem.place, problem.code) for problem in caught.value.problems]


def full_source():
    return copy.deepcopy(make_source(*EVERY_KIND, flags=EVERY_FLAG))


QUESTION = "sections[0].questions[0]"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "Small One"}, [("code", "bad_document_code")]),
        ({"version": 1.0}, [("version", "number_as_string")]),
        ({"title": None}, [("title", "text_missing")]),
        ({"titel": "x"}, [("titel", "unknown_key")]),
        ({"code_of_conduct": None}, [("code_of_conduct", "missing")]),
        ({"languages": ["en", "english language"]}, [("languages[1]", "bad_language")]),
        ({"languages": ["ja"]}, [("default_language", "unlisted_language"), ("title.en", "unlisted_language")]),
        ({"languages": ["en", "en"]}, [("languages", "duplicate_language")]),
        ({"title": {"en": "Small", "fr": "Petit"}, "languages": ["en"]}, [("title.fr", "unlisted_language")]),
        ({"title": {"ja": "小"}, "languages": ["en", "ja"]}, [("title", "default_text_missing")]),
        ({"title": "Bell \x07"}, [("title.en", "bad_characters")]),
        ({"sections": []}, [("sections", "empty_document")]),
        ({"sections": {"A": 1}}, [("sections", "not_a_list")]),
        ({"bands": [{"code": "high", "below": 60}, {"code": "low", "below": 90}]}, [("bands", "bands_order")]),
        (
            {"bands": [{"code": "a", "below": 80}, {"code": "b", "below": 60}, {"code": "c"}]},
            [("bands", "bands_order")],
        ),
        ({"bands": [{"code": "a", "below": 160}, {"code": "b"}]}, [("bands[0].below", "out_of_range")]),
    ],
)
def test_parse_names_what_is_wrong_with_the_document(changes, expected):
    assert problems_of({**make_source(), **changes})[: len(expected)] == expected


@pytest.mark.parametrize(
    ("fields", "place", "code"),
    [
        ({"code": "a1-one"}, ".code", "bad_question_code"),
        ({"kind": "slider"}, ".kind", "not_listed"),
        ({"text": None}, ".text", "text_missing"),
        ({"text": 5}, ".text", "number_as_text"),
        ({"required": "yes"}, ".required", "not_a_boolean"),
        ({"weight": -1}, ".weight", "out_of_range"),
        ({"weight": "3"}, ".weight", "not_a_number"),
        ({"weight": float("nan")}, ".weight", "out_of_range"),
        ({"weight": 10**400}, ".weight", "out_of_range"),
        ({"unit": "parsec", "kind": "number"}, ".unit", "not_listed"),
        ({"unit": "hours"}, ".unit", "field_kind"),
        ({"period": "last_month"}, ".period", "field_kind"),
        ({"min": 1}, ".min", "field_kind"),
        ({"kind": "number", "min": 5, "max": 5}, ".min", "limits_order"),
        ({"kind": "percentage", "max": 101}, ".max", "percent_limits"),
        ({"choices": [{"code": "a", "text": "A"}]}, ".choices", "field_kind"),
        ({"kind": "single", "choices": [{"code": "a", "text": "A"}]}, ".choices", "too_few_choices"),
        ({"kind": "single", "choices": [{"code": "a", "text": "A"}] * 2}, ".choices", "duplicate_choice"),
        ({"kind": "single", "choices": [{"code": 1, "text": "A"}, {"code": "b", "text": "B"}]}, ".choices[0].code", "number_as_string"),
        ({"kind": "single", "choices": [{"code": "a", "text": "A", "exclusive": True}, {"code": "b", "text": "B"}]}, ".choices", "field_kind"),
        ({"kind": "single", "weight": 1, "choices": [{"code": "a", "text": "A", "points": 1}, {"code": "b", "text": "B"}]}, ".choices", "no_points"),
        ({"kind": "single", "choices": [{"code": "a", "text": "A", "points": -1}, {"code": "b", "text": "B"}]}, ".choices", "points_range"),
        ({"weight": 1}, ".score", "no_yes_no_points"),
        ({"weight": 1, "score": {"yes": 1}}, ".score", "no_yes_no_points"),
        ({"weight": 1, "score": {"yes": 2, "no": 0}}, ".score.yes", "out_of_range"),
        ({"score": {"steps": [{"points": 1}]}}, ".score", "field_kind"),
        ({"kind": "number", "weight": 1, "score": {"steps": [{"up_to": 5, "points": 1}]}}, ".score.steps", "steps_order"),
        ({"kind": "number", "weight": 1, "score": {"steps": [{"up_to": 5, "points": 1}, {"up_to": 5, "points": 1}, {"points": 0}]}}, ".score.steps", "steps_order"),
        ({"kind": "text", "weight": 1}, ".weight", "never_scored"),
        ({"kind": "headcount", "rows": []}, ".rows", "table_lists"),
        ({"kind": "headcount", "rows": [{"code": "total", "text": "T"}]}, ".rows", "reserved_code"),
        ({"show_if": {"question": "A1-GONE", "is": "yes"}}, ".show_if", "unknown_question"),
        ({"show_if": {"question": "A1-ONE", "is": "yes"}}, ".show_if", "later_trigger"),
        ({"show_if": "always"}, ".show_if", "condition_shape"),
        ({"show_if": {"all": [{"question": "A1-ONE"}]}}, ".show_if.all[0]", "condition_operator"),
        ({"warn_if": {"when": {"question": "A1-ONE", "over": 3}, "text": "x"}}, ".warn_if.when", "operator_kind"),
        ({"warn_if": {"when": {"question": "A1-ONE", "is": "maybe"}, "text": "x"}}, ".warn_if.when", "unknown_choice"),
        ({"warn_if": {"when": {"question": "A1-ONE", "is": "yes"}, "text": "{A1-GONE}"}}, ".warn_if.text.en", "unknown_question"),
        ({"warn_if": {"when": {"question": "A1-ONE", "is": "yes"}, "text": "{oops}"}}, ".warn_if.text.en", "bad_placeholder"),
        ({"evidence": {"required": 1}}, ".evidence.required", "not_a_boolean"),
        ({"provision": "Z9"}, ".provision", "unknown_provision"),
    ],
)  # fmt: skip
def test_parse_names_what_is_wrong_with_a_question(fields, place, code):
    question = {**make_question(), **fields}
    if question["kind"] == "headcount":
        question = make_question(**{**question, **fields})
    assert (QUESTION + place, code) in problems_of(make_source(question), provisions={"A1", "A2"})


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({"question": "K-SINGLE", "includes": "good"}, "operator_kind"),
        ({"question": "K-MULTI", "is": "good"}, "operator_kind"),
        ({"question": "K-MULTI", "includes": "best"}, "unknown_choice"),
        ({"question": "K-MULTI", "includes_any": ["good", "best"]}, "unknown_choice"),
        ({"question": "K-NUMBER", "is": "60"}, "number_compared"),
        ({"question": "K-NUMBER", "in": [1, "2"]}, "number_compared"),
        ({"question": "K-DATE", "is": 2026}, "day_compared"),
        ({"question": "K-DATE", "over": 3}, "operator_kind"),
        ({"question": "K-TEXT", "is": "x"}, "operator_kind"),
        ({"question": "K-FILES", "is": "x"}, "operator_kind"),
        ({"question": "K-NUMBER", "over": {"question": "K-DATE"}}, "operator_kind"),
        ({"question": "K-SINGLE", "is": {"question": "K-NUMBER"}}, "not_comparable"),
        ({"question": "K-SINGLE", "times": 2, "is": "good"}, "times_kind"),
        ({"question": "K-HEADS", "over": 3}, "cell_missing"),
        ({"question": "K-HEADS", "cell": "trainee", "over": 3}, "unknown_cell"),
        ({"question": "K-HEADS", "cell": "*.other", "over": 3}, "unknown_cell"),
        ({"question": "K-NUMBER", "cell": "total", "over": 3}, "cell_kind"),
        ({"question": "K-NUMBER", "over": {"question": "K-GONE"}}, "unknown_question"),
    ],
)
def test_parse_checks_what_conditions_name(when, code):
    source = full_source()
    source["flags"][0]["when"] = when
    assert ("flags[0].when", code) in problems_of(source)


@pytest.mark.parametrize(
    "when",
    [
        {"question": "K-HEADS", "answered": True},
        {"question": "K-HEADS", "cell": "*.male", "over": {"question": "K-NUMBER", "times": 2}},
        {"question": "K-DATE", "before": "as_of"},
        {"question": "K-DATE", "is": "2026-01-01"},
        {"question": "K-SINGLE", "is": {"question": "K-SHOWN"}},
        {"question": "K-PERCENT", "in": [1, 2.5]},
        {"question": "K-TEXT", "answered": False},
    ],
)
def test_parse_accepts_fitting_conditions(when):
    source = full_source()
    source["flags"][0]["when"] = when
    assert parse_document(source).flags[0].when == when


def test_parse_reports_every_error_at_once():
    source = make_source(make_question("BAD", kind="slider"), make_question("A1-TWO", weight=-1), version=None)
    assert problems_of(source) == [
        ("version", "missing"),
        ("sections[0].questions[0].code", "bad_question_code"),
        ("sections[0].questions[0].kind", "not_listed"),
        ("sections[0].questions[1].weight", "out_of_range"),
    ]


def test_parse_names_the_question_in_the_message():
    with pytest.raises(DocumentErrors, match=r"questions\[0\].kind: A1-ONE: Expected one of single"):
        parse_document(make_source(make_question(kind="slider")))


def test_parse_refuses_codes_that_stand_twice():
    source = make_source(make_question(), make_question())
    assert problems_of(source) == [("sections", "duplicate_question")]


def test_missing_translations_are_warnings_with_their_place():
    title = {"en": "Small", "ja": "小"}
    document = make_document(title=title, languages=["en", "ja"])
    found = [(p.place, p.code, p.severity) for p in find_problems(document)]
    assert found == [
        ("A title", "missing_translation", Gravity.WARNING),
        ("A1-ONE text", "missing_translation", Gravity.WARNING),
    ]


def test_points_without_a_weight_are_a_warning():
    document = make_document(make_question(score={"yes": 1, "no": 0}))
    assert [p.code for p in find_problems(document)] == ["never_counted"]


def test_placeholders_that_differ_between_languages_are_a_warning():
    question = make_question(
        warn_if={"when": {"question": "A1-ONE", "is": "no"}, "text": {"en": "It is {A1-ONE}", "ja": "いいえ"}},
        text={"en": "Text", "ja": "本文"},
    )
    document = make_document(question, languages=["en", "ja"])
    assert "placeholders_differ" in [p.code for p in find_problems(document)]


@given(JUNK)
def test_junk_gives_document_errors_and_nothing_else(source):
    with pytest.raises(DocumentErrors):
        parse_document(source)


PATHS = st.lists(st.integers(0, 30), min_size=1, max_size=6)


def spoil(data, path, junk):
    """Put junk somewhere into a valid document."""
    keys = sorted(data) if isinstance(data, dict) else range(len(data))
    key = list(keys)[path[0] % len(list(keys))]
    if len(path) == 1 or not isinstance(data[key], dict | list) or not data[key]:
        data[key] = junk
    else:
        spoil(data[key], path[1:], junk)


@given(PATHS, JUNK)
def test_a_spoilt_document_is_read_or_refused_and_never_breaks(path, junk):
    source = full_source()
    spoil(source, path, junk)
    try:
        document = parse_document(source)
    except DocumentErrors as errors:
        assert all(problem.message for problem in errors.problems)
    else:
        assert load_json(dump_json(document)) == document


def test_dump_and_load_give_the_same_document():
    document = make_full_document()
    stored = dump_json(document)
    assert load_json(stored) == document
    assert load_json(stored.decode()) == document
    assert dump_json(load_json(stored)) == stored
    assert parse_document(json.loads(stored)) == document


def test_hash_depends_on_the_content_alone():
    source = full_source()
    shuffled = dict(reversed(list(source.items())))
    assert document_hash(parse_document(shuffled)) == document_hash(parse_document(source))
    source["title"] = "Another"
    assert document_hash(parse_document(source)) != document_hash(make_full_document())


@pytest.mark.parametrize("data", ["", "{}", "[]", "null", '{"code": 1}', b"\xff", '{"code": "x"'])
def test_load_refuses_what_is_no_stored_document(data):
    with pytest.raises(DocumentErrors):
        load_json(data)


def test_document_finds_its_parts():
    document = make_full_document()
    assert [q.code for q in document.questions] == [q["code"] for q in EVERY_KIND]
    assert document.question("K-DATE").kind is Kind.DATE
    assert document.section("A").title == {"en": "Labor"}
    assert document.section_codes["K-DATE"] == "A"
    assert document.positions["K-NUMBER"] == 3
    assert document.flag("F-OVER").provision == "A1"
    for find in (document.question, document.section, document.flag):
        with pytest.raises(KeyError):
            find("NO-SUCH")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("Hours", False)),
        ("en-GB", ("Hours", False)),
        ("zh-hans", ("小时", False)),
        ("zh_Hans", ("小时", False)),
        ("zh-Hans-CN", ("小时", False)),
        ("th", ("Hours", True)),
        ("zh", ("Hours", True)),
    ],
)
def test_pick_says_when_another_language_stands_in(language, expected):
    assert pick({"en": "Hours", "zh-hans": "小时"}, language, "en") == expected


def test_pick_takes_any_text_before_none():
    assert pick({"ja": "時間"}, "th", "en") == ("時間", True)
    assert pick({}, "th", "en") == ("", False)


@pytest.mark.parametrize(
    ("code", "value", "cell", "shown"),
    [
        ("K-SINGLE", "good", None, "Good"),
        ("K-SINGLE", "gone", None, "gone"),
        ("K-MULTI", ["good", "bad"], None, "Good, Bad"),
        ("K-YESNO", "yes", None, "Yes"),
        ("K-NUMBER", 72.0, None, "72"),
        ("K-NUMBER", 72.5, None, "72.5"),
        ("K-DATE", "2026-01-01", None, "2026-01-01"),
        ("K-HEADS", {"permanent.male": 3, "agency.male": 4}, "*.male", "7"),
        ("K-HEADS", {"permanent.male": 3, "agency.male": 4}, None, "7"),
        ("K-NUMBER", None, None, "-"),
    ],
)
def test_show_value_words_an_answer(code, value, cell, shown):
    assert show_value(make_full_document(), code, value, language="en", cell=cell) == shown


def test_fill_text_puts_the_answers_in():
    document = make_full_document()
    values = {"K-HEADS": {"permanent.male": 1, "agency.male": 4}}
    text = fill_text(document, document.flag("F-AGENCY").text, values, language="en")
    assert text == "4 of 5 people come from agencies"


def test_summarise_counts_what_is_there():
    summary = summarise(make_full_document())
    assert (summary.questions, summary.scored, summary.conditional, summary.required) == (10, 8, 1, 9)
    assert (summary.weight, summary.with_evidence) == (15, 2)
    assert summary.kinds["single"] == 2
    assert {code: (p.questions, p.scored, p.flags) for code, p in summary.provisions.items()} == {
        "A1": (7, 5, 1),
        "A2": (3, 3, 1),
    }
    assert summary.flags == {"major": 1, "minor": 1}
    assert summary.translated == {"en": summary.texts}
