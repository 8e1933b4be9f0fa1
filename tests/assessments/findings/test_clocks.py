"""Clocks: a table in, dates out; what is wrong with a table."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.findings.clocks import Clock, Dates, clock_problems, find_clock, read_clocks, set_dates
from assessments.findings.enums import Anchor, Severity

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
SPANS = st.one_of(st.none(), st.integers(0, 3660))
CLOCKS = st.builds(
    Clock,
    severity=st.sampled_from(Severity.values),
    anchor=st.sampled_from(Anchor),
    topic=st.sampled_from([None, "hours", "safety"]),
    plan=SPANS,
    approval=SPANS,
    done=SPANS,
)

TABLE = (
    Clock("priority", Anchor.DISCOVERY, None, 7, 10, 90),
    Clock("priority", Anchor.DISCOVERY, "safety", 7, 10, 30),
    Clock("priority", Anchor.REPORT, "hours", 14, 42, 180),
    Clock("major", Anchor.REPORT, None, 14, 42, 180),
)


@pytest.mark.parametrize(
    ("severity", "topic", "row"),
    [
        ("priority", "", 0),
        ("priority", "safety", 1),
        ("priority", "hours", 2),
        ("priority", "unheard-of", 0),
        ("major", "safety", 3),
        ("minor", "", None),
        ("minor", "safety", None),
    ],
)
def test_find_clock_prefers_the_row_of_the_topic(severity, topic, row):
    assert find_clock(TABLE, severity, topic) == (None if row is None else TABLE[row])


def test_find_clock_never_takes_the_row_of_another_topic():
    assert find_clock((TABLE[1],), "priority", "") is None


@pytest.mark.parametrize(
    ("clock", "reported", "dates"),
    [
        (TABLE[0], None, Dates(date(2026, 3, 9), date(2026, 3, 12), date(2026, 5, 31))),
        (TABLE[3], None, Dates()),
        (TABLE[3], date(2026, 4, 1), Dates(date(2026, 4, 15), date(2026, 5, 13), date(2026, 9, 28))),
        (None, date(2026, 4, 1), Dates()),
        (Clock("minor", Anchor.DISCOVERY, done=1), None, Dates(None, None, date(2026, 3, 3))),
    ],
)
def test_set_dates_counts_calendar_days_from_the_anchor(clock, reported, dates):
    assert set_dates(clock, discovered=date(2026, 3, 2), reported=reported) == dates


@given(CLOCKS, DAYS, st.one_of(st.none(), DAYS))
def test_dates_lie_as_far_after_their_anchor_as_the_row_says(clock, discovered, reported):
    dates = set_dates(clock, discovered=discovered, reported=reported)
    anchor = discovered if clock.anchor is Anchor.DISCOVERY else reported
    for days, day in zip(
        (clock.plan, clock.approval, clock.done), (dates.plan, dates.approval, dates.done), strict=True
    ):
        assert day == (None if days is None or anchor is None else anchor + timedelta(days=days))


@given(CLOCKS, DAYS, DAYS, st.integers(1, 400))
def test_a_later_anchor_never_makes_a_date_earlier(clock, discovered, reported, later):
    first = set_dates(clock, discovered=discovered, reported=reported)
    shift = timedelta(days=later)
    second = set_dates(clock, discovered=discovered + shift, reported=reported + shift)
    pairs = zip((first.plan, first.approval, first.done), (second.plan, second.approval, second.done), strict=True)
    assert all(one is two is None or two - one == shift for one, two in pairs)


@given(st.lists(CLOCKS, max_size=8), st.sampled_from(Severity.values), st.sampled_from(["", "hours", "safety", "x"]))
def test_find_clock_gives_a_row_that_fits_or_none_when_there_is_none(clocks, severity, topic):
    fitting = [row for row in clocks if row.severity == severity and row.topic in (None, topic or None)]
    found = find_clock(clocks, severity, topic)
    assert (found in fitting) if fitting else found is None
    if found and any(row.topic == topic for row in fitting):
        assert found.topic == topic


@given(st.lists(CLOCKS, max_size=6))
def test_a_table_without_problems_has_ordered_days_and_no_twins(clocks):
    if clock_problems(clocks):
        return
    assert len({(row.severity, row.topic) for row in clocks}) == len(clocks)
    for row in clocks:
        days = [day for day in (row.plan, row.approval, row.done) if day is not None]
        assert days == sorted(days)


def test_clock_problems_names_twins_and_days_backwards():
    twins = (
        Clock("major", Anchor.REPORT, None, 14, 7, 180),
        Clock("major", Anchor.REPORT),
        Clock("minor", Anchor.REPORT, "hours", -1),
    )
    assert clock_problems(twins) == [
        "major/*: days must not run backwards and lie between 0 and 3660.",
        "major/* stands more than once.",
        "minor/hours: days must not run backwards and lie between 0 and 3660.",
    ]


def test_the_table_of_this_room_is_sound_and_covers_every_severity():
    clocks = read_clocks()
    assert clock_problems(clocks.clocks) == []
    assert [find_clock(clocks.clocks, severity) is not None for severity in Severity.values] == [True] * 3
    assert all(step < 0 for step in clocks.reminders)
    assert all(step > 0 for step in clocks.escalations)


def test_a_row_with_an_unknown_word_is_refused():
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({"severity": "major", "anchor": "report", "paln": 7}, Clock)
