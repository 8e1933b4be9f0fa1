"""Scoring survives what breaks in a real installation: a worker that dies, a Redis that goes away."""

import time

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.findings.models import Finding
from assessments.responses.models import Response, Submission
from assessments.scoring.models import Flag, Score
from portal.notices.models import Mail
from tests.factories import SMALL_ANSWERS, cast, hand_in, make_response, make_site, make_version

pytestmark = [pytest.mark.production, pytest.mark.django_db(transaction=True)]

# What a page may take while the broker is away, on a machine that is busy with other tests.
QUICK_SECONDS = 5


def wait_until(fact, *, seconds=90):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "This did not happen in time."
        time.sleep(0.02)


def hand_in_many(count):
    """Submissions whose hints wait in the queue; every one raises one flag."""
    people, version = cast(), make_version()
    return [
        hand_in(
            make_response(people.relationship, make_site(people.supplier), version),
            SMALL_ANSWERS,
            people.alice,
            scored=False,
        )
        for _number in range(count)
    ]


def is_all_scored():
    return not Submission.objects.filter(scored_version="").exists()


def written():
    """What scoring leaves behind, and when."""
    return sorted(Score.objects.values_list("submission_id", "total", "created_at"))


def is_worker_in_the_middle():
    """Whether a session of the worker has written a score and now waits for the table of flags."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'scoring_flag'::regclass AND NOT granted")
        return cursor.fetchone()[0] > 0


def test_worker_killed_in_the_middle_of_a_submission_leaves_nothing_half_scored(start_worker):
    [submission] = hand_in_many(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE scoring_flag IN EXCLUSIVE MODE")  # the score is written, its flags must wait
        first = start_worker()
        wait_until(is_worker_in_the_middle)
        first.kill()
    assert (Score.objects.count(), Finding.objects.count()) == (0, 0)

    second = start_worker(beat=True)
    wait_until(is_all_scored)
    assert_scored_once([submission], second)


def test_worker_killed_between_submissions_is_followed_by_one_that_scores_the_rest(start_worker):
    submissions = hand_in_many(120)
    first = start_worker()
    wait_until(lambda: Score.objects.count() >= 20)
    first.kill()
    before = written()
    assert 20 <= len(before) < len(submissions)

    second = start_worker(beat=True)
    wait_until(is_all_scored)
    assert_scored_once(submissions, second)
    assert [row for row in written() if row in before] == before


def assert_scored_once(submissions, worker):
    """One score, one flag and one finding each, and a further sweep changes none of them."""
    keys = sorted(submission.pk for submission in submissions)
    first = written()
    assert [row[0] for row in first] == keys
    assert sorted(Flag.objects.values_list("score__submission", "rule")) == [(key, "A3-OVER-60") for key in keys]
    assert Finding.objects.count() == len(keys)
    seen = worker.output.count("scoring.sweep")
    wait_until(lambda: worker.output.count("scoring.sweep") > seen + 2)
    assert written() == first


def test_submissions_are_taken_while_redis_is_down_and_scored_when_it_is_back(start_worker, redis_server, client):
    people, version = cast(), make_version()
    rows = [
        make_response(people.relationship, make_site(people.supplier), version, answers=SMALL_ANSWERS)
        for _number in range(3)
    ]
    worker = start_worker(beat=True)
    client.force_login(people.alice)
    redis_server.stop()

    took = [submit_by_page(client, response) for response in rows]
    assert max(took) < QUICK_SECONDS, took
    assert set(Response.objects.values_list("state", flat=True)) == {"submitted"}
    assert (Submission.objects.count(), Score.objects.count()) == (3, 0)

    redis_server.start()
    wait_until(is_all_scored)  # by the worker that ran all the time: it finds its way back
    wait_until(lambda: not Mail.objects.filter(template="response_submitted").exclude(state="sent").exists())
    assert worker.is_alive
    assert_scored_once(list(Submission.objects.all()), worker)
    assert set(Response.objects.values_list("score", flat=True)) == {float(Score.objects.first().total)}


def submit_by_page(client, response):
    """Press Submit; return how many seconds the page took."""
    started = timezone.now()
    answer = client.post(reverse("response_check", args=[response.pk]), {"attested_name": "Alice", "is_true": "on"})
    took = (timezone.now() - started).total_seconds()
    assert (answer.status_code, answer["Location"]) == (302, reverse("response_submitted", args=[response.pk])), (
        answer.content.decode()[-2000:]
    )
    return took
