"""Audits in a worker. Importing the services registers the runners of this room's jobs."""

from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.models import Audit
from assessments.audits.permissions import may
from assessments.audits.queries import visible_audits
from assessments.audits.queries.comparisons import audits_to_export, reliable_questions, reliable_sites
from assessments.audits.queries.listing import exported_audits, is_outside
from assessments.audits.reports.comparisons import question_sheet, site_sheet
from assessments.audits.reports.sheets import audit_sheet
from assessments.audits.reports.summary import conclusion_sheets, summarise
from assessments.audits.services import going, scheduling
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_pdf, keep_workbook, runner
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf
from suppliers.organisations.models import Organisation
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
    for_firm = any(is_outside(space) for space in spaces if space.organisation.pk == job.organisation_id)
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


def read_audit(job: Job) -> Audit:
    """Return the audit of a job that the person who asked may still read; raise DomainError otherwise."""
    rows = visible_audits(job.actor) if job.actor else Audit.objects.none()
    related = rows.select_related("site__organisation", "relationship__buyer", "firm", "programme")
    audit = related.filter(pk=job.params["audit_id"]).first()
    if audit is None or job.actor is None or not may(job.actor, "read_conclusions", audit):
        raise DomainError(_("You no longer have access to this audit."), code="gone")
    return audit


@runner("audits.summary")
def print_summary(job: Job) -> dict[str, Any]:
    """Print the summary of an audit in the language of the person who asked."""
    audit = read_audit(job)
    context = {"audit": summarise(audit), "made_at": timezone.now(), "made_for": organisation_name(job)}
    content = render_pdf("reports/audit_summary.html", context, language=job.language)
    keep_pdf(job, f"{_('Audit summary')} {audit.site.name}", content)
    return {"message": _("The PDF is ready.")}


@runner("audits.conclusions")
def write_conclusions(job: Job) -> dict[str, Any]:
    """Write every conclusion of an audit."""
    audit = read_audit(job)
    keep_workbook(job, f"{_('Audit')} {audit.site.name}", conclusion_sheets(audit))
    return {"message": _("The workbook is ready.")}


def organisation_name(job: Job) -> str:
    """Return the name of the organisation a job was started for, "" for none."""
    found = Organisation.objects.filter(pk=job.organisation_id or 0).values_list("name", flat=True).first()
    return found or ""
