"""Scoring: every rule by table, and the promises by properties."""

import copy
import json
from datetime import date

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.questionnaires.conditions import visible_answers
from assessments.questionnaires.document import dump_json, load_json
from assessments.scoring.enums import State
from assessments.scoring.scoring import (
    SCORING_VERSION,
    Contribution,
    Fired,
    Result,
    SnapshotError,
    Tally,
    compile_scorer,
)
from tests.assessments.questionnaires.builders import (
    EVERY_FLAG,
    EVERY_KIND,
    make_document,
    make_full_document,
    make_question,
)
from tests.assessments.questionnaires.strategies import JUNK, snapshots
from tests.assessments.scoring.synthetic import measure

FILE = {"name": "a.pdf", "sha256": "0" * 64, "size": 1}
FULL = make_full_document()
FULL_SCORER = compile_scorer(FULL)
FLAT = make_document(*[{**q, "show_if": None} for q in EVERY_KIND], flags=EVERY_FLAG)
FLAT_SCORER = compile_scorer(FLAT)


def snapshot(**answers):
    entries = {code.replace("_", "-"): value for code, value in answers.items()}
    return {"format": 1, "as_of": "2026-03-31", "answers": entries}


def score_one(kind, answer, **fields):
    """The only contribution of a document with one question of weight 2."""
    scorer = compile_scorer(make_document(make_question("Q-A", kind, weight=2, **fields)))
    return scorer.score(snapshot(Q_A=answer)).contributions[0]


SUMMED = [
    {"code": "a", "text": "A", "points": 0.75},
    {"code": "b", "text": "B", "points": 0.75},
    {"code": "c", "text": "C", "points": -0.5},
]


@pytest.mark.parametrize(
    ("kind", "value", "earned"),
    [
        ("single", "good", 1),
        ("single", "fair", 0.5),
        ("single", "bad", 0),
        ("yes_no", "yes", 1),
        ("yes_no", "no", 0),
        ("number", 0, 1),
        ("number", 48, 1),
        ("number", 48.1, 0.6),
        ("number", 60, 0.6),
        ("number", 60.5, 0),
        ("percentage", 10, 0),
        ("percentage", 10.5, 1),
        ("date", "2026-03-30", 0),
        ("date", "2026-03-31", 1),
        ("date", "2027-01-01", 1),
    ],
)
def test_value_earns_its_points(kind, value, earned):
    one = score_one(kind, {"value": value})
    assert (one.state, one.earned, one.weight) == (State.SCORED, earned, 2)
    assert (one.gain, one.lost) == (100 * earned, 100 - 100 * earned)


@pytest.mark.parametrize(
    ("value", "earned"), [(["a"], 0.75), (["a", "b"], 1), (["c"], 0), (["a", "c"], 0.25), (["a", "b", "c"], 1)]
)
def test_multiple_sums_its_points_within_0_and_1(value, earned):
    assert score_one("multiple", {"value": value}, choices=SUMMED).earned == earned


def test_document_earns_by_its_files():
    assert score_one("document", {"value": None, "evidence": [FILE]}).earned == 1
    assert score_one("document", {"value": None, "evidence": []}).state is State.UNANSWERED


@pytest.mark.parametrize(
    "answer", [None, {"value": None}, {"value": ""}, {"value": "gone"}, {"value": 5}, {"comment": "x"}]
)
def test_unanswered_earns_nothing_and_stays_in_the_denominator(answer):
    one = score_one("single", answer)
    assert (one.state, one.earned, one.gain, one.lost) == (State.UNANSWERED, 0, 0, 100)


def test_na_with_a_reason_leaves_the_denominator():
    document = make_document(make_question("Q-A", weight=3), make_question("Q-B", weight=1))
    result = compile_scorer(document).score(snapshot(Q_A={"value": "no", "na": "No such work"}, Q_B={"value": "yes"}))
    assert result.total == 100
    assert [one.state for one in result.contributions] == [State.NOT_APPLICABLE, State.SCORED]


@pytest.mark.parametrize("na", [True, " ", ""])
def test_na_without_a_reason_is_no_way_out(na):
    document = make_document(make_question("Q-A", weight=1), make_question("Q-B", weight=1))
    result = compile_scorer(document).score(snapshot(Q_A={"value": None, "na": na}, Q_B={"value": "yes"}))
    assert (result.total, result.contributions[0].state) == (50, State.UNANSWERED)


