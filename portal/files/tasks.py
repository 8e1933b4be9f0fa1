"""Stored files in a worker."""

from celery import shared_task

from portal.files import services


@shared_task(name="files.scan", autoretry_for=(services.ScannerAway,), retry_backoff=5, retry_backoff_max=300)
def scan(file_id: str) -> None:
    """Scan one upload."""
    services.scan_file(file_id)


@shared_task(name="files.forget_expired")
def forget_expired() -> None:
    """Delete generated files whose time is over, and wake scans a lost queue left behind."""
    services.forget_expired()
    services.sweep_scans()
