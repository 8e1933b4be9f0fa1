"""Reports of the overview in a worker."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.audits.permissions import may_in
from assessments.campaigns.queries import visible_campaigns, visible_requests
from assessments.overview.queries import dashboard
from assessments.overview.reports.catalogue import BY_NAME
from assessments.overview.reports.dashboard import country_rows, named_flags, provision_sheet
from assessments.overview.reports.sheets import MAKERS
from portal.jobs.models import Job
from portal.jobs.services import keep_pdf, keep_workbook, runner
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf
from suppliers.organisations.queries import workspaces_of


@runner("overview.campaign_report")
def print_campaign(job: Job) -> dict[str, Any]:
    """Print one campaign for the person who asked: what they may see of it, in their language."""
    reader = job.actor
    workspaces = {space.organisation.pk: space for space in workspaces_of(reader)} if reader else {}
    rows = visible_campaigns(reader).select_related("buyer", "version") if reader else None
    campaign = rows.filter(pk=job.params["campaign_id"]).first() if rows is not None else None
    if reader is None or campaign is None:
        raise DomainError(_("You no longer have access to this campaign."), code="gone")
    requests = visible_requests(reader).filter(campaign=campaign)
    groups = dashboard.count_groups(requests)
    context = {
        "campaign": campaign,
        "now": timezone.now(),
        "all": groups["all"].get("", dashboard.Group("")),
        "units": sorted(groups["unit"].values(), key=lambda group: -group.asked),
        "countries": country_rows(groups["country"].values()),
        "flags": named_flags(dashboard.count_flags(requests), dashboard.questionnaire_of(campaign).code_of_conduct),
        "findings": dashboard.count_findings(reader, workspaces[campaign.buyer_id], requests),
    }
    content = render_pdf("reports/campaign.html", context, language=get_language() or "en")
    keep_pdf(job, campaign.name, content)
    return {"message": _("The PDF is ready.")}


@runner("overview.provision_export")
def export_provisions(job: Job) -> dict[str, Any]:
    """Write the provisions with flags that the person who asked may see."""
    reader = job.actor
    spaces = {space.organisation.pk: space for space in workspaces_of(reader)} if reader else {}
    space = spaces.get(job.organisation_id or 0)
    campaigns = dashboard.sent_campaigns(reader, space.organisation) if reader and space else []
    if reader is None or space is None or not campaigns:
        raise DomainError(_("You no longer have access to this campaign."), code="gone")
    params = dashboard.chosen_params(campaigns, QueryDict(urlencode(job.params["filters"])))
    rows = dashboard.wanted_requests(reader, space.organisation, dashboard.facets_of(campaigns), params)
    code = dashboard.document_asked(campaigns, params["campaign"]).code_of_conduct
    flags = named_flags(dashboard.count_flags(rows), code)
    chosen = next(campaign.name for campaign in campaigns if str(campaign.pk) == params["campaign"])
    # One campaign is always chosen: the name of the file says which.
    keep_workbook(job, f"{_('Flags by provision')} {chosen}", [provision_sheet(flags)])
    total = len(flags)
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@runner("overview.report_export")
def export_report(job: Job) -> dict[str, Any]:
    """Write a report as the person who asked may see it."""
    reader = job.actor
    spaces = {space.organisation.pk: space for space in workspaces_of(reader)} if reader else {}
    space = spaces.get(job.organisation_id or 0)
    if reader is None or space is None or not may_in(reader, "read_reports", space.organisation):
        raise DomainError(_("You no longer have access to these reports."), code="gone")
    name = job.params["report"]
    keep_workbook(job, str(BY_NAME[name].title), MAKERS[name](reader, space, job.params["filters"]))
    return {"message": _("The workbook is ready.")}
