"""The form as data: what is asked, fields that are saved one by one, two who write on the same field, pasted lines."""

import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerals.declarations.document import (
    NEWEST,
    clean_text,
    counts_of,
    declared_of,
    merge_fields,
    read_field,
    read_lines,
    step_of,
    steps_of,
)
from minerals.declarations.document.pasting import PastedRow
from minerals.templates_io.document import Declared
from minerals.templates_io.enums import Template
from tests.minerals.world import make_declared, make_product


def plain(declared):
    return msgspec.to_builtins(declared)


def empty(template=Template.CMRT, **fields):
    return plain(Declared(template=template, version=NEWEST[template], **fields))


def codes(data):
    return [step.code for step in steps_of(data)]


def post(data, values, *, base=0, now=1, marks=None):
    return merge_fields(
        data, {} if marks is None else marks, {key: (value, base) for key, value in values.items()}, now=now
    )


# What is asked -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "pages"),
    [
        ({}, ["company", "use"]),
        ({"answer.1.Tin": "No", "answer.1.Gold": "No"}, ["company", "use"]),
        ({"answer.1.Tin": "Yes"}, ["company", "use"]),
        ({"answer.1.Tin": "Yes", "answer.2.Tin": "No"}, ["company", "use"]),
        (
            {"answer.1.Tin": "Yes", "answer.2.Tin": "Yes"},
            ["company", "use", "questions", "smelters-2", "policies"],
        ),
        (
            {
                "answer.1.Tantalum": "Yes",
                "answer.2.Tantalum": "Yes",
                "answer.1.Gold": "Yes",
                "answer.2.Gold": "Yes",
                "scope": "B",
            },
            ["company", "use", "questions", "smelters-1", "smelters-3", "policies", "products"],
        ),
    ],
)
def test_pages_of_a_cmrt_follow_from_the_answers(answers, pages):
    data = empty()
    assert post(data, answers).wrong == {}
    assert codes(data) == pages


def test_an_emrt_asks_for_its_minerals_first():
    data = empty(Template.EMRT)
    assert codes(data) == ["company", "minerals"]
    post(data, {"minerals": "Mica\nCobalt"})
    assert data["minerals"] == ["Cobalt", "Mica"]
    post(data, {"answer.1.Mica": "Not declaring", "answer.1.Cobalt": "Yes", "answer.2.Cobalt": "Unknown"})
    assert codes(data) == ["company", "minerals", "use"]
    post(data, {"answer.2.Cobalt": "Yes"})
    assert codes(data) == ["company", "minerals", "use", "questions", "smelters-1", "policies"]


def test_an_amrt_has_two_questions_and_none_about_the_company():
    data = empty(Template.AMRT, minerals=("Iron/ Steel", "Zinc"))
    post(data, {"answer.1.Iron/ Steel": "Yes", "answer.1.Zinc": "Unknown"})
    assert codes(data) == ["company", "minerals", "use", "questions", "smelters-1"]
    assert post(data, {"answer.2.Iron/ Steel": "Did not survey"}).saved == ["answer.2.Iron/ Steel"]


def test_counts_of_a_page_are_those_of_what_is_needed():
    data = plain(make_declared(("Tin",)))
    steps = {step.code: step for step in steps_of(data)}
    assert {code: counts_of(data, step) for code, step in steps.items()} == {
        "company": (8, 8), "use": (5, 5), "questions": (6, 6), "smelters-2": (1, 1), "policies": (9, 9),
    }  # fmt: skip


# Fields --------------------------------------------------------------------------------------------
KEYS = [
    "company.name",
    "scope",
    "scope_description",
    "effective_date",
    "answer.3.Tin",
    "comment.3.Tin",
    "policy.E",
    "why.B",
    "smelter.5.mines",
    "product.6.name",
]
VALUES = {"scope": "C", "effective_date": "2026-01-31", "answer.3.Tin": "Unknown", "policy.E": "No"}


@pytest.mark.parametrize("key", KEYS)
def test_a_field_written_is_read_back(key):
    data = plain(make_declared(("Tin",), products=(make_product("P-1"),)))
    value = VALUES.get(key, "Something else")
    assert post(data, {key: value}).saved == [key]
    assert read_field(data, key) == value


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("scope", "D", "option"),
        ("answer.1.Tin", "Maybe", "option"),
        ("effective_date", "31.1.2026", "date"),
        ("effective_date", "2026-02-30", "date"),
        ("company.name", "x" * 251, "long"),
        ("comment.1.Tin", "x" * 2001, "long"),
        ("policy.H", "Yes", "option"),
        ("smelter.5.recycled", "Often", "option"),
    ],
)
def test_a_value_that_cannot_stand_is_refused_and_kept_beside(key, value, code):
    data = plain(make_declared(("Tin",)))
    before = read_field(data, key)
    outcome = post(data, {key: value})
    assert (outcome.wrong, outcome.saved, read_field(data, key)) == ({key: (value, code)}, [], before)


