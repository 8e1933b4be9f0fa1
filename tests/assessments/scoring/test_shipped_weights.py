"""The packs that ship carry no dead weight, and no one answer decides a result alone."""

from pathlib import Path

import pytest

import assessments.questionnaires
from assessments.questionnaires.document import read_pack
from assessments.scoring.scoring import explain_weights

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
SENT = sorted(path.parent for path in PACKS.glob("*/questionnaire.yaml") if path.parent.name != "metrics")


@pytest.mark.parametrize("pack", SENT, ids=lambda path: path.name)
def test_every_question_moves_the_score_or_is_read(pack):
    assert [one.code for one in explain_weights(read_pack(pack)).dead] == []


@pytest.mark.parametrize("pack", SENT, ids=lambda path: path.name)
def test_full_marks_can_be_reached_and_no_answer_moves_a_tenth(pack):
    found = explain_weights(read_pack(pack))
    assert found.maximum >= 99
    assert [one.code for one in found.questions if one.weight and one.move == 0] == []
    assert [(one.code, one.move) for one in found.questions if one.move >= 10] == []
