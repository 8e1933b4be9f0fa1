"""RMI's count: against the samples' own cells, and as truth tables written down from the formulas of each version."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from minerals.templates_io.checks import missing_items
from minerals.templates_io.document import Answer, Company, CompanyAnswer, Declared, Issue
from minerals.templates_io.enums import Grade, Template
from minerals.templates_io.workbook import build_workbook, read_declaration
from tests.minerals.templates_io.workbook.edits import edit
from tests.minerals.world import make_declared, make_product, make_smelter_row

SAMPLES = Path(__file__).parents[5] / "shared" / "data" / "minerals"
# The count each sample's own sheet Checker shows. CMRT 2.00 has none: its cell counts by another rule and holds #VALUE!.
COUNTS = {
    "amrt-1.21-en-blank.xlsx": 26,
    "cmrt-2.03-en-valid-encrypted.xls": 0,
    "cmrt-2.03a-en-high-risk.xlsx": 0,
    "cmrt-3.01-en-green.xlsx": 1,
    "cmrt-3.01-en-high-risk.xlsx": 1,
    "cmrt-6.22-zh-blank.xlsx": 52,
    "cmrt-6.4-en-filled.xlsx": 0,
    "cmrt-6.5-en-blank.xlsx": 52,
    "emrt-1.3-zh-blank.xlsx": 31,
    "emrt-2.0-en-blank.xlsx": 68,
}


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_missing_is_the_count_of_the_sample(name, count):
    if not SAMPLES.is_dir():
        pytest.skip("The RMI templates are not part of the project and not beside it.")
    declared = read_declaration((SAMPLES / name).read_bytes())

    assert (len(missing_items(declared)), declared.checker_count) == (count, count)


def places(declared):
    return [(issue.code, issue.place) for issue in missing_items(declared)]


def answers(minerals, **given):
    return {
        question.removeprefix("q"): {
            mineral: Answer(word) for mineral, word in zip(minerals, words, strict=True) if word
        }
        for question, words in given.items()
    }


def test_a_complete_declaration_misses_nothing():
    assert missing_items(make_declared(("Tin", "Gold"))) == ()


def test_an_empty_cmrt_misses_what_an_empty_file_misses():
    missing = places(Declared(template=Template.CMRT, version="6.5", minerals=("Tantalum", "Tin", "Gold", "Tungsten")))

    assert len(missing) == 52
    assert missing[:9] == [
        ("missing_field", "Declaration!D8"),
        ("missing_field", "Declaration!D9"),
        ("missing_field", "Declaration!D15"),
        ("missing_email", "Declaration!D16"),
        ("missing_field", "Declaration!D17"),
        ("missing_field", "Declaration!D18"),
        ("missing_email", "Declaration!D20"),
        ("missing_field", "Declaration!D22"),
        ("missing_answer", "Declaration!D26"),
    ]
    assert missing[-1] == ("missing_smelter", "Smelter List!B5")


def test_an_empty_cmrt_without_a_version_misses_what_the_newest_asks():
    empty = Declared(template=Template.CMRT, version="", minerals=("Tantalum", "Tin", "Gold", "Tungsten"))

    assert places(empty) == places(replace(empty, version="6.5"))


@pytest.mark.parametrize("written", ["Yes ", "はい"])
def test_an_answer_that_the_formulas_do_not_know_counts_as_none(written):
    """LibreOffice and Excel count so: question 1 is filled in, and all behind it waits for a Yes."""
    content = edit(build_workbook(make_declared()), {"Declaration!D27": written})

    assert [place for _code, place in places(read_declaration(content))] == [
        f"Declaration!D{row}" for row in (33, 39, 45, 51, 57, 63, 69)
    ]


def test_every_item_names_its_cell_and_what_is_asked():
    declared = make_declared(answers={"5": ""})

    assert missing_items(declared) == (
        Issue("missing_answer", Grade.ERROR, "Declaration!D51", {"question": "5", "metal": "Tin"}),
    )


def test_the_cell_the_file_was_read_from_wins():
    declared = make_declared()
    declared.answers["5"]["Tin"] = Answer("", "", "E99")

    assert places(declared) == [("missing_answer", "Declaration!E99")]


# CMRT 6.x. F19 =IF(B14="No",0,1); B19 =IF(B14="Yes",D32,0); F24 =IF(OR(B14="No",B19="No"),0,1);
# B24 =IF(AND(B14="Yes",B19="Yes"),D38,0). Per case: answers to 1 and 2, is 2 missing, are 3 to 8 missing.
@pytest.mark.parametrize(
    ("first", "second", "missing"),
    [
        ("Yes", "Yes", []),
        ("Yes", "No", []),
        ("Yes", "", ["2", "3", "4", "5", "6", "7", "8"]),
        ("Yes", "Unknown", ["3", "4", "5", "6", "7", "8"]),
        ("No", "Yes", []),
        ("No", "", []),
        ("no", "", []),
        ("Unknown", "No", ["2", "3", "4", "5", "6", "7", "8"]),
        ("Unknown", "Yes", ["2", "3", "4", "5", "6", "7", "8"]),
        ("", "Yes", ["1", "2", "3", "4", "5", "6", "7", "8"]),
    ],
)
def test_gates_of_cmrt_6(first, second, missing):
    declared = make_declared(answers={"1": first, "2": second})
    found = [issue.params["question"] for issue in missing_items(declared) if issue.code == "missing_answer"]

    assert found == missing


# CMRT 3.x. F20 =1; F25 =IF(AND(B15="No",B20="No"),0,1); B25 =D38.
@pytest.mark.parametrize(
    ("first", "second", "missing"),
    [
        ("Yes", "Yes", []),
        ("No", "No", []),
        ("No", "Yes", ["3", "4", "5", "6", "7"]),
        ("Yes", "No", ["3", "4", "5", "6", "7"]),
        ("No", "", ["2", "3", "4", "5", "6", "7"]),
        ("", "No", ["1", "3", "4", "5", "6", "7"]),
    ],
)
def test_gates_of_cmrt_3(first, second, missing):
    words = {"1": first, "2": second, **({} if missing else dict.fromkeys("34567", "Yes"))}
    given = {question: {"Tin": Answer(word)} for question, word in words.items()}
    off = {"1": "No", "2": "No"}
    for question, word in off.items():
        given[question] |= {mineral: Answer(word) for mineral in ("Tantalum", "Gold", "Tungsten")}
    declared = replace(make_declared(), version="3.01", answers=given)
    found = [issue.params["question"] for issue in missing_items(declared) if issue.code == "missing_answer"]

    assert found == missing


# EMRT 2.x. F28 and F39: off by No, Unknown, Not declaring of question 1; by No, Unknown of question 2.
@pytest.mark.parametrize(
    ("first", "second", "needs_second", "needs_third"),
    [
        ("Yes", "Yes", True, True),
        ("Yes", "No", True, False),
        ("Yes", "Unknown", True, False),
        ("Yes", "Not declaring", True, True),
        ("Yes", "", True, True),
        ("No", "", False, False),
        ("Unknown", "", False, False),
        ("Not declaring", "Yes", False, False),
        ("", "Yes", True, True),
    ],
)
def test_gates_of_emrt_2(first, second, needs_second, needs_third):
    declared = Declared(
        template=Template.EMRT,
        version="2.0",
        minerals=("Cobalt",),
        answers={"1": {"Cobalt": Answer(first)}, "2": {"Cobalt": Answer(second)}},
    )
    found = {issue.params["question"] for issue in missing_items(declared) if issue.code == "missing_answer"}

    assert ("2" in found, "3" in found) == (needs_second and not second, needs_third)


@pytest.mark.parametrize("first", ["No", "Unknown", "Not applicable for this declaration"])
def test_gates_of_emrt_1(first):
    off = {"1": {"Cobalt": Answer(first), "Mica": Answer(first)}}
    declared = Declared(template=Template.EMRT, version="1.3", minerals=("Cobalt", "Mica"), answers=off)

    assert [issue.code for issue in missing_items(declared) if issue.code != "missing_field"] == [
        "missing_email",
        "missing_email",
    ]


def test_emrt_1_never_asks_for_recycled_mica():
    declared = Declared(template=Template.EMRT, version="1.3", minerals=("Cobalt", "Mica"))
    asked = [issue.params for issue in missing_items(declared) if issue.params.get("question") == "4"]

    assert asked == [{"question": "4", "metal": "Cobalt"}]


@pytest.mark.parametrize(
    ("answer", "comment", "codes"),
    [
        ("No", "", []),
        ("Yes, in conformance with IPC1755 (e.g. EMRT)", "", []),
        ("Yes, Using Other Format (Describe)", "a form of our own", []),
        ("Yes, Using Other Format (Describe)", "", ["missing_format"]),
        ("Yes", "", ["missing_format"]),
        ("", "", ["missing_letter"]),
    ],
)
def test_letter_e_of_emrt_1_takes_its_options_alone(answer, comment, codes):
    declared = Declared(template=Template.EMRT, version="1.3", company_questions={"E": CompanyAnswer(answer, comment)})

    assert [one.code for one in missing_items(declared) if one.params == {"question": "E"}] == codes


# AMRT: question 2 is never counted; smelters are needed unless question 1 is No, Unknown or Not declaring.
@pytest.mark.parametrize(
    ("first", "codes"),
    [
        ("Yes", ["missing_smelter"]),
        ("No", []),
        ("Unknown", []),
        ("Not declaring", []),
        ("", ["missing_answer", "missing_smelter"]),
    ],
)
def test_gates_of_amrt(first, codes):
    declared = Declared(
        template=Template.AMRT, version="1.21", minerals=("Zinc",), answers={"1": {"Zinc": Answer(first)}}
    )
    found = [issue.code for issue in missing_items(declared) if issue.params.get("metal") == "Zinc"]

    assert found == codes


def test_amrt_counts_a_smelter_by_name_and_country():
    rows = (make_smelter_row(5, metal="Zinc", lookup="", country=""),)
    declared = Declared(
        template=Template.AMRT,
        version="1.21",
        minerals=("Zinc",),
        answers={"1": {"Zinc": Answer("Yes")}},
        smelters=rows,
    )

    assert "missing_smelter" in {issue.code for issue in missing_items(declared)}
    known = replace(declared, smelters=(make_smelter_row(5, metal="Zinc", lookup=""),))
    assert "missing_smelter" not in {issue.code for issue in missing_items(known)}


@pytest.mark.parametrize("template", [Template.EMRT, Template.AMRT])
def test_without_minerals_they_are_missing(template):
    declared = Declared(template=template, version="2.0" if template == Template.EMRT else "1.21")

    assert ("missing_minerals", "Declaration!D12") in places(declared)


@pytest.mark.parametrize(
    ("version", "scope", "description", "codes"),
    [
        ("6.5", "A", "", []),
        ("6.5", "B", "", ["missing_products"]),
        ("6.5", "C", "", ["missing_description"]),
        ("6.5", "C", "All shoes", []),
        ("6.5", "", "", ["missing_field"]),
        ("3.0", "B", "", ["missing_description", "missing_products"]),
        ("2.03", "D", "", ["missing_products"]),
        ("2.03", "B", "", ["missing_description"]),
    ],
)
def test_scopes_need_a_description_or_products(version, scope, description, codes):
    declared = replace(make_declared(), version=version, scope=scope, scope_text="", scope_description=description)
    wanted = {"missing_description", "missing_products"}
    found = [
        issue.code for issue in missing_items(declared) if issue.code in wanted or issue.params == {"field": "scope"}
    ]

    assert found == codes


@pytest.mark.parametrize(("row", "missing"), [(6, []), (7, [("missing_products", "Product List!B6")])])
def test_only_the_first_product_is_looked_at(row, missing):
    assert places(make_declared(scope="B", scope_text="B", products=(make_product("P-1", row),))) == missing


@pytest.mark.parametrize(
    ("version", "comment", "codes"),
    [
        ("6.5", "see our site", []),
        ("6.5", "x", ["missing_url"]),
        ("6.5", "", ["missing_url"]),
        ("3.01", "http://parts.example", ["missing_url_www"]),
        ("3.01", "www.parts.example", []),
        ("3.0", "", []),
        ("2.03", "", []),
    ],
)
def test_the_address_of_the_policy(version, comment, codes):
    declared = make_declared()
    letters = {**declared.company_questions, "B": CompanyAnswer("Yes", comment)}
    found = [one.code for one in missing_items(replace(declared, version=version, company_questions=letters))]

    assert [code for code in found if code.startswith("missing_url")] == codes


@pytest.mark.parametrize("letter", "ABCDEFGH")
def test_letters_are_asked_while_a_mineral_is_used(letter):
    used, unused = make_declared(), make_declared(())
    for declared in (used, unused):
        declared.company_questions.pop(letter)

    assert [one.params for one in missing_items(used)] == [{"question": letter}]
    assert missing_items(unused) == ()


@pytest.mark.parametrize(
    ("email", "codes"), [("a@b.example", []), ("n/a", ["email_without_at"]), ("", ["missing_email"])]
)
def test_an_address_needs_an_at(email, codes):
    declared = make_declared()
    company = replace(declared.company, authorizer_email=email)

    assert [one.code for one in missing_items(replace(declared, company=company))] == codes


def test_unlisted_smelters_without_name_or_country_count_once():
    rows = [
        make_smelter_row(5),
        make_smelter_row(6, lookup="Smelter Not Listed", name=""),
        make_smelter_row(7, lookup="smelter not listed", country=""),
    ]

    assert places(make_declared(smelters=rows)) == [("unlisted_incomplete", "Smelter List!D6")]


@pytest.mark.parametrize(
    ("version", "row", "missing"),
    [("6.5", 200, []), ("3.01", 14, []), ("3.01", 15, ["missing_smelters"]), ("2.03", 15, ["missing_smelters"])],
)
def test_old_versions_look_at_ten_rows_of_smelters(version, row, missing):
    declared = replace(make_declared(smelters=[make_smelter_row(row)]), version=version)

    assert [one.code for one in missing_items(declared) if "smelter" in one.code] == missing


def test_a_smelter_of_every_mineral_in_use_is_needed():
    declared = make_declared(
        ("Tin", "Gold"), smelters=[make_smelter_row(5), make_smelter_row(6, metal="Gold", lookup="")]
    )

    assert missing_items(declared) == (Issue("missing_smelter", Grade.ERROR, "Smelter List!B5", {"metal": "Gold"}),)


def test_company_fields_of_2_are_those_it_asks_for():
    empty = replace(make_declared(), version="2.03", company=Company())

    assert places(empty)[:3] == [
        ("missing_field", "Declaration!D8"),
        ("missing_field", "Declaration!D14"),
        ("missing_field", "Declaration!D16"),
    ]
