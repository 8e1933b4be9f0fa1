"""The order of the measurements, and what is measured at which size."""

import time

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.benchmarks import autosaving, followup, pages, rollup, scores, templates
from tests.benchmarks.measuring import Line, show_heads
from tests.benchmarks.world import BATCH, EDITORS, World, grow_world, start_world

FEW = 20


def run_all(size: int, *, small: bool) -> int:
    """Build the data, measure, print every line as it is known; return how many bars are missed."""
    rounds = 2 if small else 11
    saves = 2 if small else 25
    print(f"Database: {connection.vendor}; gunicorn: {autosaving.WORKERS} sync workers; all in this run.")
    call_command("migrate", verbosity=0)
    world = start_world()
    grow_world(world, max(FEW, EDITORS))
    show_heads()
    lines = [show(scores.measure_one(rounds)), show(scores.measure_full_pack(rounds))]
    line, base = autosaving.measure_autosave(world, saves)
    lines.append(show(line))
    build(world, size)
    lines.append(show(scores.measure_all(again=False)))
    analyse()
    lines.append(show(scores.measure_all(again=True)))
    analyse()
    lines.append(show(autosaving.measure_autosave(world, saves, base)[0]))
    lines.append(show(pages.measure_section(world, rounds)))
    lines.append(show(pages.measure_growth(world, rounds)))
    lines.append(show(pages.measure_dashboard(world, rounds)))
    lines += [show(line) for line in pages.measure_lists(world, rounds)]
    followup.grow_followup(world)
    analyse()
    lines.append(show(pages.measure_dashboard(world, rounds)))
    lines += [show(line) for line in followup.measure_followup(world, rounds)]
    lines.append(show(followup.measure_export(world)))
    rollup.grow_declarations(world)
    analyse()
    lines += [show(line) for line in rollup.measure_rollup(world, rounds)]
    lines += [show(line) for line in templates.measure_templates(min(rounds, 5), small=small)]
    return sum(line.missed for line in lines)


def build(world: World, size: int) -> None:
    started = time.monotonic()
    grow_world(world, max(size, world.size))
    analyse()
    print(f"    {world.size} suppliers built in {time.monotonic() - started:.0f} s, {BATCH} at a time.", flush=True)


def analyse() -> None:
    """Give the planner its figures, as autovacuum would have by then."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def show(line: Line) -> Line:
    line.show()
    return line


assert not settings.DEBUG  # a debug server measures itself