def test_hidden_questions_do_not_count():
    document = make_document(
        make_question("Q-A", weight=1), make_question("Q-B", weight=9, show_if={"question": "Q-A", "is": "no"})
    )
    result = compile_scorer(document).score(snapshot(Q_A={"value": "yes"}, Q_B={"value": "no"}))
    assert (result.total, result.contributions[1]) == (100, Contribution("Q-B", "A", State.HIDDEN, "A1"))


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({"value": "good"}, True),
        ({"value": "good", "evidence": []}, True),
        ({"value": "good", "evidence": [FILE]}, False),
        ({"value": None}, False),
        ({"value": None, "na": "No such work"}, False),
    ],
)
@pytest.mark.parametrize("weight", [0, 2])
def test_missing_evidence_is_a_mark_and_changes_no_points(answer, missing, weight):
    question = make_question("Q-A", "single", weight=weight, evidence={"text": "Proof", "required": True})
    result = compile_scorer(make_document(question)).score(snapshot(Q_A=answer))
    assert result.contributions[0].missing_evidence is missing
    if weight and answer["value"]:
        assert result.total == 100


@pytest.mark.parametrize(
    ("share", "total", "band"), [(0, 0, "high"), (0.59, 59, "high"), (0.5996, 60, "medium"), (0.6, 60, "medium"), (0.85, 85, "low"), (1, 100, "low")]
)  # fmt: skip
def test_band_goes_by_the_rounded_total(share, total, band):
    choices = [{"code": "a", "text": "A", "points": share}, {"code": "b", "text": "B", "points": 0}]
    document = make_document(make_question("Q-A", "single", weight=1, choices=choices))
    result = compile_scorer(document).score(snapshot(Q_A={"value": "a"}))
    assert (result.total, result.band) == (total, band)


def test_nothing_that_counts_gives_no_score_and_no_band():
    result = compile_scorer(make_document(make_question("Q-A"))).score(snapshot(Q_A={"value": "yes"}))
    assert (result.total, result.band, result.sections) == (None, None, {"A": Tally(None, 0, 0)})
    assert result.contributions == (Contribution("Q-A", "A", State.UNSCORED, "A1"),)


def test_score_gives_the_whole_result():
    answers = {
        "K-SINGLE": {"value": "fair", "evidence": []},
        "K-MULTI": {"value": ["good"]},
        "K-YESNO": {"value": "no"},
        "K-NUMBER": {"value": 72},
        "K-PERCENT": {"value": 50},
        "K-DATE": {"value": None, "na": "No permit needed"},
        "K-TEXT": {"value": "text"},
        "K-FILES": {"value": None, "evidence": [FILE]},
        "K-SHOWN": {"value": "good"},
        "K-UNKNOWN": {"value": "ignored"},
    }
    result = FULL_SCORER.score({"format": 1, "as_of": "2026-03-31", "answers": answers, "other": "ignored"})
    assert result == Result(
        total=40.0,
        band="high",
        sections={"A": Tally(40.0, 4.0, 10.0)},
        provisions={"A1": Tally(25.0, 2.0, 8.0), "A2": Tally(100.0, 2.0, 2.0)},
        contributions=(
            Contribution("K-SINGLE", "A", State.SCORED, "A1", 0.5, 2, 10, 10, True),
            Contribution("K-MULTI", "A", State.SCORED, "A1", 1, 1, 10, 0),
            Contribution("K-YESNO", "A", State.SCORED, "A1", 0, 3, 0, 30),
            Contribution("K-NUMBER", "A", State.SCORED, "A1", 0, 2, 0, 20),
            Contribution("K-PERCENT", "A", State.SCORED, "A2", 1, 1, 10, 0),
            Contribution("K-DATE", "A", State.NOT_APPLICABLE, "A2"),
            Contribution("K-TEXT", "A", State.UNSCORED, "A1"),
            Contribution("K-HEADS", "A", State.UNSCORED, "A1"),
            Contribution("K-FILES", "A", State.SCORED, "A2", 1, 1, 10, 0),
            Contribution("K-SHOWN", "A", State.HIDDEN, "A1"),
        ),
        flags=(Fired("F-OVER", "A1", "major", {"K-NUMBER": 72}),),
        not_evaluated=("F-AGENCY",),
        scoring_version=SCORING_VERSION,
    )


@pytest.mark.parametrize(
    ("heads", "fired", "not_evaluated"),
    [
        ({"permanent.male": 1, "agency.male": 4}, ["F-AGENCY"], ["F-OVER"]),
        ({"permanent.male": 4, "agency.male": 1}, [], ["F-OVER"]),
        (None, [], ["F-OVER", "F-AGENCY"]),
    ],
)
def test_flags_fire_stay_silent_or_are_not_evaluated(heads, fired, not_evaluated):
    result = FULL_SCORER.score(snapshot(K_HEADS={"value": heads}))
    assert [flag.rule for flag in result.flags] == fired
    assert list(result.not_evaluated) == not_evaluated


