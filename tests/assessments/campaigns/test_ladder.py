"""The reminder ladder."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.campaigns.ladder import STALE_DAYS, clean_steps, due_step, due_windows

DUE = date(2026, 6, 30)
LADDER = [-14, -3, 1, 7]
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ladders = st.lists(st.integers(-60, 60), max_size=8)


@pytest.mark.parametrize(
    ("offset", "step"),
    [
        (-15, None),
        (-14, -14),
        (-13, -14),
        (-12, -14),
        (-11, None),
        (-4, None),
        (-3, -3),
        (-1, -3),
        (0, None),
        (1, 1),
        (3, 1),
        (4, None),
        (6, None),
        (7, 7),
        (9, 7),
        (10, None),
        (100, None),
    ],
)
def test_a_step_is_due_on_its_day_and_two_days_after(offset, step):
    assert due_step(DUE, LADDER, DUE + timedelta(days=offset)) == step


@pytest.mark.parametrize(("offset", "step"), [(0, 0), (1, 1), (2, 2), (4, 2), (5, None)])
def test_a_later_step_replaces_an_earlier_one(offset, step):
    assert due_step(DUE, [0, 1, 2], DUE + timedelta(days=offset)) == step


def test_steps_are_sorted_and_unique():
    assert clean_steps([7, -3, 7, 1]) == [-3, 1, 7]


def test_an_empty_ladder_reminds_nobody():
    assert due_windows([], DUE) == []


@given(ladders, days, st.integers(-90, 90))
def test_at_most_one_window_holds_a_due_date(ladder, today, offset):
    due_on = today + timedelta(days=offset)
    holding = [w for w in due_windows(ladder, today) if w.first <= due_on <= w.last]
    assert len(holding) <= 1


@given(ladders, days, st.integers(-90, 90))
def test_the_step_is_the_latest_that_has_come_and_is_not_stale(ladder, today, offset):
    due_on = today + timedelta(days=offset)
    come = [step for step in ladder if due_on + timedelta(days=step) <= today]
    latest = max(come, default=None)
    fresh = latest is not None and (today - due_on).days - latest <= STALE_DAYS
    assert due_step(due_on, ladder, today) == (latest if fresh else None)
