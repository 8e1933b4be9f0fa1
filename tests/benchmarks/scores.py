"""Scoring: one submission against decoding it, all of them against reading their rows."""

import time
from collections.abc import Callable

from assessments.findings.models import Finding
from assessments.responses.models import Submission
from assessments.scoring.models import Flag, Score
from assessments.scoring.services import rescore_all
from tests.assessments.scoring.synthetic import measure
from tests.benchmarks.measuring import Line


def measure_one(rounds: int) -> Line:
    """Score a 200-question document against decoding its snapshot."""
    floor, ours = measure(submissions=40 * rounds, rounds=3)
    bars = [("<= 10 x", ours <= 10 * floor), (">= 2000/s", 1 / ours >= 2000)]
    return Line(
        "score one submission, 200 questions", "json.loads of its snapshot", f"{1e6 * floor:.0f} us",
        f"{1e6 * ours:.0f} us", ours / floor, 1000 * ours, 0, bars,
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
