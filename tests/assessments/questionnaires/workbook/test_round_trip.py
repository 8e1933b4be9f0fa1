"""A document becomes sheets and the same document again; reduced to XLSForm, pyxform takes the sheets."""

import re
from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from assessments.questionnaires.document import document_hash, parse_document, parse_extension, read_pack
from assessments.questionnaires.workbook import COLUMNS, read_sheets, sheets_of
from tests.assessments.questionnaires.builders import (
    EVERY_FLAG,
    EVERY_KIND,
    make_full_document,
    make_question,
    make_source,
)

FOLDER = Path(__file__).resolve().parents[4] / "assessments/questionnaires/packs"
PACKS = sorted(path.parent.name for path in FOLDER.glob("*/questionnaire.yaml"))
CELL = re.compile(r"\$\{[^}]*\.")


@pytest.fixture(scope="module", params=PACKS)
def pack(request):
    return read_pack(FOLDER / request.param)


def test_every_pack_comes_back_as_the_identical_document(pack):
    sheeted = read_sheets(sheets_of(pack))
    again = parse_document(sheeted.source)
    assert (sheeted.extends, again, document_hash(again)) == (None, pack, document_hash(pack))


def xlsform_of(sheets):
    """What XLSForm knows of the sheets: its own columns, and no condition over the cells of our head-count tables."""
    book = {}
    for name in ("survey", "choices", "settings"):
        known = {column.name for column in COLUMNS[name] if not column.ours}
        head, *rows = sheets[name]
        kept = [column for column in head if column.partition("::")[0] in known]
        book[name] = [dict(zip(head, row, strict=True)) for row in rows]
        book[name] = [{column: plain(row[column]) for column in kept if plain(row[column])} for row in book[name]]
    first = book["choices"][0]
    for column in sheets["choices"][0][2:-2]:
        first.setdefault(column, "-")  # pyxform 4.5 looks for the columns of all choices in the first one
    return book


def plain(cell):
    return "" if cell is None or CELL.search(str(cell)) else str(cell)


def test_every_pack_is_a_form_that_pyxform_converts(pack):
    made = convert(xlsform=xlsform_of(sheets_of(pack)))
    assert [one for one in made.warnings if "machine-readable codes: Simplified Chinese" not in one] == []
    forms = {kind: made.xform.count(f"<{kind} ref=") for kind in ("input", "select", "select1", "upload", "group")}
    counts = {"input": 0, "select": 0, "select1": 0, "upload": 0, "group": len(pack.sections)}
    controls = {"multiple": "select", "single": "select1", "yes_no": "select1", "document": "upload"}
    for question in pack.questions:
        counts[controls.get(question.kind, "input")] += 1
    assert forms == counts


def make_rich_source():
    """Every kind, with everything a question can hold, in two languages."""
    texts = {"en": "=1+1", "ja": "長い文\n二行目"}
    rich = make_question(
        "R-RICH",
        "number",
        text=texts,
        guidance=texts,
        why=texts,
        weight=1.5,
        asks=["policy", "record"],
        unit="hours_per_week",
        period="last_12_months",
        decimals=1,
        min=0.5,
        max=168,
        required=False,
        score={"steps": [{"up_to": 48.5, "points": 1}, {"points": 0}]},
        show_if={"all": [{"question": "K-YESNO", "is": "yes"}, {"question": "K-DATE", "before": "as_of"}]},
        warn_if={"when": {"question": "R-RICH", "over": 60}, "text": texts},
        evidence={"text": texts, "required": True},
    )
    bare = make_question("R-BARE", "percentage", decimals=2, evidence={}, provision=None)
    multiple = make_question("R-ALONE", "multiple", choices=[{"code": "a", "text": texts, "points": -0.5}, {"code": "none", "text": "None", "exclusive": True}])  # fmt: skip
    flag = {
        "code": "F-DATE",
        "provision": "A1",
        "severity": "priority",
        "when": {"question": "K-DATE", "before": "2026-01-31"},
        "text": texts,
        "advice": texts,
        "fires": [{"K-DATE": "2026-01-30"}],
        "quiet": [{"K-DATE": "2026-01-31", "K-HEADS": {"agency.male": 3}, "K-MULTI": ["good", "bad"]}],
    }
    return make_source(
        *EVERY_KIND,
        rich,
        bare,
        multiple,
        flags=[*EVERY_FLAG, flag],
        languages=["ja", "en"],
        default_language="en",
        title={"ja": "題", "en": "Title"},
        asked_of="company",
    )


def test_everything_a_document_can_hold_comes_back():
    document = parse_document(make_rich_source())
    again = parse_document(read_sheets(sheets_of(document)).source)
    assert document_hash(again) == document_hash(document)


def test_an_extension_holds_its_own_part_only_and_comes_back():
    base = make_full_document()
    own = {
        "code": "own",
        "version": "2",
        "title": "Own",
        "sections": [
            {
                "code": "Z",
                "title": "Own section",
                "questions": [make_question("Z-ONE", show_if={"question": "K-YESNO", "is": "yes"})],
            }
        ],
        "flags": [
            {
                "code": "Z-FLAG",
                "provision": "A1",
                "severity": "minor",
                "when": {"question": "Z-ONE", "is": "no"},
                "text": "No",
            }
        ],
    }
    document = parse_extension(base, own)
    sheets = sheets_of(document, base=base)
    assert [row[1] for row in sheets["survey"]] == ["name", "Z", "Z-ONE", "Z"]
    assert [row[0] for row in sheets["flags"]] == ["code", "Z-FLAG"]
    sheeted = read_sheets(sheets)
    assert (sheeted.extends, sheeted.extends_version) == ("small", "1")
    again = parse_extension(base, sheeted.source)
    assert document_hash(again) == document_hash(document)
