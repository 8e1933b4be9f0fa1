"""The registry in a worker."""

from typing import Any

from minerals.smelters.services.exports import EXPORT
from minerals.smelters.services.exports import run_export as write_export
from portal.jobs.models import Job
from portal.jobs.services import runner


@runner(EXPORT)
def run_export(job: Job) -> dict[str, Any]:
    """Write the smelters, names or changes that a list showed to the person who asked."""
    return write_export(job)
