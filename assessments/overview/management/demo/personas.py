"""How a kind of plant answers: plausible values drawn from the questionnaire itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from assessments.questionnaires.conditions import reachable_codes
from assessments.questionnaires.document import Document, Question
from assessments.questionnaires.enums import Kind

CONTRACTS = {"permanent": 0.7, "fixed_term": 0.14, "agency": 0.12, "trainees": 0.03, "students": 0.01}


@dataclass(frozen=True)
class Persona:
    """A kind of plant: how often its answers are the best ones, and where it is weak."""

    name: str
    share: float
    quality: float
    weak: Mapping[str, float]


PERSONAS = (
    Persona("model plant", 0.26, 0.95, {}),
    Persona("average plant", 0.40, 0.81, {}),
    Persona("small company", 0.14, 0.64, {"E": 0.45, "D": 0.45, "C8": 0.3}),
    Persona("long hours", 0.08, 0.76, {"A3": 0.25, "B2": 0.6}),
    Persona("recruitment fees", 0.03, 0.72, {"A1": 0.45, "B7": 0.5}),
    Persona("careless filler", 0.09, 0.18, {}),
)
# Nearly everybody gets these right: a demo in which half the plants hold passports would be a slander.
RARE = ("A1-PAPERS", "A2-YOUNG-TASKS", "B2-EXITS", "A5-PREGNANCY-TEST", "A1-LEAVE")


def choose_persona(random: Random, country: str, sector: str) -> Persona:
    """Return a persona; hours are longer in assembly, fees come with migrant labour."""
    weights = [
        persona.share
        * (2.2 if persona.name == "long hours" and sector in ("assembly", "circuit_boards") else 1)
        * (3.0 if persona.name == "recruitment fees" and country in ("MY", "TH", "TW") else 1)
        for persona in PERSONAS
    ]
    return random.choices(PERSONAS, weights=weights)[0]


@dataclass
class Plant:
    """What is drawn from: the plant, the day, and how much it has learnt over the years."""

    random: Random
    persona: Persona
    workers: int
    as_of: date
    learnt: float

    def does_well(self, question: Question) -> bool:
        """Whether this answer is a good one."""
        quality = self.persona.quality
        for prefix, value in self.persona.weak.items():
            if question.code.startswith(prefix):
                quality = value
        if question.code in RARE:
            quality = 1 - (1 - quality) * 0.06
        return self.random.random() < quality + (1 - quality) * self.learnt


def draw_answers(document: Document, plant: Plant) -> dict[str, Any]:
    """Return {code: value} for every question that shows, in an order that keeps answers consistent."""
    answers: dict[str, Any] = {}
    for question in document.questions:
        if question.kind in (Kind.DOCUMENT, Kind.TEXT) and not question.required:
            continue
        if question.code not in reachable_codes(document, answers, plant.as_of):
            continue
        draw = SPECIAL.get(question.code)
        answers[question.code] = draw(plant, answers) if draw else draw_one(question, plant)
    return answers


def draw_one(question: Question, plant: Plant) -> Any:
    """Return a value for a question of any kind."""
    good = plant.does_well(question)
    if question.kind is Kind.YES_NO:
        return draw_yes_no(question, good, plant)
    if question.kind is Kind.SINGLE:
        return draw_single(question, plant, good=good)
    if question.kind is Kind.MULTIPLE:
        return draw_multiple(question, plant, good=good)
    if question.kind in (Kind.NUMBER, Kind.PERCENTAGE):
        return draw_number(question, plant, good=good)
    if question.kind is Kind.DATE:
        days = plant.random.randint(40, 900) if good else -plant.random.randint(5, 200)
        return (plant.as_of + timedelta(days=days)).isoformat()
    return "We stopped the line for two days and gave every worker a rest day in the following week."


def draw_yes_no(question: Question, good: bool, plant: Plant) -> str:
    """Return yes or no; an unscored question is a coin."""
    if question.score is None:
        return "yes" if plant.random.random() < 0.35 else "no"
    best = "yes" if (question.score.yes or 0) >= (question.score.no or 0) else "no"
    return best if good else ("no" if best == "yes" else "yes")


def draw_single(question: Question, plant: Plant, *, good: bool) -> str:
    """Return the code of a choice: one of the best, or a step down."""
    codes = [(choice.points if choice.points is not None else 1.0, choice.code) for choice in question.choices]
    top = max(points for points, _code in codes)
    fit = [code for points, code in codes if (points == top) == good]
    if not good:
        middling = [code for points, code in codes if 0 < points < top]
        if middling and plant.random.random() < 0.7:
            fit = middling
    return plant.random.choice(fit or [code for _points, code in codes])


def draw_multiple(question: Question, plant: Plant, *, good: bool) -> list[str]:
    """Return choice codes: all that count, or a few, or the one that excludes the others."""
    alone = [choice.code for choice in question.choices if choice.exclusive]
    counting = [choice.code for choice in question.choices if choice.points and not choice.exclusive]
    if not counting:  # the exclusive one is the good one
        bad = [choice.code for choice in question.choices if not choice.exclusive]
        return alone[:1] if good or not bad else [plant.random.choice(bad)]
    if good:
        return counting
    if alone and plant.random.random() < 0.25:
        return alone[:1]
    kept = set(plant.random.sample(counting, max(1, len(counting) // 2)))
    return [code for code in counting if code in kept]


def draw_number(question: Question, plant: Plant, *, good: bool) -> float | int:
    """Return a number inside the best step, or inside one of the others."""
    steps = question.score.steps if question.score else ()
    if not steps:
        return plant.random.randint(0, 4)
    ranges, low = [], question.min or 0.0
    for step in steps:
        ceiling = 100.0 if question.kind is Kind.PERCENTAGE else question.max or low * 4 + 9
        high = step.up_to if step.up_to is not None else min(ceiling, max(low * 1.25, low + 3))
        ranges.append((step.points, low, high))
        low = high + (0.1 if question.decimals else 1)
    top = max(points for points, _low, _high in ranges)
    fit = [(low, high) for points, low, high in ranges if (points == top) == good] or [(r[1], r[2]) for r in ranges]
    low, high = fit[min(int(plant.random.random() ** 2 * len(fit)), len(fit) - 1)]
    value = plant.random.uniform(max(low, high * 0.6), high)
    return round(value, question.decimals) if question.decimals else round(value)


def draw_heads(plant: Plant, _answers: Mapping[str, Any]) -> dict[str, int]:
    """Return head-counts by contract and gender that add up to the plant's size."""
    women = plant.random.uniform(0.25, 0.7)
    cells: dict[str, int] = {}
    for row, share in CONTRACTS.items():
        people = round(plant.workers * share * plant.random.uniform(0.6, 1.3))
        cells[f"{row}.female"] = round(people * women)
        cells[f"{row}.male"] = people - cells[f"{row}.female"]
    return {key: cells[key] for row in CONTRACTS for key in (f"{row}.male", f"{row}.female")}


