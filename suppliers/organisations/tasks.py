"""Long work of this room: importing and exporting suppliers, exporting the record, as jobs."""

from typing import Any

from portal.jobs.models import Job
from portal.jobs.services import runner
from suppliers.organisations import services


@runner("organisations.import")
def import_suppliers(job: Job) -> dict[str, Any]:
    """Import the uploaded table."""
    return services.run_import(job)


@runner("organisations.export")
def export_suppliers(job: Job) -> dict[str, Any]:
    """Write the suppliers the actor sees into a workbook."""
    return services.run_export(job)


@runner("organisations.trail_export")
def export_trail(job: Job) -> dict[str, Any]:
    """Write the record of the organisation into a workbook."""
    return services.run_trail_export(job)
