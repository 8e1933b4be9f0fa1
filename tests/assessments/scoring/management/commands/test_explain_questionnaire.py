"""explain_questionnaire: what hangs on each question, without a database."""

import json
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_source


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "questionnaire.yaml").write_text(yaml.safe_dump(make_source(*EVERY_KIND, flags=EVERY_FLAG)))
    return str(tmp_path)


def run(path, **options):
    out = StringIO()
    call_command("explain_questionnaire", path, stdout=out, **options)
    return out.getvalue()


def test_it_says_what_moves_and_what_does_not(pack):
    lines = run(pack).splitlines()
    assert lines[:5] == [
        "Small questionnaire (small 1)",
        "  10 questions, 8 scored; total weight 15; best total 100.0",
        "Moves are points of 100 between the worst and the best answer, when every question shows.",
        "Sections: weight, share, best score, what all its answers move, flag rules",
        "  A         15 100.0 %  100.0   93.3   2  Labor",
    ]
    assert lines[5:9] == [
        "Provisions:",
        "  A1        12  80.0 %  100.0   80.0   1  Prohibition of Forced Labor",
        "  A2         3  20.0 %  100.0   13.3   1  Young Workers",
        "Questions by what they move: of the total, of the section alone",
    ]
    assert "   26.7   26.7  K-SHOWN  (weight 4; conditional)" in lines
    assert "   13.3   13.3  K-NUMBER  (weight 2; flags F-OVER)" in lines
    assert lines[-5:] == [
        "Move nothing, but are read (1):",
        "  K-HEADS: read by a flag, a figure to compare (F-AGENCY)",
        "Dead weight: move nothing and nothing reads them (2):",
        "  K-TEXT: nothing reads the answer",
        "  K-FILES: nothing reads the answer",
    ]


def test_json_holds_every_figure(pack):
    found = json.loads(run(pack, json=True))
    assert {key: found[key] for key in ("code", "version", "weight", "maximum", "silent", "dead")} == {
        "code": "small",
        "version": "1",
        "weight": 15,
        "maximum": 100,
        "silent": ["K-HEADS"],
        "dead": ["K-TEXT", "K-FILES"],
    }
    assert len(found["questions"]) == 10


def test_a_pack_that_ships_is_found_by_its_name():
    assert json.loads(run("onboarding", json=True))["code"] == "onboarding"


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "mine.xlsx").write_text("no workbook")
    with pytest.raises(CommandError, match="The questionnaire has errors"):
        run(str(tmp_path / "mine.xlsx"))


def test_what_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"no file, folder or pack nowhere\. Packs that ship: "):
        run("nowhere")


def test_a_broken_questionnaire_names_its_errors(tmp_path):
    (tmp_path / "questionnaire.yaml").write_text("code: x")
    with pytest.raises(CommandError, match="The questionnaire has errors"):
        run(str(tmp_path))
