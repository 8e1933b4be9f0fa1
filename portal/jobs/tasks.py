"""Jobs in a worker."""

from celery import shared_task

from portal.jobs import services


@shared_task(name="jobs.run")
def run(job_id: str) -> None:
    """Run one job."""
    services.run_job(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Find jobs a lost queue or a dead worker left behind."""
    services.sweep_jobs()
