"""Findings in a worker."""

from typing import Any

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.findings.queries import workspace_findings
from assessments.findings.queries.plans import batch_findings, workspace_actions
from assessments.findings.queries.sights import sight_of
from assessments.findings.reports.plans import action_sheet, plan_facts
from assessments.findings.reports.sheets import finding_sheet
from assessments.findings.services.declared import raise_declared_findings
from assessments.findings.services.reminding import remind_actions
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_pdf, keep_workbook, runner
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf


@runner("findings.export")
def export_findings(job: Job) -> dict[str, Any]:
    """Write the findings that the list showed to the person who asked."""
    rows = workspace_findings(job.actor, job.organisation_id, job.params["filters"])
    total = rows.count()
    sheet = finding_sheet(follow(job, rows.iterator(500), total=total), sight_of(job.actor or AnonymousUser()))
    keep_workbook(job, _("Findings"), [sheet])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@shared_task(name="findings.remind_due")
def remind_due() -> None:
    """Queue the mails about due dates that are due today."""
    remind_actions()


@shared_task(name="findings.raise_declared")
def raise_declared() -> None:
    """Make findings match the red flags of declarations."""
    raise_declared_findings()


@runner("findings.export_actions")
def export_actions(job: Job) -> dict[str, Any]:
    """Write the corrective actions that the list showed to the person who asked."""
    rows = workspace_actions(job.actor, job.organisation_id, job.params["filters"])
    total = rows.count()
    sheet = action_sheet(follow(job, rows.iterator(500), total=total), sight_of(job.actor or AnonymousUser()))
    keep_workbook(job, _("Actions"), [sheet])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@runner("findings.plan_pdf")
def print_plan(job: Job) -> dict[str, Any]:
    """Print the plan of one audit or response for the person who asked, in their language."""
    reader = job.actor or AnonymousUser()
    rows = batch_findings(reader, job.params["source"], job.params["source_id"])
    findings = list(rows.prefetch_related("files__file"))
    if not findings:
        raise DomainError(_("There are no findings to print."), code="empty")
    facts = plan_facts(findings, sight_of(reader), str(job.actor or ""))
    content = render_pdf("reports/action_plan.html", facts, language=get_language() or "en")
    keep_pdf(job, f"{_('Corrective action plan')} {findings[0].site.name}", content)
    return {"message": _("The PDF is ready.")}
