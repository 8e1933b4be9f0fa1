"""Reads: a person's own jobs, and what a page says of one."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.jobs.enums import JobState
from portal.jobs.models import Job

SHOWN_FAULTS = 200
# A kind is "<room>.<deed>"; the rooms are not known here, so the page names the deed.
DEEDS = {
    "import": gettext_lazy("Import"),
    "export": gettext_lazy("Export"),
    "send": gettext_lazy("Sending"),
    "answer": gettext_lazy("Answer"),
    "remind": gettext_lazy("Reminders"),
    "pdf": gettext_lazy("PDF"),
    "report": gettext_lazy("PDF report"),
    "rescore": gettext_lazy("Scoring again"),
}


def visible_jobs(user: User | AnonymousUser) -> QuerySet[Job]:
    """Return the jobs a person started, the newest first; nobody sees another's."""
    return Job.objects.filter(actor_id=user.pk or 0).select_related("result_file").order_by("-created_at")


def name_of(job: Job) -> str:
    """Return what a job does, in a word."""
    deed = job.kind.rpartition(".")[2]
    return str(DEEDS.get(deed) or DEEDS.get(deed.rpartition("_")[2]) or _("Work"))


def is_running(job: Job) -> bool:
    """Whether the job has not ended."""
    return job.state in (JobState.QUEUED, JobState.RUNNING)


def words_of(job: Job) -> str:
    """Return the sentence that says how a job stands."""
    said = str(job.result.get("message") or "")
    if job.state == JobState.FAILED:
        return _("A fault on our side stopped the work; it has been recorded. Nothing is half done. Start it again.")
    if job.state == JobState.QUEUED:
        return _("It waits for its turn.")
    return said


def faults_of(job: Job) -> list[dict[str, Any]]:
    """Return the faults found in an upload: {row, column, value, message} each, as far as known."""
    detail = job.result.get("detail")
    rows = detail if isinstance(detail, list) else []
    return [row for row in rows if isinstance(row, dict) and row.get("message")]


def progress_of(job: Job) -> dict[str, Any]:
    """Return what components/job_progress.html shows."""
    ready = job.state == JobState.DONE and job.result_file is not None
    return {
        "name": name_of(job),
        "done": job.done,
        "total": job.total,
        "running": is_running(job),
        "failed": job.state in (JobState.FAILED, JobState.REFUSED),
        "message": words_of(job),
        "poll_url": reverse("job_detail", args=[job.pk]),
        "result_url": reverse("job_file", args=[job.pk]) if ready else "",
        "result_label": job.result_file.name if ready and job.result_file else "",
    }