def draw_foreign(plant: Plant, answers: Mapping[str, Any]) -> int:
    """Return foreign workers: trainees at least, never more than there are people."""
    heads = answers["P-HEADS"]
    trainees = heads["trainees.male"] + heads["trainees.female"]
    more = round(plant.workers * 0.2) if plant.persona.name == "recruitment fees" else plant.random.randint(0, 9)
    return int(min(sum(heads.values()), trainees + more))


def draw_longest_week(plant: Plant, _answers: Mapping[str, Any]) -> float:
    """Return the hours of the longest week: mostly under 60, over 84 where hours are the weakness."""
    if plant.persona.name == "long hours":
        low, high = plant.random.choice(((61, 84), (61, 72), (84.5, 92)))
        return round(plant.random.uniform(low, high), 1)
    if plant.random.random() < 0.06 * (1.5 - plant.learnt):
        return round(plant.random.uniform(60.5, 70), 1)
    return round(plant.random.uniform(44, 59.5), 1)


def draw_usual_week(plant: Plant, answers: Mapping[str, Any]) -> float:
    """Return the usual week: shorter than the longest."""
    longest = float(answers["A3-LONGEST-WEEK"])
    return round(min(longest - 1, plant.random.uniform(40, 47) + max(0.0, longest - 60) * 0.4), 1)


