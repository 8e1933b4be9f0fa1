"""Hypothesis strategies: values a question can have, whole sets of answers, and junk."""

from datetime import date

from hypothesis import strategies as st

from assessments.questionnaires.enums import Kind

_JUNK_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
JUNK = st.recursive(
    _JUNK_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)


def values(question):
    """Values that `validate_value` accepts."""
    return {
        Kind.SINGLE: lambda: st.sampled_from(question.choice_codes),
        Kind.YES_NO: lambda: st.sampled_from(["yes", "no"]),
        Kind.MULTIPLE: lambda: st.lists(st.sampled_from(question.choice_codes), unique=True),
        Kind.NUMBER: lambda: st.integers(0, 1680).map(lambda tenths: tenths / 10),
        Kind.PERCENTAGE: lambda: st.integers(0, 100),
        Kind.DATE: lambda: st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)).map(str),
        Kind.TEXT: lambda: st.text(max_size=20),
        Kind.HEADCOUNT: lambda: st.dictionaries(st.sampled_from(question.cells), st.integers(0, 10**7)),
        Kind.DOCUMENT: st.none,
    }[question.kind]()


def entries(question):
    """Snapshot entries: a value, or N/A with a reason, with or without files."""
    files = st.lists(st.just({"name": "a.pdf", "sha256": "0" * 64, "size": 1}), max_size=2)
    answered = st.fixed_dictionaries({"value": values(question), "evidence": files})
    empty = st.just({"value": None})
    return answered | st.just({"value": None, "na": "No such work here"}) | empty


def snapshots(document, as_of="2026-03-31"):
    """Any part of the questions answered."""
    answers = st.fixed_dictionaries({}, optional={q.code: entries(q) for q in document.questions})
    return answers.map(lambda given: {"format": 1, "as_of": as_of, "answers": given})
