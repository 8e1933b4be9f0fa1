"""Scoring in a worker."""

from celery import shared_task

from assessments.scoring import services


@shared_task(name="scoring.score")
def score(submission_id: int) -> None:
    """Score one submission."""
    services.score_submission(submission_id)


@shared_task(name="scoring.sweep")
def sweep() -> None:
    """Find submissions a lost queue left unscored."""
    services.sweep_scoring()
