"""The benchmark runs to its end on a small data set, and every row of the table is printed."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

ROWS = (
    "score one submission, 200 questions", "autosave, 32 connections, 32 suppliers", "score 24 submissions at first",
    "re-score 24 submissions", "autosave, 32 connections, 60 suppliers", "section page", "dashboard, 60 suppliers",
    "list of suppliers", "list of responses", "list of findings", "list of requests of a campaign",
    "list of findings, filtered", "list of findings by date", "report audit_status", "report provisions", "report ages",
    "report on_time", "report recurrences", "report gri", "export of",
    "roll up all declarations", "roll up one change", "page minerals", "page rollup_detail", "page rollup_evidence",
    "read", "memory after",
)  # fmt: skip


@pytest.mark.production
def test_small_benchmark_prints_every_row() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--small"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Database: postgresql" in done.stdout
    lines = done.stdout.splitlines()
    assert [row for row in ROWS if not any(line.startswith(row) for line in lines)] == []
    assert re.search(r"\d bars missed", done.stdout)
    assert "none failed: MISSED" not in done.stdout
