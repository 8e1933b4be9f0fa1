"""The trail in a worker."""

from celery import shared_task

from portal.trail import services


@shared_task(name="trail.seal")
def seal() -> None:
    """Seal what was recorded since the last time."""
    services.seal_entries()
