"""Bringing a pack in from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.questionnaires.models import QuestionnaireVersion
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
SHORT = Path(__file__).resolve().parents[5] / "assessments/questionnaires/packs/facility-short"


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_questionnaire", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_pack_becomes_a_draft_and_a_second_time_changes_nothing():
    said = run(SHORT)
    version = QuestionnaireVersion.objects.get()
    assert version.state == "draft"
    assert said == f"{version.questionnaire.code} {version.version} is draft, id {version.pk}.\n"
    assert run(SHORT) == said
    assert QuestionnaireVersion.objects.count() == 1


def test_it_can_be_published_at_once_for_one_buyer():
    buyer = make_organisation()
    run(SHORT, "--publish", "--owner", buyer.pk)
    version = QuestionnaireVersion.objects.get()
    assert (version.state, version.questionnaire.owner) == ("published", buyer)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["no/such/pack"], "There is nothing at"), ([SHORT, "--owner", "0"], "There is no organisation with the id 0")],
)
def test_what_is_not_there_is_said(arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)
    assert not QuestionnaireVersion.objects.exists()


def test_a_broken_pack_names_the_places(tmp_path):
    pack = tmp_path / "broken.yaml"
    pack.write_text("code: broken\nversion: '1'\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run(pack)
    assert "title: This text is needed." in str(refused.value)
    assert not QuestionnaireVersion.objects.exists()


def test_a_code_of_conduct_that_is_not_there_is_said(tmp_path):
    text = (SHORT / "questionnaire.yaml").read_text(encoding="utf-8")
    pack = tmp_path / "strange.yaml"
    pack.write_text(text.replace("code_of_conduct: rba-8.0", "code_of_conduct: nobody-1.0"), encoding="utf-8")
    with pytest.raises(CommandError):
        run(pack)
    assert not QuestionnaireVersion.objects.exists()
