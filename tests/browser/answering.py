"""What a person does on a section page, for the stories."""

import time
from pathlib import Path

import pytest

import assessments.questionnaires
from assessments.questionnaires.conditions import is_iso_date
from assessments.questionnaires.document import EXAMPLE_DAY
from assessments.questionnaires.enums import Kind
from assessments.scoring.scoring import read_personas

FAR_OFF = "2099-12-31"
PACKS = Path(assessments.questionnaires.__file__).parent / "packs"


def model_answers():
    """Return the answers of the model plant that are typed or ticked: files apart, permits valid whenever it is run."""
    answers = read_personas(PACKS / "facility-full")["model-plant"].answers
    typed = {code: value for code, value in answers.items() if not (isinstance(value, dict) and "evidence" in value)}
    return {code: FAR_OFF if is_ahead(value) else value for code, value in typed.items()}


def is_ahead(value):
    """Tell a day after the day of the examples."""
    return isinstance(value, str) and is_iso_date(value) and value > EXAMPLE_DAY.isoformat()


def wait_for(found, seconds=30.0):
    """Ask until there is an answer; the worker decides how long that is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail(f"Nothing came within {seconds} s")


def answer_question(page, question, value):
    """Enter one answer the way its kind is entered."""
    field = f"#q-{question.code}"
    if question.kind in (Kind.SINGLE, Kind.YES_NO):
        page.check(f"{field} input[value={value}]")
    elif question.kind is Kind.MULTIPLE:
        for choice in value:
            page.check(f"{field} input[value={choice}]")
    elif question.kind is Kind.HEADCOUNT:
        for cell, count in value.items():
            page.fill(f'{field} input[data-cell="{cell}"]', str(count))
    else:
        page.fill(f"#a-{question.code}", str(value))
        page.press(f"#a-{question.code}", "Tab")


def answer_section(page, section, answers, shown):
    """Enter the answers of a section; returns the codes that were entered."""
    asked = [question for question in section.questions if question.code in shown and question.code in answers]
    for question in asked:
        answer_question(page, question, answers[question.code])
    return {question.code for question in asked}
