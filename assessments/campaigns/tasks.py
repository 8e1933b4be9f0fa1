"""Campaigns in a worker. Importing the services registers the runners of this room's jobs."""

from celery import shared_task

from assessments.campaigns import services


@shared_task(name="campaigns.remind_due")
def remind_due() -> None:
    """Queue the reminders that are due today."""
    services.remind_due()
