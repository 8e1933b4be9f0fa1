"""Findings in a worker."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.findings.queries import workspace_findings
from assessments.findings.reports.sheets import finding_sheet
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner


@runner("findings.export")
def export_findings(job: Job) -> dict[str, Any]:
    """Write the findings that the list showed to the person who asked."""
    rows = workspace_findings(job.actor, job.organisation_id, job.params["filters"])
    total = rows.count()
    keep_workbook(job, _("Findings"), [finding_sheet(follow(job, rows.iterator(500), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
