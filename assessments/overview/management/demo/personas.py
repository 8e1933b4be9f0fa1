"""How a kind of plant answers: as a persona of the shipped packs, for its own size, some answers better or worse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from random import Random
from typing import Any

import assessments.questionnaires
from assessments.overview.management.demo.guesses import guess_answer
from assessments.questionnaires.document import EXAMPLE_DAY, Document, Question
from assessments.questionnaires.enums import Kind
from assessments.scoring.scoring import read_personas

PACK = Path(assessments.questionnaires.__file__).parent / "packs" / "facility-full"
SHARES = {
    "model-plant": 0.26,
    "average-plant": 0.40,
    "small-company": 0.14,
    "long-hours": 0.08,
    "recruitment-fees": 0.03,
    "careless-filler": 0.09,
}
# How often such a plant gives the best answer to a question that no persona was asked.
QUALITY = {
    "model-plant": 0.95,
    "average-plant": 0.8,
    "small-company": 0.6,
    "long-hours": 0.75,
    "recruitment-fees": 0.7,
    "careless-filler": 0.2,
}
MODEL, AVERAGE = "model-plant", "average-plant"
# A provision is answered as one of these where the persona itself is not asked about it.
STAND_INS = (MODEL, AVERAGE, "long-hours", "recruitment-fees", "careless-filler")
# How often such a plant answers about a provision as the model plant does, and where it never does: what makes it what
# it is, and what hangs together with its profile.
BETTER = {
    "average-plant": 0.28,
    "small-company": 0.25,
    "long-hours": 0.35,
    "recruitment-fees": 0.3,
    "careless-filler": 0.05,
}
OWN = {
    "average-plant": ("P",),
    "small-company": ("P", "A2", "B3", "E9"),
    "long-hours": ("P", "A3", "B3"),
    "recruitment-fees": ("P", "A1", "A2"),
    "careless-filler": ("P", "A2", "A3", "B3"),
}
AGES, HEADS = "P-AGES", "P-HEADS"
# Counts that grow with the number of people; the others are shares, limits and dates.
GROWING = (
    "P-CONTRACTORS", "B3-HOURS-WORKED",
    "C4-WASTE-TOTAL", "C4-WASTE-HAZARDOUS", "C7-WATER", "C8-ENERGY", "C8-SCOPE1", "C8-SCOPE2",
)  # fmt: skip


def choose_persona(random: Random, country: str, sector: str) -> str:
    """Return the name of a persona; hours are longer in assembly, fees come with migrant labour."""
    weights = [
        share
        * (2.2 if name == "long-hours" and sector in ("assembly", "circuit_boards") else 1)
        * (3.0 if name == "recruitment-fees" and country in ("MY", "TH", "TW") else 1)
        for name, share in SHARES.items()
    ]
    return random.choices(list(SHARES), weights=weights)[0]


@cache
def answers_of(name: str) -> Mapping[str, Any]:
    """Return all answers of a persona that ships."""
    return read_personas(PACK)[name].answers


@dataclass
class Plant:
    """What is drawn from: the plant, the day, and how much it has learnt over the years."""

    random: Random
    persona: str
    workers: int
    as_of: date
    learnt: float

    def source_of(self, provision: str) -> str:
        """Return as which persona the plant answers about a provision: its own, or a better one."""
        draw = self.random.random()
        if self.persona == MODEL:
            return AVERAGE if draw > 0.93 + self.learnt / 4 and provision != "P" else MODEL
        better = draw < BETTER[self.persona] + self.learnt
        return MODEL if better and provision not in OWN[self.persona] else self.persona


def draw_answers(document: Document, plant: Plant) -> dict[str, Any]:
    """Return {code: value} for every question that shows, provision by provision from one persona, so that it fits."""
    sources: dict[str, str] = {}
    answers: dict[str, Any] = {}
    today = plant.as_of.isoformat()
    # Triggers stand earlier than what they show, so the answers so far decide.
    for question, (_code, shows) in zip(document.questions, document.show_rules, strict=True):
        if question.kind is Kind.DOCUMENT or (shows and shows.test(answers, today) is not True):
            continue
        provision = question.code.partition("-")[0]
        if provision not in sources:
            sources[provision] = plant.source_of(provision)
        answers[question.code] = draw_one(question, plant, sources[provision], answers)
    return answers


def draw_one(question: Question, plant: Plant, source: str, answers: Mapping[str, Any]) -> Any:
    """Return what a persona says to a question, else what the first says that was asked, else a guess."""
    code = question.code
    name = next((one for one in (source, *STAND_INS) if code in answers_of(one)), None)
    if name is None:
        return guess_answer(question, plant.random, quality=QUALITY[plant.persona], as_of=plant.as_of)
    said = answers_of(name)[code]
    draw = SPECIAL.get(code)
    return draw(plant, said, answers) if draw else fit_value(question, plant, said)


def fit_value(question: Question, plant: Plant, said: Any) -> Any:
    """Return an answer for the plant's own size and year."""
    if question.kind is Kind.DATE:
        return (date.fromisoformat(said) + (plant.as_of - EXAMPLE_DAY)).isoformat()
    if question.code not in GROWING:
        return said
    size = sum(answers_of(plant.persona)[HEADS].values())
    value = float(said) * plant.workers / size * plant.random.uniform(0.9, 1.1)
    return round(value, question.decimals) if question.decimals else max(round(value), min(int(said), 1))


