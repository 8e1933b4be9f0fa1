"""What the sheets of a questionnaire look like, and what the first sheet explains."""

from pathlib import Path

from assessments.questionnaires.document import parse_document
from assessments.questionnaires.workbook import COLUMNS, language_head, read_language, sheets_of, show_code
from assessments.questionnaires.workbook.guide import HEAD, NOTES, guide_rows
from tests.assessments.questionnaires.builders import make_question, make_source

DOCS = Path(__file__).resolve().parents[4] / "docs/questionnaires.md"


def without_empty(rows):
    """Rows as maps of what is filled in."""
    head, *body = rows
    return [{name: cell for name, cell in zip(head, row, strict=True) if cell not in (None, "")} for row in body]


def test_the_sheets_of_a_questionnaire():
    sheets = sheets_of(small())
    assert {name: without_empty(rows) for name, rows in sheets.items()} == {
        "survey": [
            {"type": "begin_group", "name": "A", "label::English (en)": "Labor"},
            {
                "type": "select_one yes_no",
                "name": "A1-ONE",
                "label::English (en)": "Text of A1-ONE",
                "required": "yes",
                "provision": "A1",
                "weight": 1,
                "score": "yes: 1; no: 0",
            },
            {
                "type": "decimal",
                "name": "A1-SHARE",
                "label::English (en)": "Text of A1-SHARE",
                "required": "no",
                "relevant": "${A1-ONE} = 'yes'",
                "constraint": ". >= 0.5",
                "appearance": "percentage",
                "provision": "A1",
                "asks": "practice, record",
                "period": "last_12_months",
                "decimals": 1,
                "evidence_required": "no",
                "warn_if": "${A1-SHARE} > 60",
                "warn::English (en)": "High",
            },
            {"type": "end_group", "name": "A"},
        ],
        "choices": [
            {"list_name": "yes_no", "name": "yes", "label::English (en)": "Yes"},
            {"list_name": "yes_no", "name": "no", "label::English (en)": "No"},
        ],
        "flags": [
            {
                "code": "A1-OVER",
                "provision": "A1",
                "severity": "major",
                "when": "${A1-SHARE} > 60",
                "text::English (en)": "{A1-SHARE} %",
                "fires": "A1-ONE = 'yes'; A1-SHARE = 61",
                "quiet": "A1-ONE = 'yes'; A1-SHARE = 60",
            }
        ],
        "settings": [
            {
                "form_title": "Small questionnaire",
                "form_id": "small",
                "version": "1",
                "default_language": "English (en)",
                "languages": "en",
                "code_of_conduct": "rba-8.0",
                "asked_of": "site",
                "bands": "high < 60; medium < 85; low",
            }
        ],
    }


def small():
    over = {"question": "A1-SHARE", "over": 60}
    share = make_question(
        "A1-SHARE",
        "percentage",
        required=False,
        decimals=1,
        min=0.5,
        asks=["practice", "record"],
        period="last_12_months",
        show_if={"question": "A1-ONE", "is": "yes"},
        warn_if={"when": over, "text": "High"},
        evidence={},
    )
    flag = {
        "code": "A1-OVER",
        "provision": "A1",
        "severity": "major",
        "when": over,
        "text": "{A1-SHARE} %",
        "fires": [{"A1-ONE": "yes", "A1-SHARE": 61}],
        "quiet": [{"A1-ONE": "yes", "A1-SHARE": 60}],
    }
    return parse_document(make_source(make_question("A1-ONE", weight=1), share, flags=[flag]))


def test_languages_are_named_and_read_by_their_code():
    codes = ["en", "ja", "zh-hans", "th", "pt-br", "eo"]
    heads = [language_head(code) for code in codes]
    assert heads == ["English (en)", "Japanese (ja)", "Simplified Chinese (zh-Hans)", "Thai (th)", "pt-BR (pt-BR)", "eo (eo)"]  # fmt: skip
    assert [read_language(head) for head in heads] == codes
    assert [show_code(code) for code in codes] == ["en", "ja", "zh-Hans", "th", "pt-BR", "eo"]
    assert [read_language(words) for words in ("zh_Hans", "Thai", "日本語 (ja)", "日本語", "?")] == ["zh-hans", "th", "ja", None, None]  # fmt: skip


def test_the_first_sheet_explains_every_column():
    explained = {sheet: list(notes) for sheet, notes in NOTES.items()}
    assert explained == {sheet: [column.name for column in columns] for sheet, columns in COLUMNS.items()}
    rows = guide_rows()
    assert [row[:2] for row in rows[:3]] == [
        ["survey", "type"],
        ["survey", "name"],
        ["survey", "label::Language (code)"],
    ]
    assert {len(row) for row in rows} == {len(HEAD)}
    assert len(rows) == sum(map(len, COLUMNS.values()))


def test_the_docs_name_every_column():
    section = DOCS.read_text().partition("## In a workbook")[2]
    missing = [column.name for columns in COLUMNS.values() for column in columns if f"`{column.name}" not in section]
    assert missing == []
