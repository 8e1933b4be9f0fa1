"""check_questionnaire: readable for people, JSON for machines, an exit code for both."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_question, make_source

ROOT = Path(__file__).parents[5]


@pytest.fixture
def write(tmp_path):
    def write_source(*questions, **fields):
        path = tmp_path / "questionnaire.yaml"
        path.write_text(yaml.safe_dump(make_source(*questions, **fields), allow_unicode=True))
        return path

    return write_source


def run(*arguments, **options):
    out = StringIO()
    call_command("check_questionnaire", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_it_says_what_is_in_the_questionnaire(write):
    out = run(write(*EVERY_KIND, flags=EVERY_FLAG, languages=["en", "ja"]))
    for words in (
        "Small questionnaire (small 1, on rba-8.0)",
        "10 questions: 9 required, 8 scored, 1 conditional, 2 with evidence; total weight 15",
        "Flag rules: 2 (priority 0, major 1, minor 1)",
        "Texts in ja: 0 of ",
        "Provisions asked about: 2 of 42: A1, A2",
        "Not asked about: A3, A4,",
        "missing translations, the first: title (There is no text in 'ja'.)",
        "0 errors,",
    ):
        assert words in out


def test_it_lists_every_missing_translation_when_asked(write):
    path = write(languages=["en", "ja"])
    assert "WARNING  A1-ONE text: There is no text in 'ja'. [missing_translation]" in run(path, verbosity=2)


def test_errors_name_their_place_and_end_in_failure(write):
    path = write(make_question(kind="slider"), make_question("A1-TWO", weight=-1))
    out = StringIO()
    with pytest.raises(CommandError, match="2 errors"):
        call_command("check_questionnaire", str(path), stdout=out)
    assert "ERROR    sections[0].questions[0].kind: A1-ONE: Expected one of single" in out.getvalue()
    assert "ERROR    sections[0].questions[1].weight: A1-TWO: Expected 0 to 1000" in out.getvalue()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"code_of_conduct": "rba-9.9"}, "unknown_code_of_conduct"),
        ({"code_of_conduct": "rba-8.0"}, "unknown_provision"),
    ],
)
def test_it_checks_against_the_code_of_conduct(write, fields, code):
    path = write(make_question(provision="A7"), **fields)
    with pytest.raises(CommandError) as caught:
        run(path, json=True)
    assert caught.value.returncode == 1
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_questionnaire", str(path), json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert (report["ok"], [problem["code"] for problem in report["errors"]]) == (False, [code])


def test_json_holds_the_whole_report(write):
    report = json.loads(run(write(*EVERY_KIND, flags=EVERY_FLAG), json=True))
    assert report["ok"] is True
    assert report["summary"]["questions"] == 10
    assert report["provisions_covered"] == ["A1", "A2"]
    assert len(report["provisions_not_covered"]) == 40
    assert len(report["sha256"]) == 64
    assert report["errors"] == []


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match=r"no file or folder nowhere\.yaml"):
        run("nowhere.yaml")


def test_it_runs_without_a_database_and_exits_with_1_on_errors(write):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    }
    command = [sys.executable, "manage.py", "check_questionnaire", str(write(make_question(kind="slider")))]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "CommandError: 1 error: mend them and check again.\n")
    assert "ERROR    sections[0].questions[0].kind" in done.stdout


def test_it_holds_the_words_against_a_glossary(write, tmp_path):
    glossary = tmp_path / "glossary"
    glossary.mkdir()
    (glossary / "en.yaml").write_text("{language: en, terms: {fee: {words: [fee]}}}")
    (glossary / "ja.yaml").write_text("{language: ja, terms: {fee: {word: 手数料}}}")
    path = write(make_question(text={"en": "Who pays the fee?", "ja": "だれが払いますか。"}), languages=["en", "ja"])
    warning = "WARNING  A1-ONE text: 'fee' is 手数料 in 'ja'; the text does not have it. [term_left_out]"
    assert warning in run(path, glossary=glossary)
    assert warning not in run(path)
    (glossary / "ja.yaml").write_text("{language: ja, terms: {}}")
    with pytest.raises(CommandError, match="1 error"):
        run(path, glossary=glossary)
