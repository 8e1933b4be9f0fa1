"""score_answers: a file of answers in, the score with its reasons out, no database."""

import json
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from tests.assessments.questionnaires.builders import EVERY_FLAG, EVERY_KIND, make_source

PLAIN = {"K-SINGLE": "fair", "K-YESNO": "no", "K-NUMBER": "72", "K-MULTI": ["good"], "K-TEXT": "text"}


@pytest.fixture
def files(tmp_path):
    """Write the full questionnaire and the given answers; return both paths."""

    def write(answers):
        flags = [{**EVERY_FLAG[0], "advice": "Plan fewer hours"}, EVERY_FLAG[1]]
        questionnaire = tmp_path / "questionnaire.yaml"
        questionnaire.write_text(yaml.safe_dump(make_source(*EVERY_KIND, flags=flags)))
        path = tmp_path / "answers.json"
        path.write_text(answers if isinstance(answers, str) else json.dumps(answers))
        return str(tmp_path), str(path)

    return write


def run(paths, **options):
    out = StringIO()
    call_command("score_answers", *paths, stdout=out, **options)
    return out.getvalue()


def test_it_shows_the_score_with_its_reasons(files):
    out = run(files(PLAIN))
    for words in (
        "Total: 18.2 of 100, band: high (scoring 2026-1)",
        "A1      25.0  (2 of 8)  Prohibition of Forced Labor",
        "A2       0.0  (0 of 3)  Young Workers",
        "-27.3  K-YESNO (scored): Text of K-YESNO",
        "K-PERCENT (unanswered)",
        "Evidence missing: K-SINGLE",
        "major    A1   F-OVER: Longest week 72 hours",
        "Plan fewer hours",
        "Not evaluated, for want of answers: F-AGENCY",
        "Not ready to submit, 5 open: K-SINGLE (evidence), K-PERCENT (unanswered)",
    ):
        assert words in out


def test_a_snapshot_and_its_plain_values_score_alike(files):
    entries = {code: {"value": value} for code, value in PLAIN.items()}
    snapshot = {"format": 1, "as_of": "2026-03-31", "answers": entries, "site": "ignored"}
    assert json.loads(run(files(snapshot), json=True)) == json.loads(run(files(PLAIN), json=True))


def test_the_day_of_the_snapshot_decides_what_is_expired(files):
    def earned(as_of):
        snapshot = {"format": 1, "as_of": as_of, "answers": {"K-DATE": {"value": "2026-03-31"}}}
        contributions = json.loads(run(files(snapshot), json=True))["contributions"]
        return next(one.get("earned", 0) for one in contributions if one["code"] == "K-DATE")

    assert (earned("2026-03-31"), earned("2026-04-01")) == (1, 0)


def test_every_bad_value_gets_a_sentence_and_nothing_is_scored(files):
    answers = {"K-SINGLE": "best", "K-NUMBER": 500, "K-GONE": 1, "K-HEADS": {"agency.male": -1}, "K-YESNO": "yes"}
    with pytest.raises(CommandError) as caught:
        run(files(answers))
    assert str(caught.value).splitlines() == [
        "K-SINGLE: 'best' is not one of the choices. Choose one from the list.",
        "K-NUMBER: 500 is too high. Enter 168 or less.",
        "K-GONE: The questionnaire has no such question.",
        "K-HEADS: Cell 'agency.male': -1 is too low. Enter 0 or more.",
        "Nothing was scored.",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[1]", "must hold a JSON object"),
        ('{"format": 1, "as_of": "soon", "answers": {}}', "as_of: 'soon' is not a day"),
        ('{"format": 9, "as_of": "2026-03-31", "answers": {}}', "A snapshot has 'format': 1"),
    ],
)
def test_a_file_that_holds_no_answers_is_refused(files, content, words):
    with pytest.raises(CommandError, match=words):
        run(files(content))


def test_files_that_are_not_there_are_named(files):
    folder, _answers = files({})
    with pytest.raises(CommandError, match="cannot be opened"):
        run((folder, "nowhere.json"))
    with pytest.raises(CommandError, match="no file or folder nowhere"):
        run(("nowhere", "nowhere.json"))


def test_a_broken_questionnaire_is_refused_with_its_place(files):
    folder, answers = files({})
    path = Path(folder) / "questionnaire.yaml"
    path.write_text(path.read_text() + "titel: x\n")
    with pytest.raises(CommandError, match=r"titel: 'titel' means nothing here. Did you mean 'title'"):
        run((folder, answers))
