"""Mails in a worker."""

from celery import shared_task

from portal.notices import services


@shared_task(name="notices.send")
def send() -> None:
    """Send a run of mails."""
    services.send_due_mails()


@shared_task(name="notices.sweep")
def sweep() -> None:
    """Find mails a lost queue or a dead worker left behind."""
    services.sweep_mails()
