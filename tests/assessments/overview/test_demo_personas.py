"""The answers of the demo: values their questions can have, that fit together, the same from the same seed."""

from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import pytest

import assessments.questionnaires
from assessments.overview.management.demo.personas import SHARES, Plant, draw_answers
from assessments.questionnaires.checks import MissingReason, missing_answers
from assessments.questionnaires.document import Document, ValueProblem, read_pack, validate_value
from assessments.scoring.scoring import compile_scorer

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
SENT = sorted(path.parent.name for path in PACKS.glob("*/questionnaire.yaml") if path.parent.name != "metrics")
TODAY = date(2026, 11, 23)
SEEDS = range(20)
SIZES = (3, 11, 60, 240, 1800, 24000)

pack = cache(lambda name: read_pack(PACKS / name))
scorer = cache(lambda name: compile_scorer(pack(name)))


def make_plant(persona: str, seed: int) -> Plant:
    return Plant(
        random=Random(f"{persona}:{seed}"),
        persona=persona,
        workers=SIZES[seed % len(SIZES)],
        as_of=TODAY,
        learnt=0.07 * (seed % 3),
    )


def drawn(name: str, persona: str) -> list[dict[str, object]]:
    return [draw_answers(pack(name), make_plant(persona, seed)) for seed in SEEDS]


def refusals(document: Document, answers: dict[str, object]) -> list[tuple[str, object]]:
    found = []
    for code, value in answers.items():
        try:
            validate_value(document.question(code), value)
        except ValueProblem:
            found.append((code, value))
    return found


@pytest.mark.parametrize("persona", SHARES)
@pytest.mark.parametrize("name", SENT)
def test_answers_are_values_their_questions_can_have(name, persona):
    assert [refused for answers in drawn(name, persona) for refused in refusals(pack(name), answers)] == []


@pytest.mark.parametrize("persona", SHARES)
@pytest.mark.parametrize("name", SENT)
def test_answers_could_be_handed_in(name, persona):
    gaps = [gap for answers in drawn(name, persona) for gap in missing_answers(pack(name), answers, TODAY)]

    assert [gap.code for gap in gaps if gap.reason is not MissingReason.EVIDENCE] == []


@pytest.mark.parametrize("persona", [name for name in SHARES if name != "careless-filler"])
@pytest.mark.parametrize("name", SENT)
def test_tables_by_contract_and_by_age_count_the_same_people(name, persona):
    totals = [
        (sum(answers["P-HEADS"].values()), sum(answers["P-AGES"].values()))
        for answers in drawn(name, persona)
        if "P-HEADS" in answers and "P-AGES" in answers
    ]

    assert [pair for pair in totals if pair[0] != pair[1]] == []


def test_a_careless_filler_counts_two_different_totals():
    answers = drawn("facility-full", "careless-filler")

    assert all(sum(one["P-HEADS"].values()) != sum(one["P-AGES"].values()) for one in answers)


@pytest.mark.parametrize("persona", SHARES)
@pytest.mark.parametrize("name", SENT)
def test_the_same_seed_gives_the_same_answers(name, persona):
    assert drawn(name, persona) == drawn(name, persona)


def test_a_model_plant_raises_no_priority_or_major_flag():
    raised = [
        (seed, flag.rule, flag.severity, flag.inputs)
        for seed, answers in zip(SEEDS, drawn("facility-full", "model-plant"), strict=True)
        for flag in scorer("facility-full").score({"format": 1, "as_of": TODAY.isoformat(), "answers": answers}).flags
        if flag.severity in ("priority", "major")
    ]

    assert raised == []