def draw_heads(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> dict[str, int]:
    """Return head-counts by contract and gender in the persona's proportions."""
    size = sum(said.values())
    return {cell: round(count * plant.workers / size) for cell, count in said.items()}


def draw_ages(plant: Plant, said: Any, answers: Mapping[str, Any]) -> dict[str, int]:
    """Return the same people by age; the largest group takes what rounding left over.

    Who gives two different totals as a persona does so here.
    """
    heads, told = answers[HEADS], answers_of(plant.persona)[HEADS]
    size, total = sum(said.values()), sum(heads.values())
    if size != sum(told.values()):
        return dict(said)
    cells = {cell: max(round(count * total / size), min(count, 1)) for cell, count in said.items()}
    while sum(cells.values()) > total:  # a handful of people cannot be of every age
        cells[largest_of(cells)] -= 1
    cells[largest_of(cells)] += total - sum(cells.values())
    return cells


def largest_of(cells: Mapping[str, int]) -> str:
    """Return the cell with most people."""
    return max(cells, key=lambda cell: cells[cell])


def draw_foreign(plant: Plant, said: Any, answers: Mapping[str, Any]) -> int:
    """Return foreign workers: trainees at least, never more than there are people."""
    heads = answers[HEADS]
    trainees = heads["trainees.male"] + heads["trainees.female"]
    share = float(said) / sum(answers_of(plant.persona)[HEADS].values())
    return int(min(sum(heads.values()), max(trainees, round(plant.workers * share))))


def draw_sample(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> int:
    """Return for how many workers the records were checked: a sample grows with the root of the number of people."""
    size = sum(answers_of(plant.persona)[HEADS].values())
    return ceil(float(said) * sqrt(plant.workers / size))


def draw_longest_week(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> float:
    """Return the hours of the longest week: on the persona's side of the limit, over 84 only now and then."""
    if float(said) > 60:
        low, high = plant.random.choice(((61, 84), (61, 72), (84.5, 92)))
        return round(plant.random.uniform(low, high), 1)
    return round(min(float(said) + plant.random.uniform(-3, 3), 60), 1)


def draw_wage(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> float:
    """Return the lowest wage in percent of the legal minimum; now and then below it."""
    poor = plant.persona in ("careless-filler", "recruitment-fees") and plant.random.random() < 0.12
    return round(plant.random.uniform(92, 99.5) if poor else float(said) * plant.random.uniform(1, 1.1), 1)


def draw_fees(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> int:
    """Return what workers paid to get the job, in US dollars."""
    return 0 if not said or plant.random.random() < plant.learnt else plant.random.choice((120, 300, 450, 800, 1500))


def draw_drills(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> str:
    """Return whether there was a drill; a few plants had none."""
    forgetful = plant.persona != MODEL and plant.random.random() < 0.07
    return "no" if forgetful else str(said)


def draw_expiry(plant: Plant, said: Any, _answers: Mapping[str, Any]) -> str:
    """Return until when a permit is valid; some have run out."""
    if plant.persona != MODEL and plant.random.random() < 0.06:
        return (plant.as_of - timedelta(days=plant.random.randint(5, 200))).isoformat()
    days = (date.fromisoformat(said) - EXAMPLE_DAY).days + plant.random.randint(-30, 120)
    return (plant.as_of + timedelta(days=days)).isoformat()


def draw_period_end(plant: Plant, _said: Any, _answers: Mapping[str, Any]) -> str:
    """Return the end of September before the day of answering."""
    year = plant.as_of.year if plant.as_of.month > 9 else plant.as_of.year - 1
    return date(year, 9, 30).isoformat()


def draw_rate(_plant: Plant, _said: Any, answers: Mapping[str, Any]) -> float:
    """Return the injury rate that follows from the cases and the hours."""
    return round(1e6 * float(answers["B3-INJURIES"]) / float(answers["B3-HOURS-WORKED"]), 2)


SPECIAL = {
    "P-HEADS": draw_heads,
    "P-AGES": draw_ages,
    "P-FOREIGN-WORKERS": draw_foreign,
    "P-PERIOD-END": draw_period_end,
    "A1-FEES-AMOUNT": draw_fees,
    "A3-LONGEST-WEEK": draw_longest_week,
    "A3-RECORDS-CHECKED": draw_sample,
    "A4-LOWEST-WAGE": draw_wage,
    "B2-DRILLS": draw_drills,
    "B2-FIRE-VALID": draw_expiry,
    "B3-INJURY-RATE": draw_rate,
    "C1-PERMIT-EXPIRY": draw_expiry,
    "C1-DISCHARGE-EXPIRY": draw_expiry,
}
