"""The frozen copy: one text for one content, and nothing that does not read back."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.responses.snapshot import Frame, FrozenAnswer, build_snapshot, canonical_json, hash_of

FRAME = Frame(
    response=7,
    number=2,
    title="Annual",
    period="2026",
    questionnaire={"code": "small", "version": "1", "sha256": "ab"},
    buyer={"id": 1, "name": "あおぞら"},
    site={"id": 3, "name": "Plant"},
    as_of=date(2026, 11, 23),
    submitted_at=datetime(2026, 11, 23, 10, 30, 5, 99, tzinfo=UTC),
    attested_name="高橋",
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
frozen = st.builds(FrozenAnswer, value=plain, na=st.none() | st.text(), comment=st.text(), evidence=st.just(()))


def test_build_snapshot_holds_everything():
    file = {"name": "a.pdf", "sha256": "cd", "size": 4}
    answers = {
        "A-1": FrozenAnswer("card", None, "See file", (file,), "2025"),
        "A-2": FrozenAnswer(None, "No shop floor", "", ()),
        "A-3": FrozenAnswer(5, None, "", ()),
    }
    assert build_snapshot(FRAME, answers, {"A-1", "A-2"}) == {
        "format": 1,
        "response": 7,
        "number": 2,
        "title": "Annual",
        "period": "2026",
        "questionnaire": {"code": "small", "version": "1", "sha256": "ab"},
        "buyer": {"id": 1, "name": "あおぞら"},
        "site": {"id": 3, "name": "Plant"},
        "as_of": "2026-11-23",
        "submitted_at": "2026-11-23T10:30:05+00:00",
        "attested": {"name": "高橋", "on": "2026-11-23"},
        "answers": {
            "A-1": {"value": "card", "comment": "See file", "evidence": [file], "origin": "2025"},
            "A-2": {"value": None, "na": "No shop floor"},
            "A-3": {"value": 5, "hidden": True},
        },
    }


@given(st.dictionaries(st.text(min_size=1), frozen, max_size=5), st.randoms())
def test_the_hash_does_not_depend_on_the_order_of_answers(answers, random):
    codes = list(answers)
    random.shuffle(codes)
    one = canonical_json(build_snapshot(FRAME, answers, ()))
    other = canonical_json(build_snapshot(FRAME, {code: answers[code] for code in codes}, ()))
    assert (one, hash_of(one)) == (other, hash_of(other))
    assert json.loads(one) == build_snapshot(FRAME, answers, ())


@given(st.text(), st.text())
def test_the_hash_tells_two_answers_apart(one, other):
    texts = [
        canonical_json(build_snapshot(FRAME, {"A-1": FrozenAnswer(value, None, "", ())}, {"A-1"}))
        for value in (one, other)
    ]
    assert (hash_of(texts[0]) == hash_of(texts[1])) == (one == other)


def test_what_is_no_number_cannot_be_frozen():
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"value": float("nan")})
