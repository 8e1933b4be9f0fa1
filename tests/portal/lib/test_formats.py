"""Figures, dates and sizes read the same on every page."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.lib import formats

DAY = dt.date(2026, 11, 14)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (12345, None, "12,345"),
        (0, None, "0"),
        (61.0, None, "61"),
        (61.25, None, "61.2"),
        (Decimal("88.7"), 2, "88.70"),
        (None, None, "–"),
        ("", None, "–"),
    ],
)
def test_figure_groups_thousands(value, decimals, shown):
    assert formats.figure(value, decimals) == shown


@pytest.mark.parametrize(("value", "shown"), [(88.7, "88.7\u00a0%"), (100, "100.0\u00a0%"), (None, "–")])
def test_percent1_keeps_one_decimal_and_its_unit(value, shown):
    assert formats.percent1(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1, 3, 33), (512, 577, 89), (0, 5, 0), (5, 0, 0), (None, 5, 0), (9, 3, 100), (Decimal(1), 2.0, 50)],
)
def test_share_is_a_whole_percentage(part, whole, percent):
    assert formats.share(part, whole) == percent


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_share_always_names_a_class_that_exists(part, whole):
    assert 0 <= formats.share(part, whole) <= 100


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "14 Nov 2026"), ("ja", "2026年11月14日"), ("zh-hans", "2026年11月14日"), ("th", "14 พ.ย. 2026")],
)
def test_shown_date_follows_the_reader(language, shown):
    with translation.override(language):
        assert formats.shown_date(DAY) == shown


def test_shown_date_of_nothing_is_a_dash():
    assert formats.shown_date(None) == "–"


def test_shown_time_is_local(settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    assert formats.shown_time(dt.datetime(2026, 11, 14, 20, 2, tzinfo=dt.UTC)) == "15 Nov 2026, 05:02"


@pytest.mark.parametrize(
    ("due", "words", "late"),
    [
        (DAY - dt.timedelta(days=6), "6 days late", True),
        (DAY - dt.timedelta(days=1), "1 day late", True),
        (DAY, "due today", False),
        (DAY + dt.timedelta(days=1), "in 1 day", False),
        (DAY + dt.timedelta(days=11), "in 11 days", False),
        (dt.datetime(2026, 11, 13, 12, tzinfo=dt.UTC), "1 day late", True),
        (None, "–", False),
    ],
)
@time_machine.travel("2026-11-14T12:00:00Z", tick=False)
def test_distance_days_says_how_far_a_due_date_is(due, words, late):
    assert (formats.distance_days(due), formats.is_late(due)) == (words, late)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0\u00a0B"),
        (999, "999\u00a0B"),
        (44_000, "44\u00a0kB"),
        (2_400_000, "2.4\u00a0MB"),
        (3_000_000_000, "3.0\u00a0GB"),
        (None, "–"),
    ],
)
def test_filesize_uses_powers_of_a_thousand(size, shown):
    assert formats.filesize(size) == shown


def test_trigger_codes_names_every_question_once():
    condition = {
        "all": [
            {"question": "A-1", "is": "yes"},
            {"not": {"question": "B-2", "over": {"question": "C-3", "times": 2}}},
            {"question": "A-1", "answered": True},
        ]
    }
    assert formats.trigger_codes(condition) == "A-1, B-2, C-3"
    assert formats.trigger_codes(None) == ""


def test_headcount_sums_rows_columns_and_all():
    cells = {"permanent.male": 412, "permanent.female": 318, "agency.male": 176}
    assert formats.head_row(cells, "permanent") == {"male": 412, "female": 318, "": 730}
    assert formats.head_row(cells, "trainee") == {}
    assert (formats.head_column(cells, "male"), formats.head_column(cells, "other"), formats.head_total(cells)) == (
        588,
        None,
        906,
    )


@pytest.mark.parametrize(
    ("files", "waits"),
    [([], False), (None, False), ([{"state": "ready"}, {"state": "checking"}], True), ([{"state": "ready"}], False)],
)
def test_any_checking_asks_again_only_while_a_file_is_checked(files, waits):
    assert formats.any_checking(files) is waits
