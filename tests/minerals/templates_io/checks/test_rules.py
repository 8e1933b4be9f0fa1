"""The rules beyond RMI's Checker, one by one; a complete declaration raises none of them."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from minerals.origins.core import Risk, base_areas
from minerals.templates_io.checks import RULES, examine
from minerals.templates_io.checks.codes import GRADES, MISSING
from minerals.templates_io.checks.people import months_between
from minerals.templates_io.checks.policy import policy
from minerals.templates_io.checks.smelters import suggest_cid
from minerals.templates_io.document import Answer, CompanyAnswer, Declared, Issue, LookupRow, MineRow
from minerals.templates_io.enums import Grade, Template, Word
from tests.minerals.world import make_declared, make_smelter_row

TODAY = date(2026, 6, 1)
AREAS = base_areas()


def issues(declared, *, areas=AREAS, today=TODAY):
    return examine(declared, today=today, areas=areas).issues


def found(declared, **options):
    return [(one.code, one.place) for one in issues(declared, **options)]


def with_row(**fields):
    return make_declared(smelters=[make_smelter_row(5, **fields)])


def with_comment(declared, question, comment):
    answer = declared.answers[question]["Tin"]
    declared.answers[question]["Tin"] = Answer(answer.value, comment, f"D{33 + 6 * (int(question) - 2)}")
    return declared


def test_a_complete_declaration_is_clean():
    assert examine(make_declared(("Tin", "Gold")), today=TODAY, areas=AREAS).issues == ()


# People, dates, releases ---------------------------------------------------------------------------
@pytest.mark.parametrize("word", ["same", "Same as above", "SAME.", "同上", "เหมือนข้างบน"])
@pytest.mark.parametrize(("field", "cell"), [("authorizer", "D18"), ("contact", "D15")])
def test_same_is_no_name(word, field, cell):
    declared = make_declared()
    declared = replace(declared, company=replace(declared.company, **{field: word}))

    assert issues(declared) == (Issue("name_is_same", Grade.WARNING, f"Declaration!{cell}", {"field": field}),)


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("2026-06-01", []),
        ("2026-06-02", ["date_future"]),
        ("2025-06-02", []),
        ("2025-06-01", ["date_stale"]),
        ("2006-12-31", ["date_stale"]),
        ("2006-12-30", ["date_too_early"]),
    ],
)
def test_effective_dates(day, codes):
    assert found(make_declared(effective_date=day)) == [(code, "Declaration!D22") for code in codes]


def test_a_date_nobody_can_read_is_an_error():
    declared = make_declared(effective_date="", effective_text="last spring")

    assert issues(declared) == (Issue("date_unreadable", Grade.ERROR, "Declaration!D22", {"text": "last spring"}),)


@pytest.mark.parametrize(
    ("version", "codes"), [("6.22", ["template_stale", "date_refused"]), ("6.31", ["template_stale"]), ("6.5", [])]
)
def test_some_releases_refuse_late_dates(version, codes):
    assert [one.code for one in issues(make_declared(version=version, effective_date="2026-05-10"))] == codes


@pytest.mark.parametrize(
    ("template", "version", "day", "codes"),
    [
        ("CMRT", "6.5", date(2026, 6, 1), []),
        ("CMRT", "6.4", date(2026, 6, 1), []),
        ("CMRT", "6.31", date(2026, 6, 1), ["template_stale"]),
        ("CMRT", "6.31", date(2024, 5, 1), []),
        ("CMRT", "6.31", date(2025, 4, 24), []),
        ("CMRT", "6.6", date(2026, 6, 1), []),
        ("EMRT", "1.3", date(2025, 5, 1), []),
        ("EMRT", "1.3", date(2026, 6, 1), ["template_stale"]),
        ("AMRT", "1.21", date(2026, 6, 1), []),
        ("PRT", "1.1", date(2026, 6, 1), ["template_replaced"]),
        ("CRT", "2.2", date(2026, 6, 1), ["template_replaced"]),
    ],
)
def test_releases_grow_old(template, version, day, codes):
    declared = Declared(template=Template(template), version=version)

    assert [one.code for one in issues(declared, today=day)] == codes


def test_a_guessed_layout_is_said():
    assert [one.code for one in issues(make_declared(layout_guessed=True))] == ["layout_guessed"]


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("https://parts.example/policy", []),
        ("www.parts.example", []),
        ("see parts.example", []),
        ("see our site", ["policy_without_address"]),
    ],
)
def test_a_public_policy_has_an_address(comment, codes):
    declared = make_declared()
    letters = {**declared.company_questions, "B": CompanyAnswer("Yes", comment)}

    assert found(replace(declared, company_questions=letters)) == [(code, "Declaration!G77") for code in codes]


@pytest.mark.parametrize(
    ("first", "second", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2025, 6, 1), date(2026, 6, 1), 12),
        (date(2026, 6, 2), date(2026, 6, 1), -1),
    ],
)
def test_months_are_whole(first, second, months):
    assert months_between(first, second) == months


# Answers -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"3": "Yes", "4": "Yes"}, []),
        ({"3": "Yes", "4": "No"}, [("covered_not_cahra", "Declaration!D45")]),
        ({"3": "Yes", "4": "Unknown"}, [("covered_not_cahra", "Declaration!D45")]),
        ({"3": "No", "4": "Unknown"}, []),
        ({"6": "Greater than 90%", "3": "Unknown", "4": "Unknown"}, [("identified_without_all", "Declaration!D63")]),
        (
            {"6": "Greater than 90%", "7": "No"},
            [("origin_no_unproven", "Declaration!D39"), ("origin_no_unproven", "Declaration!D45")],
        ),
        ({"7": "No", "4": "Unknown"}, [("origin_no_unproven", "Declaration!D39")]),
        ({"3": "Unknown", "4": "Unknown", "6": "50% or less", "7": "No"}, [("response_low", "Declaration!D57")]),
        ({"3": "Unknown", "4": "Unknown", "6": "None", "7": "No"}, [("response_low", "Declaration!D57")]),
        ({"3": "Unknown", "4": "Unknown", "6": "Greater than 50%", "7": "No"}, []),
        ({"8": "No"}, [("smelters_left_out", "Declaration!D69")]),
        ({"5": "Maybe"}, [("answer_unknown", "Declaration")]),
    ],
)
def test_answers_that_do_not_go_together(answers, expected):
    assert found(make_declared(answers=answers)) == expected


@pytest.mark.parametrize(("answers", "question", "cell"), [({"1": "No"}, "1", "D27"), ({"2": "No"}, "2", "D33")])
def test_smelters_of_what_is_not_used(answers, question, cell):
    assert issues(make_declared(answers=answers)) == (
        Issue(
            "smelters_despite_no",
            Grade.FLAG,
            f"Declaration!{cell}",
            {"metal": "Tin", "question": question, "rows": "1"},
        ),
    )


def test_old_numbers_are_named_as_the_file_has_them():
    words = {"1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "No, but less than 25%", "6": "No", "7": "Yes"}
    old = replace(
        make_declared(), version="3.01", answers={question: {"Tin": Answer(word)} for question, word in words.items()}
    )

    flags = [one for one in issues(old) if one.grade == Grade.FLAG]
    assert [(one.code, one.place, one.params["question"]) for one in flags] == [
        ("origin_no_unproven", "Declaration!D39", "3"),
        ("response_low", "Declaration!D51", "5"),
    ]


def test_an_open_smelter_cannot_be_identified():
    rows = [
        make_smelter_row(5),
        make_smelter_row(6, lookup="Smelter not yet identified", name="", cid="", standard_name=""),
    ]

    assert issues(make_declared(smelters=rows)) == (
        Issue("identified_with_open", Grade.FLAG, "Declaration!D63", {"metal": "Tin", "question": "7", "rows": "1"}),
    )


def test_emrt_asks_about_high_risk_areas_third():
    given = {"1": "Yes", "2": "Yes", "3": "No", "4": "No", "5": "Did not survey", "6": "No", "7": "No"}
    declared = Declared(
        template=Template.EMRT,
        version="2.1",
        minerals=("Cobalt",),
        answers={question: {"Cobalt": Answer(word)} for question, word in given.items()},
        mines=(MineRow(row=5, metal="Cobalt", country="DRC"),),
    )

    assert [(one.code, one.place, one.params["question"]) for one in issues(declared)] == [
        ("covered_despite_no", "Mine List!F5", "3"),
        ("origin_no_unproven", "Declaration!D54", "3"),
        ("response_low", "Declaration!D78", "5"),
        ("smelters_left_out", "Declaration!D102", "7"),
    ]


# Countries -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("DRC", "CD"),
        ("China; Rwanda", "RW"),
        ("刚果（金）", "CD"),
        ("DRC or an adjoining country (Covered Countries)", ""),
    ],
)
def test_a_covered_country_behind_a_no(text, country):
    assert issues(with_row(mine_countries=text)) == (
        Issue(
            "covered_despite_no", Grade.FLAG, "Smelter List!O5", {"metal": "Tin", "country": country, "question": "3"}
        ),
    )


@pytest.mark.parametrize(
    "text", ["Peru", "Does not source from DRC or covered countries", "DRC conflict free", "Nigeria", ""]
)
def test_other_countries_and_denials_raise_nothing(text):
    assert issues(with_row(mine_countries=text)) == ()


def test_a_comment_may_name_the_country():
    declared = with_comment(make_declared(), "3", "The tin is mined in Burundi")

    assert found(declared) == [("covered_despite_no", "Declaration!G39")]


def test_the_country_of_a_smelter_is_no_origin():
    assert issues(with_row(country="RWANDA")) == ()


def test_a_yes_is_not_contradicted():
    declared = make_declared(answers={"3": "Yes", "4": "Yes"}, smelters=[make_smelter_row(5, mine_countries="DRC")])

    assert issues(declared) == ()


def test_a_country_of_the_company_s_list_behind_a_no():
    areas = replace(AREAS, risky={"MM": Risk(grade="high", lists=("Own list",))})

    assert issues(with_row(mine_countries="Myanmar"), areas=areas) == (
        Issue("risky_despite_no", Grade.FLAG, "Smelter List!O5", {"metal": "Tin", "country": "MM", "question": "4"}),
    )
    assert issues(with_row(mine_countries="Myanmar")) == ()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"recycled": "Yes"}, []),
        ({"recycled": "Yes", "mines": "Recycled/scrap", "mine_countries": "Recycled"}, []),
        ({"recycled": "Yes", "mines": "N/A"}, []),
        ({"recycled": "No"}, [("recycled_contradicted", "Smelter List!P5")]),
        (
            {"recycled": "Yes", "mines": "Example mine"},
            [("recycled_contradicted", "Smelter List!P5"), ("recycled_with_mine", "Smelter List!N5")],
        ),
    ],
)
def test_all_recycled_and_rows_that_say_otherwise(fields, expected):
    declared = make_declared(answers={"5": "Yes"}, smelters=[make_smelter_row(5, **fields)])

    assert found(declared) == expected


def test_rows_all_recycled_and_an_answer_that_says_otherwise():
    assert found(with_row(recycled="Yes")) == [("recycled_rows_say_yes", "Declaration!D51")]


def test_mines_all_in_the_smelters_country():
    rows = [make_smelter_row(5 + place, cid=f"CID90000{place}", mine_countries="Malaysia") for place in range(3)]

    assert issues(make_declared(smelters=rows)) == (
        Issue("origin_is_smelter_country", Grade.WARNING, "Smelter List!O5", {"metal": "Tin", "rows": "3"}),
    )
    assert issues(make_declared(smelters=rows[:2])) == ()


def test_countries_nobody_knows_are_said():
    assert issues(with_row(mine_countries="Atlantis; Peru")) == (
        Issue("origin_unread", Grade.INFO, "Smelter List!O5", {"text": "Atlantis", "smelter": "Example Tin Works"}),
    )


# Smelters ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cid", "code", "suggestion"),
    [
        ("CID900001", None, ""),
        ("cid900001", None, ""),
        ("", None, ""),
        ("N/A", None, ""),
        ("CID00112O", "cid_malformed", "CID001120"),
        ("CID1120", "cid_malformed", "CID001120"),
        ("C1D001120", "cid_malformed", "CID001120"),
        ("CID 001120", "cid_malformed", "CID001120"),
        ("CID0001120", "cid_malformed", "CID001120"),
        ("001120", "cid_malformed", "CID001120"),
        ("CDI001120", "cid_unknown_form", ""),
        ("Example", "cid_unknown_form", ""),
        ("CID12345678", "cid_unknown_form", ""),
    ],
)
def test_ids_that_are_none(cid, code, suggestion):
    expected = [(code, "Smelter List!F5", suggestion)] if code else []

    assert [(one.code, one.place, one.params["suggestion"]) for one in issues(with_row(cid=cid))] == expected


@pytest.mark.parametrize(
    ("cid", "codes"),
    [
        ("2MYS016", ["cid_old"]),
        ("1MYS016", ["cid_old_metal", "cid_old"]),
        ("2CHN016", ["cid_old_country", "cid_old"]),
        ("4CHN016", ["cid_old_metal", "cid_old_country", "cid_old"]),
    ],
)
def test_ids_of_templates_before_3(cid, codes):
    assert [one.code for one in issues(with_row(cid=cid))] == codes


def test_an_id_that_resolved_to_another():
    assert [(one.code, one.place, one.params["typed"]) for one in issues(with_row(cid_input="CID900002"))] == [
        ("cid_differs", "Smelter List!A5", "CID900002")
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"metal": "Gold"}, [("smelters_despite_no", "Declaration!D28"), ("cid_other_metal", "Smelter List!B5")]),
        ({"standard_name": "Another Works"}, []),
        ({"name": "Éxample  TIN-Works", "standard_name": ""}, []),
        ({"name": "Another Works", "standard_name": "Another Works"}, [("cid_other_name", "Smelter List!D5")]),
        ({"country": "CHINA"}, [("cid_other_country", "Smelter List!E5")]),
        ({"cid": "CID900009", "listed": False}, [("pair_unknown", "Smelter List!C5")]),
        ({"cid": "", "listed": False, "lookup": "Smelter not listed"}, []),
    ],
)
def test_what_the_file_s_own_list_says(fields, expected):
    known = LookupRow(
        metal="Tin", lookup="Example Tin Works", name="Example Tin Works", country="MALAYSIA", cid="CID900001"
    )
    declared = replace(with_row(**fields), lookup=(known,))

    assert found(declared) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"metal": ""}, [("row_without_metal", "Smelter List!B5")]),
        ({"metal": "Silver"}, [("row_other_metal", "Smelter List!B5")]),
        ({"country": "MALAYSIA!"}, [("row_with_mark", "Smelter List!E5")]),
        ({"lookup": "Smelter not listed", "name": ""}, [("row_unnamed", "Smelter List!D5")]),
        ({"lookup": "Smelter not listed", "country": ""}, [("row_unnamed", "Smelter List!E5")]),
    ],
)
def test_rows_that_lack_something(fields, expected):
    assert found(with_row(**fields)) == expected


def test_comments_in_another_language_are_noted():
    assert found(with_comment(make_declared(), "5", "確認中")) == [("comment_not_english", "Declaration!G51")]


# All -----------------------------------------------------------------------------------------------
def test_the_worst_stands_first():
    declared = with_row(cid="Example", mine_countries="DRC; Atlantis", cid_input="CID900002")

    assert [one.grade for one in issues(declared)] == [Grade.ERROR, Grade.FLAG, Grade.WARNING, Grade.INFO]


def test_every_code_in_the_table_is_raised_somewhere():
    source = "".join(
        path.read_text() for path in Path("minerals/templates_io/checks").glob("*.py") if path.name != "codes.py"
    )

    assert {code for code in GRADES if f'"{code}"' not in source} == set()


def test_a_code_has_room_in_a_red_flag():
    assert [code for code in GRADES if len(code) > 40] == []
    assert {GRADES[code] for code in MISSING} == {Grade.ERROR}


def test_the_policy_names_known_words():
    assert policy().low_shares == (Word.UP_TO_50, Word.NONE)
    assert policy().newest_release("CMRT", date(2010, 1, 1)) is None


TEXTS = st.text(max_size=12) | st.sampled_from(
    ["Yes", "No", "Unknown", "100%", "DRC", "CID900001", "Smelter not listed", "Tin"]
)


@given(st.data(), st.sampled_from(list(Template)), st.sampled_from(["", "2.00", "3.01", "5.12", "6.5", "9.9"]))
def test_any_template_is_examined(data, template, version):
    fields = (
        "metal",
        "lookup",
        "name",
        "country",
        "cid",
        "cid_input",
        "mines",
        "mine_countries",
        "recycled",
        "comments",
    )
    declared = Declared(
        template=template,
        version=version,
        minerals=("Tin", "Other [specify below]"),
        scope=data.draw(st.sampled_from(["", "A", "B", "C", "D"])),
        answers={str(number): {"Tin": Answer(data.draw(TEXTS), data.draw(TEXTS))} for number in range(1, 9)},
        company_questions={letter: CompanyAnswer(data.draw(TEXTS), data.draw(TEXTS)) for letter in "ABCE"},
        smelters=tuple(make_smelter_row(row, **{name: data.draw(TEXTS) for name in fields}) for row in (5, 6)),
    )

    examined = examine(declared, today=TODAY, areas=AREAS)

    assert {one.code for one in examined.missing} <= MISSING
    assert {one.code for one in examined.issues} <= set(GRADES) - MISSING
    assert len(RULES) == len(set(RULES))


@given(st.text(max_size=14))
def test_a_suggested_id_is_an_id(text):
    suggestion = suggest_cid(text)

    assert suggestion == "" or (len(suggestion) == 9 and suggestion[:3] == "CID" and suggestion[3:].isdigit())
