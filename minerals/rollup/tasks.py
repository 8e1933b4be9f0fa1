"""The roll-up in a worker."""

from celery import shared_task

from minerals.rollup.services import refresh_rollup


@shared_task(name="rollup.refresh")
def refresh() -> None:
    """Count what was accepted and what no longer is."""
    refresh_rollup()
