"""Deeds on jobs: enqueue after commit, start, keep alive, finish."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.files.enums import FileKind
from portal.files.models import StoredFile
from portal.files.services import store_generated
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.lib.errors import DomainError
from portal.lib.queue import enqueue
from portal.lib.workbook import Sheet, write_workbook

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Runner = Callable[[Job], dict[str, Any]]
RUNNERS: dict[str, Runner] = {}
LEASE = timedelta(seconds=90)
ATTEMPTS = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    """Create a job, wake a worker after commit, and return the job.

    A `return_path` whose filters are too long for its column leads back to the whole list.
    """
    longest = Job._meta.get_field("return_path").max_length or 0
    job = Job.objects.create(
        kind=kind,
        actor=actor,
        organisation_id=organisation_id,
        params=params or {},
        source_file=source_file,
        return_path=return_path if len(return_path) <= longest else return_path.partition("?")[0][:longest],
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


def keep_workbook(job: Job, name: str, sheets: Iterable[Sheet]) -> None:
    """Write the sheets as the job's result: an XLSX that is forgotten after a week."""
    job.result_file = store_generated(
        f"{name} {timezone.localdate():%Y-%m-%d}.xlsx",
        write_workbook(sheets),
        kind=FileKind.EXPORT,
        content_type=XLSX,
        organisation_id=job.organisation_id,
        actor=job.actor,
    )


def keep_pdf(job: Job, name: str, content: bytes) -> None:
    """Keep a PDF as the job's result; it is forgotten after a week."""
    job.result_file = store_generated(
        f"{name} {timezone.localdate():%Y-%m-%d}.pdf",
        content,
        kind=FileKind.REPORT,
        content_type="application/pdf",
        organisation_id=job.organisation_id,
        actor=job.actor,
    )
