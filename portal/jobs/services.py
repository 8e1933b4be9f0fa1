"""Deeds on jobs: enqueue after commit, start, keep alive, finish."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.lib.errors import DomainError

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Runner = Callable[[Job], dict[str, Any]]
RUNNERS: dict[str, Runner] = {}
LEASE = timedelta(seconds=90)
ATTEMPTS = 3


def enqueue(name: str, /, **kwargs: object) -> None:
    """Run the task called `name` in a worker, once this transaction has committed.

    A broker that is down is logged, never raised: the room's sweep finds the work by its state.
    """

    def send() -> None:
        try:
            current_app.signature(name, kwargs=kwargs).delay()
        except (OperationalError, OSError) as error:
            logger.warning("Broker not reached for %s; the sweep will find the work (%s)", name, error)

    transaction.on_commit(send)


def runner(kind: str) -> Callable[[Runner], Runner]:
    """Register a function as the one that does jobs of this kind; it returns the result shown on the page."""

    def register(function: Runner) -> Runner:
        RUNNERS[kind] = function
        return function

    return register


@transaction.atomic
def start_job(
    kind: str,
    *,
    actor: User | None,
    organisation_id: int | None = None,
    params: dict[str, Any] | None = None,
    source_file: StoredFile | None = None,
    return_path: str = "",
) -> Job:
    """Create a job, wake a worker after commit, and return the job."""
    job = Job.objects.create(
        kind=kind,
        actor=actor,
        organisation_id=organisation_id,
        params=params or {},
        source_file=source_file,
        return_path=return_path,
        language=translation.get_language() or "en",
    )
    enqueue("jobs.run", job_id=str(job.pk))
    return job


def claim_job(job_id: str) -> Job | None:
    """Take a queued job, or one whose worker died, for this worker; None when somebody else has it."""
    now = timezone.now()
    free = Job.objects.filter(pk=job_id, state=JobState.QUEUED) | Job.objects.filter(
        pk=job_id, state=JobState.RUNNING, heartbeat_at__lt=now - LEASE
    )
    won = free.update(state=JobState.RUNNING, heartbeat_at=now, attempts=F("attempts") + 1)
    return Job.objects.get(pk=job_id) if won else None


def run_job(job_id: str) -> None:
    """Claim and run one job; a refusal becomes its sentence, a crash is retried by the sweep."""
    job = claim_job(job_id)
    if job is None:
        return
    if job.attempts > ATTEMPTS:
        finish_job(job, JobState.FAILED, {})
        return
    with translation.override(job.language):
        try:
            result = RUNNERS[job.kind](job)
        except DomainError as error:
            finish_job(job, JobState.REFUSED, {"message": error.message, "detail": error.detail})
        except Exception:
            logger.exception("Job %s (%s) failed", job.pk, job.kind)
            finish_job(job, JobState.FAILED, {})
        else:
            finish_job(job, JobState.DONE, result)


def finish_job(job: Job, state: JobState, result: dict[str, Any]) -> None:
    """Write the end of a job."""
    job.state, job.result, job.finished_at = state, result, timezone.now()
    job.save(update_fields=["state", "result", "finished_at", "result_file"])


def show_progress(job: Job, done: int, total: int) -> None:
    """Write how far a job is and that its worker lives."""
    job.done, job.total, job.heartbeat_at = done, total, timezone.now()
    job.save(update_fields=["done", "total", "heartbeat_at"])


def follow(job: Job, things: Iterable[Thing], *, total: int, every: int = 200) -> Iterator[Thing]:
    """Yield each thing and show progress once per `every` things."""
    for number, thing in enumerate(things, start=1):
        yield thing
        if number % every == 0 or number == total:
            show_progress(job, number, total)


def sweep_jobs() -> int:
    """Wake workers for jobs that wait or whose worker died; return how many."""
    now = timezone.now()
    waiting = Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - timedelta(seconds=5))
    orphaned = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - LEASE)
    ids = [str(pk) for pk in (waiting | orphaned).values_list("pk", flat=True)[:200]]
    for job_id in ids:
        enqueue("jobs.run", job_id=job_id)
    return len(ids)