@pytest.mark.parametrize(
    "key",
    ["", "nonsense", "company.shoe", "answer.9.Tin", "answer.1.Cobalt", "policy.Z", "policy.AB", "policy.A.Tin", "smelter.99.mines", "smelter.5.cid", "minerals", "answer", "template", "row.1"],
)  # fmt: skip
def test_what_is_no_field_of_the_form_is_passed_over(key):
    data = plain(make_declared(("Tin",)))
    before = msgspec.json.encode(data)
    outcome = post(data, {key: "x"})
    assert (outcome.saved, outcome.wrong, outcome.conflicts, msgspec.json.encode(data)) == ([], {}, {}, before)


# Two who write -------------------------------------------------------------------------------------
def test_two_who_write_on_different_fields_both_stand():
    data, marks = empty(), {}
    post(data, {"company.name": "One"}, base=1, now=2, marks=marks)
    outcome = post(data, {"company.name": "", "company.contact": "Two"}, base=1, now=3, marks=marks)
    assert (outcome.saved, outcome.conflicts) == (["company.contact"], {})
    assert (read_field(data, "company.name"), read_field(data, "company.contact")) == ("One", "Two")


def test_two_who_write_on_one_field_are_told():
    data, marks = empty(), {}
    post(data, {"company.name": "One"}, base=1, now=2, marks=marks)
    outcome = post(data, {"company.name": "Two"}, base=1, now=3, marks=marks)
    assert (outcome.conflicts, read_field(data, "company.name")) == ({"company.name": "Two"}, "One")
    again = post(data, {"company.name": "Two"}, base=2, now=3, marks=marks)
    assert (again.saved, again.conflicts, read_field(data, "company.name")) == (["company.name"], {}, "Two")


def test_two_who_write_the_same_agree():
    data, marks = empty(), {}
    post(data, {"company.name": "One"}, base=1, now=2, marks=marks)
    outcome = post(data, {"company.name": "One"}, base=1, now=3, marks=marks)
    assert (outcome.saved, outcome.conflicts, outcome.wrong) == ([], {}, {})


# Handing in ----------------------------------------------------------------------------------------
def test_what_is_not_asked_is_kept_in_the_draft_and_left_out_of_the_declaration():
    data = plain(make_declared(("Tin", "Gold"), products=(make_product("P-1"),), scope="B"))
    post(data, {"answer.1.Gold": "No", "scope": "A"})
    declared = declared_of(data)
    assert [row.metal for row in declared.smelters] == ["Tin"]
    assert declared.products == ()
    assert "Gold" not in declared.answers["3"]
    assert (read_field(data, "answer.3.Gold"), len(data["products"])) == ("No", 1)
    post(data, {"answer.1.Tin": "No"})
    assert declared_of(data).company_questions == {}


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("company.name", "company"), ("effective_date", "company"), ("answer.2.Tin", "use"), ("answer.3.Tin", "questions"),
        ("comment.6.Tin", "questions"), ("policy.A", "policies"), ("smelter.5.mines", "smelters-2"), ("product.6.number", "company"),
    ],
)  # fmt: skip
def test_a_field_stands_on_a_page(key, page):
    assert step_of(plain(make_declared(("Tin",))), key).code == page


# Pasted lines --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("CID900001", PastedRow("CID900001", "", "CID900001", "", "")),
        ("cid 900001", PastedRow("cid 900001", "", "CID900001", "", "")),
        ("Tin\tExample Tin Works\tMalaysia", PastedRow("Tin\tExample Tin Works\tMalaysia", "Tin", "", "Example Tin Works", "Malaysia")),
        ("Example  Tin Works; Malaysia", PastedRow("Example  Tin Works; Malaysia", "", "", "Example Tin Works", "Malaysia")),
        ("tin\tCID900001\tExample Tin Works\tMALAYSIA", PastedRow("tin\tCID900001\tExample Tin Works\tMALAYSIA", "Tin", "CID900001", "Example Tin Works", "MALAYSIA")),
        ("Works, Ltd.", PastedRow("Works, Ltd.", "", "", "Works, Ltd.", "")),
    ],
)  # fmt: skip
def test_a_pasted_line_is_understood_by_the_look_of_its_cells(line, row):
    assert list(read_lines(f"\n  \n{line}\n", ("Tin", "Gold"))) == [row]


@given(st.text(alphabet=string.printable + "鈴錫\u00a0", max_size=300))
def test_any_pasted_text_is_read_without_a_fault(text):
    for row in read_lines(text, ("Tin",)):
        assert row.line.strip()
        assert len(row.name) <= 250


@given(st.dictionaries(st.sampled_from([*KEYS, "minerals", "answer.1.Tin"]), st.text(max_size=400), max_size=6))
def test_any_posted_value_leaves_a_form_that_can_be_read(values):
    data = plain(make_declared(("Tin",), products=(make_product("P-1"),)))
    outcome = post(data, values)
    assert set(outcome.saved) | set(outcome.wrong) <= set(values)
    assert isinstance(declared_of(data), Declared)


def test_characters_that_nothing_can_hold_are_left_out():
    assert clean_text("a\x00b\r\nc\td\ud800\x7f") == "ab\nc\td"