def draw_rest(plant: Plant, answers: Mapping[str, Any]) -> int:
    """Return days in a row: long weeks come with missed rest days."""
    if float(answers["A3-LONGEST-WEEK"]) > 60 and plant.random.random() < 0.5:
        return plant.random.choice((7, 9, 12, 13))
    return plant.random.choice((5, 6, 6, 6))


def draw_youngest(plant: Plant, _answers: Mapping[str, Any]) -> int:
    """Return the age of the youngest worker."""
    if plant.persona.name == "careless filler" and plant.random.random() < 0.05:
        return 14
    return plant.random.choice((16, 17, 18, 18, 18, 19, 20, 21))


def draw_young(_plant: Plant, answers: Mapping[str, Any]) -> str:
    """Return whether young workers are employed, true to the youngest age."""
    return "yes" if answers["A2-YOUNGEST"] < 18 else "no"


def draw_closed_cases(plant: Plant, answers: Mapping[str, Any]) -> int:
    """Return how many harassment cases were closed: all, or a third where the plant is weak."""
    cases = int(answers["A5-HARASSMENT-CASES"])
    return cases if plant.random.random() < 0.85 else cases // 3


def draw_wage(plant: Plant, _answers: Mapping[str, Any]) -> float:
    """Return the lowest wage in percent of the legal minimum."""
    poor = plant.persona.name in ("careless filler", "recruitment fees") and plant.random.random() < 0.12
    return round(plant.random.uniform(92, 99.5) if poor else plant.random.uniform(100, 128), 1)


def draw_fees(plant: Plant, _answers: Mapping[str, Any]) -> int:
    """Return what workers paid to get the job, in US dollars."""
    if plant.persona.name != "recruitment fees" or plant.random.random() < plant.learnt:
        return 0
    return plant.random.choice((120, 300, 450, 800, 1500))


def draw_emissions(plant: Plant, _answers: Mapping[str, Any]) -> float:
    """Return tonnes of CO2e, a few per worker."""
    return round(plant.workers * plant.random.uniform(1.5, 9), 1)


def draw_period_end(plant: Plant, _answers: Mapping[str, Any]) -> str:
    """Return the end of September before the day of answering."""
    year = plant.as_of.year if plant.as_of.month > 9 else plant.as_of.year - 1
    return date(year, 9, 30).isoformat()


def draw_drill_count(plant: Plant, _answers: Mapping[str, Any]) -> int:
    """Return drills in a year where there are drills at all."""
    return 0 if plant.persona.name == "careless filler" and plant.random.random() < 0.3 else plant.random.randint(1, 4)


SPECIAL = {
    "P-HEADS": draw_heads,
    "P-FOREIGN-WORKERS": draw_foreign,
    "P-PERIOD-END": draw_period_end,
    "A1-FEES-AMOUNT": draw_fees,
    "A2-YOUNGEST": draw_youngest,
    "A2-YOUNG-WORKERS": draw_young,
    "A3-LONGEST-WEEK": draw_longest_week,
    "A3-USUAL-WEEK": draw_usual_week,
    "A3-CONSECUTIVE-DAYS": draw_rest,
    "A4-LOWEST-WAGE": draw_wage,
    "A5-HARASSMENT-CLOSED": draw_closed_cases,
    "B2-DRILL-COUNT": draw_drill_count,
    "C8-SCOPE12": draw_emissions,
}
