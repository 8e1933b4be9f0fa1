"""The list of a campaign as a workbook."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import listed_requests, with_names
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner, start_job
from portal.lib.errors import DomainError
from portal.lib.workbook import Sheet
from portal.trail.services import record

CHUNK = 1000
WIDTHS = (14, 32, 28, 12, 18, 14, 18, 7, 14, 12, 10, 16, 16, 16, 10, 10, 9, 9, 30)


def start_export(*, campaign: Campaign, params: Mapping[str, str], actor: User) -> Job:
    """Write the filtered list of a campaign as a workbook in a worker; returns the job. Leaves a trace."""
    record("export_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id, filter=dict(params))
    return start_job(
        "campaigns.export",
        actor=actor,
        organisation_id=campaign.buyer_id,
        params={"campaign_id": campaign.pk, "filter": dict(params)},
        return_path=reverse("campaign_detail", args=[campaign.pk]),
    )


@runner("campaigns.export")
def export_requests(job: Job) -> dict[str, Any]:
    """Write what the person who asked may see."""
    campaign = Campaign.objects.get(pk=job.params["campaign_id"])
    if job.actor is None:
        raise DomainError(_("Nobody is known to have asked for this."), code="sender")
    requests = listed_requests(job.actor, campaign, job.params["filter"])
    total = requests.count()
    rows = follow(job, request_rows(requests), total=total)
    sheet = Sheet(campaign.name, headers(), rows, WIDTHS)
    keep_workbook(job, campaign.name, [sheet])
    return {"message": _("%(count)d rows are written.") % {"count": total}, "rows": total}


def headers() -> list[str]:
    """Return the column heads in the reader's language."""
    return [
        _("Vendor code"),
        _("Supplier"),
        _("Site"),
        _("Country"),
        _("Business unit"),
        _("Region"),
        _("Category"),
        _("Tier"),
        _("State"),
        _("Due date"),
        _("Late"),
        _("Opened"),
        _("Started"),
        _("Submitted"),
        _("Answered"),
        _("Asked"),
        _("Score"),
        _("Risk band"),
        _("Mail to"),
    ]


def request_rows(requests: QuerySet[Request]) -> Iterator[list[Any]]:
    """Yield one row per request."""
    today = timezone.localdate()
    for request in with_names(requests).iterator(chunk_size=CHUNK):
        response = request.response
        yield [
            request.relationship.vendor_code,
            request.site.organisation.name,
            request.site.name,
            request.country,
            request.business_unit,
            request.region,
            request.category,
            request.tier,
            response.get_state_display(),
            response.due_on,
            _("late") if response.is_editable and response.due_on < today else "",
            response.opened_at,
            response.started_at,
            response.submitted_at,
            response.answered,
            response.asked,
            response.score,
            response.band,
            request.contact_email,
        ]
