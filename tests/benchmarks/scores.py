"""Scoring: one submission against decoding it, all of them against reading their rows."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from assessments.findings.models import Finding
from assessments.questionnaires.document import read_pack
from assessments.responses.models import Submission
from assessments.scoring.models import Flag, Score
from assessments.scoring.scoring import compile_scorer, read_personas
from assessments.scoring.services import rescore_all
from tests.assessments.scoring.synthetic import best, measure
from tests.benchmarks.measuring import Line

PACK = Path(settings.BASE_DIR) / "assessments" / "questionnaires" / "packs" / "facility-full"


def measure_one(rounds: int) -> Line:
    """Score a 200-question document against decoding its snapshot."""
    floor, ours = measure(submissions=40 * rounds, rounds=3)
    bars = [("<= 10 x", ours <= 10 * floor), (">= 2000/s", 1 / ours >= 2000)]
    return Line(
        "score one submission, 200 questions", "json.loads of its snapshot", f"{1e6 * floor:.0f} us",
        f"{1e6 * ours:.0f} us", ours / floor, 1000 * ours, 0, bars,
    )  # fmt: skip


def measure_full_pack(rounds: int) -> Line:
    """Score the full self-assessment, as its personas answer it, against decoding their snapshots."""
    document, personas = read_pack(PACK), read_personas(PACK).values()
    entries = [{code: {"value": value, "comment": ""} for code, value in one.answers.items()} for one in personas]
    texts = [json.dumps({"format": 1, "as_of": "2026-11-30", "answers": one}) for one in entries] * rounds
    scorer, loaded = compile_scorer(document), [json.loads(text) for text in texts]
    floor, ours = best(json.loads, texts, 5), best(scorer.score, loaded, 5)
    bars = [("<= 10 x", ours <= 10 * floor), (">= 2000/s", 1 / ours >= 2000)]
    what = f"score the full pack, {len(document.questions)} questions, {len(document.flags)} rules"
    return Line(
        what, "json.loads of its snapshot", f"{1e6 * floor:.0f} us", f"{1e6 * ours:.0f} us", ours / floor, 1000 * ours,
        0, bars,
    )  # fmt: skip


def measure_all(*, again: bool) -> Line:
    """Score every submission, database included; `again` as after a new scoring version."""
    count = Submission.objects.count()
    Submission.objects.update(scored_version="")
    floor = timed(read_rows)
    before = time.process_time()
    ours = timed(lambda: sum(rescore_all()))
    cpu = (time.process_time() - before) / count
    bars = [("<= 5 x", ours <= 5 * floor)] if again else []
    what = f"re-score {count} submissions" if again else f"score {count} submissions at first"
    return Line(what, "reading the same rows", f"{floor:.1f} s", f"{ours:.1f} s", ours / floor, 1000 * cpu, None, bars)


def read_rows() -> None:
    """Read what scoring reads: the submissions, and the scores, flags and findings that stand."""
    submissions = Submission.objects.select_related("response").order_by("pk")
    for rows in (
        submissions,
        Score.objects.order_by("pk"),
        Flag.objects.order_by("pk"),
        Finding.objects.order_by("pk"),
    ):
        for _row in rows.iterator(chunk_size=250):
            pass


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
