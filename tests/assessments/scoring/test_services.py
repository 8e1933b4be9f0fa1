"""Scoring real submissions: what is written, once, whatever happens to the queue."""

import json
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from assessments.findings.enums import CloseReason, FindingState
from assessments.findings.models import Finding, FindingChange
from assessments.findings.services import close_finding
from assessments.responses import services as responses
from assessments.responses.models import Submission
from assessments.scoring import services
from assessments.scoring.models import Flag, Score
from assessments.scoring.queries import unscored_submissions
from assessments.scoring.scoring import SCORING_VERSION
from tests.factories import (
    CLEAN_ANSWERS,
    SMALL_ANSWERS,
    cast,
    correct,
    hand_in,
    make_response,
    make_site,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def version():
    return make_version()


@pytest.fixture
def response(world, version):
    return make_response(world.relationship, world.site, version)


def standing(response):
    response.refresh_from_db()
    figures = (response.priority_flags, response.major_flags, response.minor_flags)
    return response.score, response.band, figures


def findings():
    return list(Finding.objects.order_by("pk").values_list("rule", "state", "close_reason"))


# 1. One submission --------------------------------------------------------------------------------
def test_score_submission_writes_score_contributions_flags_finding_and_standing(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice)

    score = Score.objects.get()
    # Weights 2 + 3 + 1; the card earns 2, 66.5 hours nothing, the drill 1.
    assert (score.submission, score.total, score.band, score.scoring_version) == (
        submission,
        Decimal("50.0"),
        "high",
        SCORING_VERSION,
    )
    assert score.detail["sections"] == {
        "P": {"score": None, "earned": 0.0, "weight": 0.0},
        "A3": {"score": 40.0, "earned": 2.0, "weight": 5.0},
        "B2": {"score": 100.0, "earned": 1.0, "weight": 1.0},
    }
    assert score.detail["contributions"] == {
        "P-HEADS": ["unscored", 0, 0, 0, 0, False],
        "P-NOTE": ["unscored", 0, 0, 0, 0, False],
        "A3-RECORDS": ["scored", 1, 2, 33.333, 0, False],
        "A3-LONGEST-WEEK": ["scored", 0, 3, 0, 50, False],
        "B2-DRILL": ["scored", 1, 1, 16.667, 0, False],
        "B2-RISKS": ["unscored", 0, 0, 0, 0, False],
    }
    flag, finding = Flag.objects.get(), Finding.objects.get()
    assert (flag.rule, flag.provision, flag.severity, flag.inputs, flag.current, flag.finding) == (
        "A3-OVER-60",
        "A3",
        "major",
        {"A3-LONGEST-WEEK": 66.5},
        True,
        finding,
    )
    assert (finding.site, finding.relationship, finding.source, finding.source_id, finding.state) == (
        world.site,
        world.relationship,
        "flag",
        response.pk,
        "open",
    )
    assert finding.text["en"].startswith("Longest week 66.5") and finding.text["ja"] == "上限は60時間です。"
    assert finding.advice["en"] == "Plan the work so that weeks stay short."
    assert standing(response) == (Decimal("50.0"), "high", (0, 1, 0))
    assert Submission.objects.get().scored_version == SCORING_VERSION


def test_not_applicable_leaves_the_denominator(world, response):
    hand_in(response, {**SMALL_ANSWERS, "A3-LONGEST-WEEK": None}, world.alice)
    assert standing(response) == (Decimal("100.0"), "low", (0, 0, 0))
    assert Score.objects.get().detail["not_evaluated"] == ["A3-OVER-60"]


def test_scoring_twice_changes_nothing(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice)
    before = (list(Score.objects.values()), list(Flag.objects.values()), list(Finding.objects.values()))
    services.score_submission(submission.pk)
    assert before == (list(Score.objects.values()), list(Flag.objects.values()), list(Finding.objects.values()))


def test_scoring_again_by_force_gives_the_same_rows_once(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice)
    services.score_batch(Submission.objects.filter(pk=submission.pk))
    assert (Score.objects.count(), Flag.objects.count(), Finding.objects.count()) == (1, 1, 1)
    assert Flag.objects.get().finding == Finding.objects.get()
    assert FindingChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_scoring_at_once_by_two_workers_writes_once(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice, scored=False)
    barrier, errors = Barrier(2), []

    def work():
        try:
            barrier.wait(10)
            services.score_submission(submission.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert (Score.objects.count(), Flag.objects.count(), Finding.objects.count()) == (1, 1, 1)
    assert standing(response) == (Decimal("50.0"), "high", (0, 1, 0))


# 2. Corrections and other years -------------------------------------------------------------------
def test_correction_closes_the_finding_and_its_return_reopens_it(world, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    correct(response, {"A3-LONGEST-WEEK": 52}, world.alice)
    assert findings() == [("A3-OVER-60", "closed", "corrected")]
    assert standing(response) == (Decimal("80.0"), "medium", (0, 0, 0))
    assert list(Flag.objects.filter(current=True)) == []

    correct(response, {"A3-LONGEST-WEEK": 61}, world.alice)
    assert findings() == [("A3-OVER-60", "open", "")]
    assert list(FindingChange.objects.order_by("pk").values_list("source", "target", "reason")) == [
        ("", "open", ""),
        ("open", "closed", "corrected"),
        ("closed", "open", ""),
    ]
    assert Finding.objects.get().text["en"].startswith("Longest week 61")
    assert Flag.objects.filter(current=True).get().score.submission.number == 3
    assert Flag.objects.count() == 2  # the first submission keeps its own, no longer current


def test_answer_turned_to_not_applicable_mends_nothing(world, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    correct(response, {"A3-LONGEST-WEEK": None}, world.alice)
    assert findings() == [("A3-OVER-60", "open", "")]


def test_older_submission_scored_late_does_not_become_the_standing(world, response):
    first = hand_in(response, SMALL_ANSWERS, world.alice, scored=False)
    correct(response, {"A3-LONGEST-WEEK": 44}, world.alice)
    services.score_submission(first.pk)
    assert standing(response) == (Decimal("100.0"), "low", (0, 0, 0))
    assert findings() == []
    assert list(Flag.objects.values_list("current", "finding")) == [(False, None)]


@pytest.mark.parametrize("reason", [CloseReason.MENDED, CloseReason.NOT_CONFIRMED])
def test_finding_closed_by_a_person_stays_closed_when_scored_again(world, response, reason):
    submission = hand_in(response, SMALL_ANSWERS, world.alice)
    close_finding(finding=Finding.objects.get(), reason=reason, note="Seen on site.", actor=world.erin)
    services.score_batch(Submission.objects.filter(pk=submission.pk))
    assert findings() == [("A3-OVER-60", "closed", str(reason))]
    assert Flag.objects.get().finding == Finding.objects.get()


def test_flag_of_next_year_attaches_to_the_open_finding(world, version, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    later = make_response(world.relationship, world.site, version, period="2027")
    hand_in(later, {**SMALL_ANSWERS, "A3-LONGEST-WEEK": 72}, world.alice)
    finding = Finding.objects.get()
    assert (finding.source_id, finding.state) == (later.pk, FindingState.OPEN)
    assert finding.text["en"].startswith("Longest week 72")
    assert set(Flag.objects.values_list("finding", flat=True)) == {finding.pk}


def test_flag_of_next_year_after_a_person_closed_it_is_a_new_finding(world, version, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    close_finding(finding=Finding.objects.get(), reason=CloseReason.MENDED, note="Seen.", actor=world.erin)
    hand_in(make_response(world.relationship, world.site, version, period="2027"), SMALL_ANSWERS, world.alice)
    assert findings() == [("A3-OVER-60", "closed", "mended"), ("A3-OVER-60", "open", "")]


def test_clean_answers_of_next_year_close_the_finding_as_outdated(world, version, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    hand_in(make_response(world.relationship, world.site, version, period="2027"), CLEAN_ANSWERS, world.alice)
    assert findings() == [("A3-OVER-60", "closed", "newer")]


def test_scoring_last_year_again_raises_nothing_anew(world, version, response):
    old = hand_in(response, SMALL_ANSWERS, world.alice)
    hand_in(make_response(world.relationship, world.site, version, period="2027"), CLEAN_ANSWERS, world.alice)
    services.score_batch(Submission.objects.filter(pk=old.pk))
    assert findings() == [("A3-OVER-60", "closed", "newer")]


def test_findings_of_another_site_and_buyer_are_left_alone(world, version, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    neighbour = make_response(world.relationship, make_site(world.supplier), version)
    hand_in(neighbour, SMALL_ANSWERS, world.alice)
    correct(neighbour, {"A3-LONGEST-WEEK": 44}, world.alice)
    assert set(Finding.objects.values_list("site", "state")) == {
        (world.site.pk, "open"),
        (neighbour.site_id, "closed"),
    }


# 3. The sweep and re-scoring ----------------------------------------------------------------------
def test_sweep_wakes_workers_for_what_a_lost_queue_left(world, response, monkeypatch):
    submission = hand_in(response, SMALL_ANSWERS, world.alice, scored=False)
    woken = []
    monkeypatch.setattr(services, "enqueue", lambda name, **kwargs: woken.append((name, kwargs)))
    assert services.sweep_scoring() == 1
    assert woken == [("scoring.score", {"submission_id": submission.pk})]
    services.score_submission(submission.pk)
    assert services.sweep_scoring() == 0


def test_rescore_all_scores_in_batches_what_this_version_has_not_seen(world, version, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    made = [make_response(world.relationship, make_site(world.supplier), version) for _ in range(5)]
    for number, response in enumerate(made):
        hand_in(response, {**SMALL_ANSWERS, "A3-LONGEST-WEEK": 40 + 10 * number}, world.alice, scored=False)
    assert list(services.rescore_all()) == [2, 2, 1]
    assert [standing(response)[:2] for response in made] == [
        (Decimal("100.0"), "low"),
        (Decimal("80.0"), "medium"),
        (Decimal("80.0"), "medium"),
        (Decimal("50.0"), "high"),
        (Decimal("50.0"), "high"),
    ]
    assert not unscored_submissions().exists()
    assert list(services.rescore_all()) == []


def test_new_scoring_version_keeps_the_old_score_beside_the_new(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice)
    Score.objects.update(scoring_version="2020-1", total=1)
    Submission.objects.update(scored_version="2020-1")
    assert list(services.rescore_all()) == [1]
    assert list(Score.objects.order_by("scoring_version").values_list("scoring_version", "total")) == [
        ("2020-1", Decimal("1.0")),
        (SCORING_VERSION, Decimal("50.0")),
    ]
    assert Flag.objects.filter(current=True).get().score.submission == submission


def test_query_count_of_scoring_does_not_grow_with_the_batch(world, version):
    def counted(size):
        for _ in range(size):
            row = make_response(world.relationship, make_site(world.supplier), version)
            hand_in(row, SMALL_ANSWERS, world.alice, scored=False)
        with CaptureQueriesContext(connection) as captured:
            services.score_batch(unscored_submissions())
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    counted(1)  # warms the caches of documents
    one = counted(1)
    assert counted(4) == one <= 20


def test_snapshot_is_never_changed_by_scoring(world, response):
    submission = hand_in(response, SMALL_ANSWERS, world.alice, scored=False)
    text = submission.snapshot
    services.score_submission(submission.pk)
    submission.refresh_from_db()
    assert submission.snapshot == text and json.loads(text)["answers"]["A3-LONGEST-WEEK"]["value"] == 66.5


def test_returned_answers_keep_their_standing_until_they_are_scored_anew(world, response):
    hand_in(response, SMALL_ANSWERS, world.alice)
    responses.return_response(response=response, comments={"A3-LONGEST-WEEK": "Please check."}, actor=world.erin)
    assert standing(response) == (Decimal("50.0"), "high", (0, 1, 0))
    hand_in(response, {"A3-LONGEST-WEEK": 44}, world.alice)
    assert standing(response) == (Decimal("100.0"), "low", (0, 0, 0))
