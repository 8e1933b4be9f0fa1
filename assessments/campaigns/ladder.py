"""The reminder ladder: which step of it is due on a day. Pure: days in, days out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

STALE_DAYS = 2
MOST_STEPS = 8
FURTHEST_DAYS = 180


@dataclass(frozen=True, slots=True)
class Window:
    """Requests whose due date lies in `first`..`last` (both included) get the step today."""

    step: int
    first: date
    last: date


def clean_steps(days: Iterable[int]) -> list[int]:
    """Return the steps in order, each once; days are relative to the due date, negative before it."""
    return sorted(set(days))


def due_windows(steps: Iterable[int], today: date) -> list[Window]:
    """Return, for each step, the due dates whose reminder goes out today.

    A step is due on `due date + step`. It may be late by STALE_DAYS, so that a short stand-still loses
    nothing; after that it is dropped, and a later step that is due already replaces an earlier one.
    """
    ordered = clean_steps(steps)
    windows = []
    for place, step in enumerate(ordered):
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        first = today - timedelta(days=step + STALE_DAYS)
        last = today - timedelta(days=step)
        if following is not None:
            # due + following <= today means that the next step has come: this one is out of date.
            first = max(first, today - timedelta(days=following) + timedelta(days=1))
        if first <= last:
            windows.append(Window(step, first, last))
    return windows


def due_step(due_on: date, steps: Iterable[int], today: date) -> int | None:
    """Return the step that goes out today for one due date, or None."""
    return next((w.step for w in due_windows(steps, today) if w.first <= due_on <= w.last), None)
