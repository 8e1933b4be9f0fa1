"""Stopwatches, and the table they fill."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

WIDTHS = (38, 34, 12, 9, 9, 8, 6)
HEADS = ("what", "floor", "floor", "ours", "ratio", "CPU ms", "SQL")


@dataclass
class Line:
    """One row of the table: `bars` are (words, met)."""

    what: str
    floor_name: str
    floor: str
    ours: str
    ratio: float | None
    cpu: float | None
    queries: int | None
    bars: list[tuple[str, bool]] = field(default_factory=list)

    @property
    def missed(self) -> int:
        return sum(not met for _words, met in self.bars)

    def show(self) -> None:
        cells = (
            self.what,
            self.floor_name,
            self.floor,
            self.ours,
            "" if self.ratio is None else f"{self.ratio:.2f} x",
            "" if self.cpu is None else f"{self.cpu:.1f}",
            "" if self.queries is None else str(self.queries),
        )
        verdict = "; ".join(f"{words}: {'met' if met else 'MISSED'}" for words, met in self.bars)
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)) + "  " + verdict, flush=True
        )


def show_heads() -> None:
    print("  ".join(head.ljust(width) for head, width in zip(HEADS, WIDTHS, strict=True)) + "  bars")


@dataclass(frozen=True)
class Cost:
    """Least seconds of one call: on the clock, and of this process's CPU. What else the machine does only ever adds."""

    wall: float
    cpu: float


def cost_of(work: Callable[[], Any], rounds: int) -> Cost:
    """Call once to warm up, then `rounds` times."""
    work()
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return Cost(min(walls), min(cpus))


def fetch(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content


def queries_of(client: Client, path: str) -> list[str]:
    """Return the statements behind a page, once it is warm."""
    fetch(client, path)
    with CaptureQueriesContext(connection) as captured:
        fetch(client, path)
    return [entry["sql"] for entry in captured]


def bare_sql(statements: list[str], rounds: int) -> Cost:
    """Measure the page's own reads sent by hand: what no view can be quicker than."""
    reads = [sql for sql in statements if re.match(r"\s*\(?SELECT", sql)]

    def send() -> None:
        with connection.cursor() as cursor:
            for sql in reads:
                cursor.execute(sql)
                cursor.fetchall()

    return cost_of(send, rounds)


def slowest(statements: list[str], count: int = 2) -> list[tuple[float, str]]:
    """Return the slowest reads as (milliseconds, statement)."""
    timed = [(1000 * bare_sql([sql], 2).wall, sql) for sql in statements if sql.startswith("SELECT")]
    return sorted(timed, reverse=True)[:count]


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"
