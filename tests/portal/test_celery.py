"""The way of a job through a real broker and a real worker process."""

import pytest

from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import start_job

pytestmark = pytest.mark.django_db(transaction=True)

# A job of an unknown kind fails in the worker: enough to see that the worker had it.
FAILED = r"Task jobs\.run\[.*succeeded"


def states() -> list[str]:
    return list(Job.objects.values_list("state", flat=True))


def test_worker_takes_a_job_from_the_broker(start_worker):
    worker = start_worker()
    start_job("nobody-knows-it", actor=None)
    worker.wait_for(FAILED)
    assert states() == [JobState.FAILED]


@pytest.mark.production
def test_job_queued_while_redis_is_down_runs_when_it_is_back(start_worker, redis_server):
    redis_server.stop()
    start_job("nobody-knows-it", actor=None)
    assert states() == [JobState.QUEUED]
    redis_server.start()
    Job.objects.update(created_at="2026-01-01T00:00:00Z")  # the sweep leaves the youngest to the queue
    start_worker(beat=True).wait_for(FAILED)
    assert states() == [JobState.FAILED]


@pytest.mark.production
def test_job_of_a_killed_worker_is_taken_by_the_next(start_worker):
    first = start_worker()
    first.kill()
    assert not first.is_alive
    start_job("nobody-knows-it", actor=None)
    start_worker().wait_for(FAILED)
    assert states() == [JobState.FAILED]
