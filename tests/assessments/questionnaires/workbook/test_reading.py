"""Sheets that people made: what is read with patience, and what is refused, each at its cell."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.questionnaires.core import Problem, SheetCode
from assessments.questionnaires.document import DocumentErrors, document_hash, parse_document
from assessments.questionnaires.workbook import name_cells, read_sheets, scan_sheets, sort_by_cell
from tests.assessments.questionnaires.workbook.sheets import (
    cell_of,
    problems_of,
    put,
    small_document,
    small_sheets,
)

TYPES = (
    "select_one LIST, select_multiple LIST, select_one yes_no, integer, decimal, date, text, file, begin_group, "
    "end_group"
)


def test_the_small_questionnaire_has_no_problem():
    assert problems_of(small_sheets()) == []


@pytest.mark.parametrize(
    ("sheet", "row", "field", "value", "code", "message"),
    [
        # types and lists
        ("survey", 4, "type", "select_one A1-TOW", "unknown_list", "There is no list 'A1-TOW' on the sheet 'choices'. Did you mean 'A1-TWO'?"),
        ("survey", 4, "type", "select_one", "list_missing", "Name the list here."),
        ("survey", 4, "type", "selct_one A1-TWO", "unknown_type", "The type 'selct_one A1-TWO' means nothing here. Did you mean 'select_one LIST'?"),
        ("survey", 5, "type", "note", "unknown_type", f"The type 'note' means nothing here. Known: {TYPES}."),
        ("survey", 5, "type", None, "type_missing", f"The type is missing; it is one of {TYPES}."),
        ("survey", 4, "type", "select_multiple yes_no", "yes_no_multiple", "The list yes_no holds one answer; write select_one yes_no."),
        ("survey", 5, "appearance", "percentge", "plain_appearance", "'percentge' means nothing for integer; use percentage (numbers) or headcount (text)."),
        ("survey", 4, "appearance", "minimal", "appearance", "'minimal' means nothing for select_one A1-TWO. Empty the cell."),
        ("survey", 6, "rows", "nobody", "unknown_list", "There is no list 'nobody' on the sheet 'choices'. Known: yes_no, A1-TWO, A1-HEADS.rows, A1-HEADS.columns."),
        ("survey", 6, "columns", None, "list_missing", "Name the list here."),
        ("survey", 5, "rows", "A1-HEADS.rows", "no_table", "'rows' stands beside text with the appearance headcount only."),
        ("survey", 5, "decimals", 2, "integer_decimals", "An integer has no decimals; write the type decimal."),
        ("survey", 3, "decimals", 2, "field_kind", "A1-ONE: 'decimals' means nothing for the kind yes_no. Remove it, or change the kind."),
        # sections
        ("survey", 7, "type", None, None, None),
        ("survey", 2, "weight", 1, "section_field", "A section has no 'weight'; give it to its questions."),
        ("survey", 2, "name", "labor", "section_name", "The name of a section is short and in capitals, such as A3."),
        # names
        ("survey", 4, "name", "A1-ONE", "double_name", "The name 'A1-ONE' stands in row 3 already. Take another one."),
        ("survey", 5, "name", "hours", "question_name", "The name of a question is in capitals with a dash, such as A3-LONGEST-WEEK."),
        ("survey", 5, "name", None, "question_name", "The name of a question is in capitals with a dash, such as A3-LONGEST-WEEK."),
        # texts
        ("survey", 4, "label::English (en)", None, "text_missing", "A1-TWO: This text is needed."),
        ("survey", 4, "hint::English (en)", "a\x07b", "bad_characters", "A1-TWO: Remove the control characters from this text."),
        # conditions
        ("survey", 4, "relevant", "${A1-ONE} = 'yes' and", "no_comparison", "After 'and' (character 19): A comparison is missing."),
        ("survey", 4, "relevant", "${A1-ONE} = 'maybe'", "unknown_choice", "A1-TWO: A1-ONE has no choice 'maybe'; it has yes, no."),
        ("survey", 4, "relevant", "${A1-UNO} = 'yes'", "unknown_question", "A1-TWO: There is no question A1-UNO. Check the code."),
        ("survey", 4, "relevant", "${A1-HOURS} > 3", "later_trigger", "A1-TWO: It shows by A1-HOURS, which must stand earlier. Move one of the two."),
        ("survey", 5, "warn_if", "${A1-HOURS} >", "no_operand", "After '>' (character 13): A value is missing."),
        ("survey", 5, "constraint", ". > 0", "limits", "A constraint gives the least and the greatest value: . >= 0 and . <= 168."),
        ("survey", 5, "constraint", ". >= 9 and . <= 3", "limits_order", "A1-HOURS: The least value 9 must be below the greatest 3."),
        # other cells
        ("survey", 5, "required", "perhaps", "not_yes_or_no", "Expected yes or no, found 'perhaps'."),
        ("survey", 5, "weight", "heavy", "not_a_number", "Expected a number, found 'heavy'."),
        ("survey", 5, "weight", True, "not_a_number", "Expected a number, found 'yes'."),
        ("survey", 5, "weight", 5000, "out_of_range", "A1-HOURS: Expected 0 to 1000, found '5000'."),
        ("survey", 5, "score", "heavy", "no_colon", "'heavy' needs a colon, as in 48: 1; 60: 0.9; else: 0."),
        ("survey", 5, "score", "yes: 1; no: 0", "field_kind", "A1-HOURS: 'yes/no' means nothing for the kind number. Remove it, or change the kind."),
        ("survey", 5, "period", "last_year", "not_listed", "A1-HOURS: Expected one of last_12_months, last_month, on_date, typical_month; found 'last_year'."),
        ("survey", 5, "asks", "policy, prectice", "not_listed", "A1-HOURS: Expected one of policy, practice, control, record; found 'prectice'."),
        # choices
        ("choices", 4, "list_name", None, "list_name_missing", "The name of the list is missing."),
        ("choices", 5, "name", "good", "double_choice", "The choice 'good' stands in row 4 of this list already. Take another code."),
        ("choices", 5, "name", "not good", "bad_choice_code", None),
        ("choices", 4, "points", "x", "not_a_number", "Expected a number, found 'x'."),
        ("choices", 4, "points", 2, "out_of_range", "A1-TWO: Expected -1 to 1, found '2'."),
        ("choices", 4, "exclusive", "x", "not_yes_or_no", "Expected yes or no, found 'x'."),
        # flags
        ("flags", 2, "code", None, "missing", "This is needed."),
        ("flags", 2, "severity", "grave", "not_listed", "A1-OVER: Expected one of priority, major, minor; found 'grave'."),
        ("flags", 2, "when", None, "when_missing", "Say when the flag is raised, such as ${A3-LONGEST-WEEK} > 60."),
        ("flags", 2, "when", "${A1-HOURS} > 'x'", "text_order", "After 'x' (character 15): '>' needs a number or a day, not a text."),
        ("flags", 2, "text::English (en)", "{A1-UNO}", "unknown_question", "A1-OVER: There is no question A1-UNO. Check the code."),
        ("flags", 2, "fires", "A1-HOURS 61", "example_form", "Line 1: Write CODE = value; CODE = value. See 'A1-HOURS'."),
        ("flags", 2, "fires", "A1-HOURS = 60", "example_quiet", "A1-OVER: With these answers the rule does not hold, and it should."),
        ("flags", 2, "quiet", "A1-HOURS = 'x'", "example_value", None),
        # settings
        ("settings", 2, "form_id", "Small Code", "bad_document_code", None),
        ("settings", 2, "default_language", "Klingon?", "language_name", "'Klingon?' is no language; write it as English (en)."),
        ("settings", 2, "languages", "en, ja, ??", "bad_language", "'??' is no language code, e.g. en, ja, zh-Hans, th."),
        ("settings", 2, "asked_of", "planet", "not_listed", "Expected one of site, company; found 'planet'."),
        ("settings", 2, "bands", "high > 60", "no_band", "'high > 60' is no band; write high < 60; medium < 85; low."),
        ("settings", 2, "bands", "low; high < 60", "bands_order", "Write the bands from high risk to low, such as high < 60; medium < 85; low."),
        ("settings", 2, "extends_version", "1.0", "no_extends", "Say in 'extends' which questionnaire this version is of."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_what_is_wrong(sheet, row, field, value, code, message):
    sheets = small_sheets()
    cell = cell_of(sheets, sheet, row, field)
    put(sheets, cell, value)
    found = problems_of(sheets)
    if code is None:  # a row without its type is named, and the section it should have ended
        assert [(place, name) for place, name, _message in found] == [
            (cell, "type_missing"),
            ("survey!A2", "not_ended"),
        ]
        return
    first = next(one for one in found if one[0] == cell)
    assert first == (cell, code, message or first[2])


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"),
    [
        ("survey", "C1", "lable::English (en)", ("survey!C1", "unknown_column", "The column 'lable::English (en)' means nothing here. Did you mean 'label'?")),
        ("survey", "C1", "label::Klingon", ("survey!C1", "head_language", "The head 'label::Klingon' cannot be read: write label::Japanese (ja).")),
        ("survey", "A1", "type::English (en)", ("survey!A1", "head_no_language", "The head 'type::English (en)' cannot be read: this column has no languages.")),
        ("survey", "C1", "label::French (fr)", ("survey!C1", "column_language", "The settings do not list the language 'fr'. List it there or remove this column.")),
        ("survey", "D1", "label::English (en)", ("survey!D1", "double_column", "This column stands twice, in survey!C1 too. Keep one, and merge no cells of the head.")),
        ("survey", "D1", "label", ("survey!D1", "double_column", "This column stands twice, in survey!C1 too. Keep one, and merge no cells of the head.")),
        ("survey", "AZ4", "stray", ("survey!AZ4", "headless_cell", "This column has no head. Name the column or empty its cells.")),
        ("flags", "D1", "then", ("flags!1", "no_column", "There is no column 'when'; add it.")),
        ("settings", "C3", "second", ("settings!C3", "second_row", "The sheet 'settings' has one row only; remove this one.")),
    ],
)  # fmt: skip
def test_a_wrong_head_is_named(sheet, cell, value, expected):
    sheets = small_sheets()
    put(sheets, f"{sheet}!{cell}", value)
    assert expected in problems_of(sheets)


def test_a_note_without_its_condition_is_named_where_that_belongs():
    sheets = small_sheets()
    put(sheets, cell_of(sheets, "survey", 4, "warn::English (en)"), "Look")
    cell, message = cell_of(sheets, "survey", 4, "warn_if"), "Say when this note shows, or empty the cells of 'warn'."
    assert problems_of(sheets) == [(cell, "no_warn_if", message)]


def test_a_message_of_a_constraint_is_refused_where_it_stands():
    sheets = small_sheets()
    put(sheets, "survey!AB1", "constraint_message::Japanese (ja)")
    put(sheets, "survey!AB5", "だめ")
    assert problems_of(sheets) == [("survey!AB5", "not_kept", "The portal words this message itself; empty the cell.")]


def test_all_problems_are_named_at_once():
    sheets = small_sheets()
    for cell, value in (("survey!P3", "x"), ("survey!H4", "${"), ("choices!E5", "x"), ("flags!D2", "x")):
        put(sheets, cell, value)
    with pytest.raises(DocumentErrors) as caught:
        read_sheets(sheets)
    assert [problem.place for problem in caught.value.problems] == ["survey!P3", "survey!H4", "choices!E5", "flags!D2"]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ({}, [("survey", "no_sheet"), ("settings", "no_sheet")]),
        ({"survey": [], "settings": []}, [("settings", "no_head"), ("survey", "no_head")]),
        ({"surveys": [["type"]], "settings": [["form_title", "form_id", "version"]]}, [("survey", "no_sheet"), ("settings", "no_settings")]),
    ],
)  # fmt: skip
def test_missing_sheets_and_heads_are_named(left, expected):
    _sheeted, problems = scan_sheets(left)
    assert [(problem.place, problem.code) for problem in problems] == expected


def test_a_misspelt_sheet_is_named_with_the_nearest():
    sheets = small_sheets()
    sheets["Surveys"] = sheets.pop("survey")
    _sheeted, problems = scan_sheets(sheets)
    assert problems[0] == Problem("survey", SheetCode.NO_SHEET, {"sheet": "survey", "near": "surveys"})
    assert problems[0].message == "The workbook has no visible sheet 'survey'. Did you mean 'surveys'?"


def again(sheets):
    return document_hash(parse_document(read_sheets(sheets).source))


SAME = document_hash(small_document())


@pytest.mark.parametrize(
    "changes",
    [
        {"survey!A4": "select one A1-TWO", "survey!A2": "begin group", "survey!A7": "END GROUP"},
        {"survey!A4": "Select_one  from A1-TWO ", "survey!A3": "yes_no", "survey!A5": "int"},
        {"survey!A6": "headcount", "survey!J6": None},
        {"survey!B4": "Ａ１－ＴＷＯ", "survey!M4": " Ａ1 "},  # full-width letters of an Asian keyboard
        {"survey!C3": "  Text of A1-ONE \u00a0", "survey!G3": True, "survey!G4": "TRUE", "survey!G5": 1},
        {"survey!O4": "2", "survey!O5": "１", "choices!E5": "0.50", "choices!E4": "1.0"},  # numbers kept as text
        {"survey!H4": "${A1-ONE}＝‘yes’", "survey!I5": ".<=168 and .>=0", "survey!P5": "48:1;60:0.6;else 0"},
        {"survey!C1": "label", "survey!D1": "LABEL :: 日本語 (ja)", "choices!C1": "label:English"},
        {"survey!C1": "label::en", "settings!E2": "en", "settings!F2": "EN; JA"},
        {"survey!A9": None, "survey!B2000": "  ", "choices!F3000": ""},  # rows that hold nothing
        {"settings!F2": None},  # the columns say which languages there are
        {"settings!D2": 1, "flags!C2": "Major"},
    ],
)
def test_sheets_are_read_with_patience(changes):
    sheets = small_sheets()
    for cell, value in changes.items():
        put(sheets, cell, value)
    assert again(sheets) == SAME


def test_a_title_above_the_head_and_columns_in_another_order_are_no_matter():
    sheets = small_sheets()
    sheets["survey"] = [["Survey of 2026"], [], *([*row[1:], row[0]] for row in sheets["survey"])]
    sheets["notes"] = [["Only for us"]]
    sheets[" CHOICES "] = sheets.pop("choices")
    assert again(sheets) == SAME


def test_columns_that_are_not_needed_may_be_missing():
    sheets = small_sheets()
    for name, rows in sheets.items():
        used = [index for index, _head in enumerate(rows[0]) if any(row[index] not in (None, "") for row in rows[1:])]
        sheets[name] = [[row[index] for index in used] for row in rows]
    assert len(sheets["survey"][0]) == 12
    assert again(sheets) == SAME


def test_what_xlsform_leaves_out_is_optional_and_a_decimal_has_two_places():
    sheets = small_sheets()
    put(sheets, "survey!A5", "decimal")
    put(sheets, "survey!G5", None)
    hours = parse_document(read_sheets(sheets).source).question("A1-HOURS")
    assert (hours.required, hours.decimals) == (False, 2)


def test_a_guidance_hint_stands_behind_the_hint():
    sheets = small_sheets()
    put(sheets, "survey!AB1", "guidance_hint::English (en)")
    put(sheets, "survey!E3", "Short.")
    put(sheets, "survey!AB3", "Long.")
    put(sheets, "survey!AB4", "Only this.")
    document = parse_document(read_sheets(sheets).source)
    assert document.question("A1-ONE").guidance == {"en": "Short. Long."}
    assert document.question("A1-TWO").guidance == {"en": "Only this."}


def test_texts_are_composed_and_days_are_words():
    sheets = small_sheets()
    put(sheets, "survey!D3", "か\u3099いこく")  # NFD, as a Mac writes it
    put(sheets, "survey!E3", dt.datetime(2026, 1, 31))
    put(sheets, "survey!E4", dt.date(2026, 1, 31))
    put(sheets, "survey!E5", 60.0)
    document = parse_document(read_sheets(sheets).source)
    assert document.question("A1-ONE").text["ja"] == "がいこく"
    assert [document.question(code).guidance["en"] for code in ("A1-ONE", "A1-TWO", "A1-HOURS")] == ["2026-01-31", "2026-01-31", "60"]  # fmt: skip


def test_questions_share_a_list():
    sheets = small_sheets()
    put(sheets, "survey!A3", "select_one A1-TWO")
    put(sheets, "survey!H4", None)
    put(sheets, "survey!P3", None)
    document = parse_document(read_sheets(sheets).source)
    assert document.question("A1-ONE").choices == document.question("A1-TWO").choices


def test_a_thousand_rows_of_errors_are_named_each():
    sheets = small_sheets()
    row = [*sheets["survey"][3]]
    end = sheets["survey"].pop()
    for number in range(1000):
        sheets["survey"].append([row[0], f"B1-Q{number}", *row[2:7], "${A1-ONE} =", *row[8:]])
    sheets["survey"].append(end)
    _sheeted, problems = scan_sheets(sheets)
    assert [problem.place for problem in problems] == [f"survey!H{number}" for number in range(7, 1007)]


def test_a_place_is_named_by_the_cell_it_stands_in():
    cells = {"flags": "flags", "flags[0]": "flags!A2", "flags[0].when": "flags!D2"}
    places = ["flags[0].when.all[0].is", "flags[0].text.ja", "flags[1]", "title"]
    problems = [Problem(place, SheetCode.NO_COLUMN) for place in places]
    assert [one.place for one in name_cells(problems, cells)] == ["flags!D2", "flags!A2", "flags", "title"]


def test_problems_stand_in_the_order_of_the_workbook():
    places = ["flags!A2", "survey!AA3", "survey!B3", "survey!10", "survey!Z2", "survey", "settings!A2", "choices!A2"]
    ordered = [one.place for one in sort_by_cell([Problem(place, SheetCode.NO_COLUMN) for place in places])]
    assert ordered == [
        "survey",
        "survey!Z2",
        "survey!B3",
        "survey!AA3",
        "survey!10",
        "choices!A2",
        "flags!A2",
        "settings!A2",
    ]


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
CHANGES = st.dictionaries(
    st.builds("{}!{}{}".format, st.sampled_from(["survey", "choices", "flags", "settings"]), st.sampled_from("ABCDEFGHIJKLMNOPQ"), st.integers(1, 9)),
    CELLS | st.sampled_from(["begin_group", "end_group", "${A1-ONE} = 'yes'", "yes", "label", "en", "text", "A1-ONE", "A1-TWO"]),
    max_size=5,
)  # fmt: skip


@given(CHANGES)
@settings(deadline=None)
def test_any_cells_give_a_source_or_problems(changes):
    sheets = small_sheets()
    for cell, value in changes.items():
        put(sheets, cell, value)
    for place, _code, message in problems_of(sheets):
        assert isinstance(place, str) and message
