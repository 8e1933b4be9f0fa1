"""A large made-up document with answers, to measure scoring by. Run: python -m tests.assessments.scoring.synthetic"""

import gc
import json
import random
import time

from assessments.questionnaires.enums import Kind
from assessments.scoring.scoring import compile_scorer
from tests.assessments.questionnaires.builders import make_document, make_question

KINDS = ("single", "yes_no", "number", "multiple", "percentage", "date")
FILE = {"name": "a.pdf", "sha256": "0" * 64, "size": 1}


def make_large_document(size=200):
    """Scored questions of every kind, a tenth conditional, a sixth with a flag, an eighth with required evidence."""
    questions, flags = [], []
    for number in range(size):
        code, kind = f"Q-{number:04d}", KINDS[number % len(KINDS)]
        question = make_question(code, kind, weight=1 + number % 3, provision=f"A{number % 6 + 1}")
        if number % 10 == 7:
            question["show_if"] = {"question": f"Q-{number - 1:04d}", "answered": True}
        if number % 8 == 0:
            question["evidence"] = {"text": "Proof", "required": True}
        if kind == "number":
            when = {"all": [{"question": code, "over": 60}, {"question": code, "at_most": 84}]}
            flags.append(
                {
                    "code": f"F-{number}",
                    "provision": "A3",
                    "severity": "major",
                    "when": when,
                    "text": f"Week {{{code}}}",
                }
            )
        questions.append(question)
    return make_document(*questions, flags=flags)


def make_snapshot(document, seed):
    """A snapshot with one in twenty answers N/A; the same for the same seed."""
    draw = random.Random(seed)
    answers = {}
    for question in document.questions:
        if draw.random() < 0.05:
            answers[question.code] = {"value": None, "na": "No such work here", "evidence": []}
            continue
        files = [FILE] if question.evidence and draw.random() < 0.6 else []
        answers[question.code] = {"value": _draw_value(question, draw), "na": None, "evidence": files}
    return {"format": 1, "as_of": "2026-03-31", "answers": answers}


def _draw_value(question, draw):
    if question.kind is Kind.MULTIPLE:
        return [code for code in question.choice_codes if draw.random() < 0.5]
    if question.kind is Kind.DATE:
        return f"20{draw.randint(20, 30)}-05-01"
    if question.kind in (Kind.NUMBER, Kind.PERCENTAGE):
        return draw.randint(0, 100)
    return draw.choice(question.choice_codes)


def measure(size=200, submissions=200, rounds=5):
    """Best seconds per submission: (decoding its snapshot with json.loads, scoring it)."""
    document = make_large_document(size)
    scorer = compile_scorer(document)
    texts = [json.dumps(make_snapshot(document, seed)) for seed in range(submissions)]
    loaded = [json.loads(text) for text in texts]
    return best(json.loads, texts, rounds), best(scorer.score, loaded, rounds)


def best(work, items, rounds):
    times = []
    gc.disable()  # as timeit does: a suite that has run for minutes has a heap whose collection is not our work
    for _ in range(rounds):
        start = time.process_time()
        for item in items:
            work(item)
        times.append((time.process_time() - start) / len(items))
    gc.enable()
    return min(times)


if __name__ == "__main__":
    floor, scoring = measure()
    print(
        f"json.loads {floor * 1e6:.0f} us, score {scoring * 1e6:.0f} us, {scoring / floor:.1f} x, {1 / scoring:.0f}/s"
    )
