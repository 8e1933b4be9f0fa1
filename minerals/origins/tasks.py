"""Lists of risky areas in a worker."""

from typing import Any

from minerals.origins.services import EXPORT, write_export
from portal.jobs.models import Job
from portal.jobs.services import runner


@runner(EXPORT)
def export_list(job: Job) -> dict[str, Any]:
    """Write the areas of a list for the person who asked."""
    return write_export(job)
