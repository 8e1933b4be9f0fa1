"""Reports of the overview in a worker."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.campaigns.queries import visible_campaigns, visible_requests
from assessments.overview.queries import dashboard
from assessments.overview.reports import country_rows, named_flags
from portal.jobs.models import Job
from portal.jobs.services import keep_pdf, runner
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf
from suppliers.organisations.queries import workspaces_of


@runner("overview.campaign_report")
def print_campaign(job: Job) -> dict[str, Any]:
    """Print one campaign for the person who asked: what they may see of it, in their language."""
    reader = job.actor
    workspaces = {space.organisation.pk: space for space in workspaces_of(reader)} if reader else {}
    rows = visible_campaigns(reader).select_related("buyer") if reader else None
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
        "flags": named_flags(dashboard.count_flags(requests)),
        "findings": dashboard.count_findings(reader, workspaces[campaign.buyer_id], requests),
    }
    content = render_pdf("reports/campaign.html", context, language=get_language() or "en")
    keep_pdf(job, campaign.name, content)
    return {"message": _("The PDF is ready.")}
