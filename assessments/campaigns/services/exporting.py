"""The list of campaigns, and the list of one campaign, as workbooks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.campaigns.enums import CampaignState
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import (
    answer_counts,
    campaign_facets,
    listed_campaigns,
    listed_requests,
    visible_campaigns,
    with_names,
)
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner, start_job
from portal.lib.errors import DomainError
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet
from portal.trail.services import record
from suppliers.organisations.models import Organisation

CHUNK = 1000
LIST_FILTERS = ("state", "year", "q", "sort")
LIST_WIDTHS = (40, 8, 12, 40, 12, 10, 10, 10)
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


# The list of campaigns -----------------------------------------------------------------------------
def start_list_export(*, buyer: Organisation, params: Mapping[str, str], actor: User) -> Job:
    """Write the buyer's campaigns, filtered as the list was, in a worker; returns the job. Leaves a trace."""
    filters = {name: params[name] for name in LIST_FILTERS if params.get(name)}
    record("export_campaigns", actor=actor, organisation_id=buyer.pk, filters=filters)
    return start_job(
        "campaigns.list_export",
        actor=actor,
        organisation_id=buyer.pk,
        params={"filters": filters},
        return_path=reverse("campaign_list", query=filters or None),
    )


@runner("campaigns.list_export")
def export_campaigns(job: Job) -> dict[str, Any]:
    """Write the campaigns that the person who asked may see, with the counts of the sites they may see."""
    if job.actor is None:
        raise DomainError(_("Nobody is known to have asked for this."), code="sender")
    rows = visible_campaigns(job.actor).filter(buyer_id=job.organisation_id)
    found = listed_campaigns(rows, campaign_facets(rows), job.params["filters"])
    campaigns = list(found.select_related("version").defer("selection", "message", "facets", "version__document"))
    counts = answer_counts([row for row in campaigns if row.state != CampaignState.DRAFT], job.actor)
    total = len(campaigns)
    lines = (campaign_line(row, counts.get(row.pk, {})) for row in follow(job, campaigns, total=total))
    keep_workbook(job, _("Campaigns"), [campaign_sheet(lines)])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


def campaign_sheet(lines: Iterable[list[Any]]) -> Sheet:
    """Return the sheet of campaigns, its heads in the reader's language."""
    heads = [
        _("Campaign"), _("Year"), _("State"), _("Questionnaire"), _("Due date"), _("Sent"), _("Submitted"), _("Late"),
    ]  # fmt: skip
    return Sheet(_("Campaigns"), heads, lines, LIST_WIDTHS)


def campaign_line(campaign: Campaign, counts: Mapping[str, int]) -> list[Any]:
    """Return the cells of one campaign; a draft has counted nothing yet."""
    return [
        campaign.name,
        campaign.year,
        campaign.get_state_display(),
        f"{pick_text(campaign.version.title)[0]}, {campaign.version.version}",
        campaign.due_on,
        counts.get("sent"),
        counts.get("submitted"),
        counts.get("late"),
    ]