def test_a_hidden_answer_fires_no_flag():
    flag = {
        "code": "F-ONE",
        "provision": "A1",
        "severity": "minor",
        "when": {"question": "Q-B", "is": "no"},
        "text": "x",
    }
    document = make_document(
        make_question("Q-A"), make_question("Q-B", show_if={"question": "Q-A", "is": "yes"}), flags=[flag]
    )
    scorer = compile_scorer(document)
    assert [f.rule for f in scorer.score(snapshot(Q_A={"value": "yes"}, Q_B={"value": "no"})).flags] == ["F-ONE"]
    hidden = scorer.score(snapshot(Q_A={"value": "no"}, Q_B={"value": "no"}))
    assert (hidden.flags, hidden.not_evaluated) == ((), ("F-ONE",))


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"format": 2, "as_of": "2026-03-31", "answers": {}},
        {"format": 1, "answers": {}},
        {"format": 1, "as_of": "31.3.2026", "answers": {}},
        {"format": 1, "as_of": "2026-03-31"},
        {"format": 1, "as_of": "2026-03-31", "answers": []},
        [],
    ],
)
def test_score_refuses_what_is_no_snapshot(broken):
    with pytest.raises(SnapshotError, match="A snapshot has"):
        FULL_SCORER.score(broken)


@given(snapshots(FULL))
def test_score_lies_within_0_and_100_and_adds_up(given_snapshot):
    result = FULL_SCORER.score(given_snapshot)
    tallies = [result.sections["A"], *result.provisions.values()]
    assert all(tally.score is None or 0 <= tally.score <= 100 for tally in tallies)
    assert len(result.contributions) == len(FULL.questions)
    if result.total is not None:
        assert 0 <= result.total <= 100
        assert sum(one.gain for one in result.contributions) == pytest.approx(result.total, abs=0.05001)
        assert sum(one.gain + one.lost for one in result.contributions) == pytest.approx(100)
        assert result.band in {"high", "medium", "low"}


@given(snapshots(FLAT), st.sampled_from(FLAT.questions))
def test_na_in_place_of_nothing_earned_never_lowers_the_score(before, question):
    contribution = FLAT_SCORER.score(before).contributions[FLAT.positions[question.code]]
    assume(contribution.earned == 0)
    after = copy.deepcopy(before)
    after["answers"][question.code] = {"value": None, "na": "No such work here"}
    old, new = FLAT_SCORER.score(before).total, FLAT_SCORER.score(after).total
    assert old is None or new is None or new >= old


@given(snapshots(FLAT), st.sampled_from([q for q in FLAT.questions if q.weight]), st.data())
def test_an_answer_that_earns_more_never_lowers_the_total(one, question, data):
    other = copy.deepcopy(one)
    place = FLAT.positions[question.code]
    other["answers"][question.code] = data.draw(snapshots(FLAT))["answers"].get(question.code, {"value": None})
    first, second = FLAT_SCORER.score(one), FLAT_SCORER.score(other)
    counted = {State.SCORED, State.UNANSWERED}
    assume(first.contributions[place].state in counted and second.contributions[place].state in counted)
    if second.contributions[place].earned >= first.contributions[place].earned:
        assert second.total >= first.total
    else:
        assert second.total <= first.total


@given(snapshots(FULL), snapshots(FULL))
def test_hidden_answers_never_matter(one, other):
    shown, _visible = visible_answers(FULL, one["answers"], date(2026, 3, 31))
    mixed = {**one, "answers": {**other["answers"], **one["answers"]}}
    for code in shown:
        if code not in one["answers"]:
            mixed["answers"].pop(code, None)
    assert FULL_SCORER.score(mixed) == FULL_SCORER.score(one)


@given(snapshots(FULL))
def test_score_does_not_change_what_it_reads_and_repeats_itself(given_snapshot):
    before = copy.deepcopy(given_snapshot)
    first = FULL_SCORER.score(given_snapshot)
    assert given_snapshot == before
    assert compile_scorer(load_json(dump_json(FULL))).score(json.loads(json.dumps(before))) == first


@given(st.dictionaries(st.sampled_from([q.code for q in FULL.questions]), JUNK))
def test_junk_answers_never_break_the_scorer(answers):
    result = FULL_SCORER.score({"format": 1, "as_of": "2026-03-31", "answers": answers})
    assert result.total is None or 0 <= result.total <= 100


@given(snapshots(FULL))
def test_result_survives_its_json(given_snapshot):
    result = FULL_SCORER.score(given_snapshot)
    assert msgspec.json.decode(msgspec.json.encode(result), type=Result) == result


def test_scoring_stays_within_ten_times_decoding_its_snapshot():
    floor, scoring = measure(submissions=40, rounds=5)
    assert scoring < 10 * floor
