"""The pure core of the plan workbook: keys, rows to plans, what differs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.findings.workbook import (
    COLUMNS,
    CellProblem,
    Change,
    Fault,
    InRow,
    Plan,
    Sent,
    Standing,
    Words,
    compare,
    digest_of,
    key_of,
    read_rows,
    stamp_of,
)

STAMP = "plan.audit.7.1"
WORDS = Words(("はい", "Yes"), ("いいえ", "No"))
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
DAYS = st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
PLANS = st.builds(
    Plan,
    containment=TEXTS,
    root_cause=TEXTS,
    corrective=TEXTS,
    preventive=TEXTS,
    owner_name=TEXTS,
    owner_email=st.sampled_from(["", "a@b.cd"]),
    starts_on=DAYS,
    planned_on=DAYS,
    no_action=st.booleans(),
    no_action_reason=TEXTS,
)


def row_of(plan, standing, number=2, finding_id=5):
    cells = {name: getattr(plan, name) for name in COLUMNS}
    return InRow(number, key_of(STAMP, finding_id, standing), cells)


@given(PLANS, st.integers(0, 999))
def test_a_row_nobody_touched_comes_back_as_it_went_out(plan, version):
    standing = Standing(plan, version)
    read = read_rows([row_of(plan, standing)], stamp=STAMP, known=[5], words=WORDS)
    assert read.problems == ()
    sent = read.sent[5]
    assert (digest_of(sent.plan), sent.version, sent.is_touched) == (digest_of(plan), version, False)
    assert compare(read.sent, {5: standing})[0][0].change is Change.UNCHANGED


@given(
    st.lists(
        st.builds(
            InRow,
            st.integers(1, 9),
            st.one_of(TEXTS, st.sampled_from([f"{STAMP}|5|0|ab", f"{STAMP}|5|x|ab", f"{STAMP}|{'9' * 30}|0|ab"])),
            st.dictionaries(st.sampled_from(COLUMNS), st.one_of(st.none(), TEXTS, st.booleans(), DAYS)),
        ),
        max_size=5,
    )
)
def test_no_row_breaks_the_reading(rows):
    read = read_rows(rows, stamp=STAMP, known=[5, 6], words=WORDS)
    assert set(read.sent) <= {5, 6}
    assert len(read.sent) + len(read.problems) >= bool(rows)


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("planned_on", "soon", Fault.NOT_A_DAY),
        ("starts_on", 46000, Fault.NOT_A_DAY),
        ("owner_email", "a@b", Fault.NOT_AN_EMAIL),
        ("owner_email", "a@b.cd; e@f.gh", Fault.NOT_AN_EMAIL),
        ("owner_name", "x" * 151, Fault.TOO_LONG),
        ("root_cause", "x" * 4001, Fault.TOO_LONG),
        ("no_action", "perhaps", Fault.NOT_YES_OR_NO),
    ],
)
def test_a_bad_cell_is_named_by_its_column(column, value, fault):
    row = InRow(4, key_of(STAMP, 5, Standing()), {column: value})
    read = read_rows([row], stamp=STAMP, known=[5], words=WORDS)
    assert read.problems == (CellProblem(4, column, fault, value),)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [("はい", True), ("yes", True), (" X ", True), (True, True), ("いいえ", False), (None, False), ("", False)],
)
def test_yes_is_understood_in_every_language(cell, meant):
    row = InRow(2, key_of(STAMP, 5, Standing()), {"no_action": cell})
    assert read_rows([row], stamp=STAMP, known=[5], words=WORDS).sent[5].plan.no_action is meant


@pytest.mark.parametrize(
    "key", ["", "x", f"{STAMP}|5|0", "plan.audit.8.1|5|0|ab", f"{STAMP}|-5|0|ab", f"{STAMP}|５|0|ab"]
)
def test_a_key_that_is_not_ours_is_a_problem_of_its_row(key):
    read = read_rows([InRow(3, key)], stamp=STAMP, known=[5], words=WORDS)
    assert read.problems == (CellProblem(3, "", Fault.NO_KEY),)


def test_stamp_of_reads_only_whole_keys():
    assert [stamp_of(key) for key in (f"{STAMP}|5|0|ab", f"{STAMP}|5|0", "")] == [STAMP, "", ""]


OLD, MINE, THEIRS = Plan(root_cause="old"), Plan(root_cause="mine"), Plan(root_cause="theirs")


@pytest.mark.parametrize(
    ("mine", "base", "version", "online", "change"),
    [
        (OLD, OLD, 1, Standing(OLD, 1), Change.UNCHANGED),
        (OLD, OLD, 1, Standing(THEIRS, 2), Change.UNCHANGED),  # untouched: what stands online stays
        (MINE, OLD, 1, Standing(MINE, 2), Change.UNCHANGED),  # sent twice
        (MINE, Plan(), 0, Standing(), Change.NEW),
        (MINE, OLD, 1, Standing(OLD, 1), Change.CHANGED),
        (MINE, OLD, 1, Standing(THEIRS, 2), Change.CONFLICT),
        (MINE, Plan(), 0, Standing(THEIRS, 1), Change.CONFLICT),
        (OLD, OLD, 1, Standing(THEIRS, 2, is_open=False), Change.UNCHANGED),
    ],
)
def test_compare_tells_what_a_row_would_change(mine, base, version, online, change):
    differences, locked = compare({5: Sent(2, mine, version, digest_of(base))}, {5: online})
    assert ([one.change for one in differences], locked) == ([change], [])


def test_compare_names_a_touched_row_that_cannot_be_written_any_more():
    sent = {5: Sent(2, MINE, 1, digest_of(OLD))}
    assert compare(sent, {5: Standing(OLD, 1, is_open=False)}) == ([], [CellProblem(2, "", Fault.LOCKED)])
