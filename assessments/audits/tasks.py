"""Audits in a worker. Importing the services registers the runners of this room's jobs."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.queries.comparisons import audits_to_export, reliable_questions, reliable_sites
from assessments.audits.queries.listing import exported_audits
from assessments.audits.reports.comparisons import question_sheet, site_sheet
from assessments.audits.reports.sheets import audit_sheet
from assessments.audits.services import going, scheduling
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner
from suppliers.organisations.queries import workspaces_of


@shared_task(name="audits.settle")
def settle() -> None:
    """Close audits whose findings are all settled; open those again of which one is not."""
    going.settle_audits()


@shared_task(name="audits.expire")
def expire() -> None:
    """Expire audits whose validity has ended."""
    going.expire_audits()


@shared_task(name="audits.request_due")
def request_due() -> None:
    """Ask for the audits that schedules say are due."""
    scheduling.request_due_audits()


@runner("audits.export")
def export_audits(job: Job) -> dict[str, Any]:
    """Write the audits that the list showed to the person who asked."""
    rows = exported_audits(job.actor, job.organisation_id, job.params["filters"])
    spaces = workspaces_of(job.actor) if job.actor else []
    for_firm = any(space.is_firm for space in spaces if space.organisation.pk == job.organisation_id)
    total = rows.count()
    lines = follow(job, rows.iterator(500), total=total)
    keep_workbook(job, _("Audits"), [audit_sheet(lines, for_firm=for_firm)])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@runner("audits.reliability")
def export_reliability(job: Job) -> dict[str, Any]:
    """Write how far sites and questions can be believed, as the list was filtered, in two sheets."""
    filters = job.params["filters"]
    audits = audits_to_export(job.actor, job.organisation_id, filters)
    sites = reliable_sites(audits, filters.get("sort", ""))
    total = sites.count()
    questions = question_sheet(reliable_questions(audits, filters.get("sort", "")))
    keep_workbook(job, _("Reliability"), [site_sheet(follow(job, sites.iterator(500), total=total)), questions])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
