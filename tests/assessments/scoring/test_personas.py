"""The personas of the full self-assessment: complete, and scored and flagged as they say."""

from pathlib import Path

import pytest

import assessments.questionnaires
from assessments.questionnaires.document import DocumentErrors, read_pack
from assessments.scoring.scoring import judge, read_personas, unanswered
from tests.assessments.questionnaires.builders import make_document, make_question

PACKS = Path(assessments.questionnaires.__file__).parent / "packs"
DOCUMENTS = {name: read_pack(PACKS / name) for name in ("facility-full", "facility-short")}
PERSONAS = read_personas(PACKS / "facility-full")
CASES = [(name, code) for name in PERSONAS for code in DOCUMENTS]


def test_there_are_six():
    assert sorted(PERSONAS) == [
        "average-plant",
        "careless-filler",
        "long-hours",
        "model-plant",
        "recruitment-fees",
        "small-company",
    ]


@pytest.mark.parametrize(("name", "code"), CASES)
def test_a_persona_comes_to_what_it_expects(name, code):
    assert judge(DOCUMENTS[code], PERSONAS[name]) == PERSONAS[name].expects[code]


@pytest.mark.parametrize(("name", "code"), CASES)
def test_a_persona_could_submit_its_answers(name, code):
    assert unanswered(DOCUMENTS[code], PERSONAS[name]) == ()


@pytest.mark.parametrize("name", PERSONAS)
def test_a_persona_answers_only_what_is_asked(name):
    assert set(PERSONAS[name].answers) <= set(DOCUMENTS["facility-full"].positions)


def test_every_section_tells_the_model_plant_from_the_careless_filler():
    best, worst = (PERSONAS[name].expects["facility-full"].sections for name in ("model-plant", "careless-filler"))

    assert [code for code in best if best[code] is not None and best[code] - worst[code] < 30] == []


# --- reading them ---------------------------------------------------------------------------
SMALL = make_document(make_question("A1-ONE", weight=1), make_question("A1-TWO"))
EXPECTED = "expects: {small: {band: low, total: 100, sections: {A: 100}, flags: []}}"


def write(folder, **personas):
    (folder / "personas").mkdir()
    for name, text in personas.items():
        (folder / "personas" / f"{name}.yaml").write_text(text)
    return folder


def test_a_persona_may_be_another_one_but_for_some_answers(tmp_path):
    folder = write(
        tmp_path,
        first=f'title: First\nanswers: {{A1-ONE: "yes", A1-TWO: "no"}}\n{EXPECTED}',
        second=f"title: Second\nbased_on: first\nanswers: {{A1-TWO: null}}\n{EXPECTED}",
    )
    personas = read_personas(folder)

    assert personas["second"].answers == {"A1-ONE": "yes"}
    assert judge(SMALL, personas["second"]) == personas["second"].expects["small"]
    assert (unanswered(SMALL, personas["first"]), unanswered(SMALL, personas["second"])) == ((), ("A1-TWO",))


@pytest.mark.parametrize(
    "text",
    [
        "title: Third",
        f"title: Third\nanswers: {{}}\nshoe_size: 9\n{EXPECTED}",
        f"title: Third\nbased_on: nobody\nanswers: {{}}\n{EXPECTED}",
        f"title: Third\nbased_on: third\nanswers: {{}}\n{EXPECTED}",
    ],
)
def test_a_persona_that_cannot_be_read_names_its_file(tmp_path, text):
    with pytest.raises(DocumentErrors) as caught:
        read_personas(write(tmp_path, third=text))

    assert [problem.place for problem in caught.value.problems] == ["personas/third.yaml"]
