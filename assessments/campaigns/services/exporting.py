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
    Subject,
    answer_counts,
    campaign_facets,
    listed_campaigns,
    listed_requests,
    subject_of,
    visible_campaigns,
    with_names,
)
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner, start_job
from portal.lib.errors import DomainError
from portal.lib.workbook import Sheet
from portal.trail.services import record
from suppliers.organisations.models import Organisation

CHUNK = 1000
LIST_FILTERS = ("state", "kind", "year", "q", "sort")
LIST_WIDTHS = (40, 8, 12, 40, 12, 10, 10, 10)
WIDTHS = (14, 32, 28, 12, 18, 14, 18, 7, 14, 12, 10, 16, 16, 16)
WIDTH, MAIL_WIDTH = 10, 30


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
    subject = subject_of(campaign)
    rows = follow(job, request_rows(requests, subject), total=total)
    widths = (*WIDTHS, *(WIDTH for _column in subject.columns), MAIL_WIDTH)
    sheet = Sheet(campaign.name, headers(subject), rows, widths)
    keep_workbook(job, campaign.name, [sheet])
    return {"message": _("%(count)d rows are written.") % {"count": total}, "rows": total}


def headers(subject: Subject) -> list[str]:
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
        *(str(label) for label, _name in subject.columns),
        _("Mail to"),
    ]


def request_rows(requests: QuerySet[Request], subject: Subject) -> Iterator[list[Any]]:
    """Yield one row per request."""
    today = timezone.localdate()
    for request in with_names(requests, subject).iterator(chunk_size=CHUNK):
        thing = request.thing
        late = subject.is_open(thing) and thing.due_on is not None and thing.due_on < today
        yield [
            request.relationship.vendor_code,
            request.site.organisation.name,
            request.site.name,
            request.country,
            request.business_unit,
            request.region,
            request.category,
            request.tier,
            thing.get_state_display(),
            thing.due_on,
            _("late") if late else "",
            thing.opened_at,
            thing.started_at,
            thing.submitted_at,
            *(getattr(thing, name) for _label, name in subject.columns),
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
        _("Campaign"), _("Year"), _("State"), _("Asked for"), _("Due date"), _("Sent"), _("Submitted"), _("Late"),
    ]  # fmt: skip
    return Sheet(_("Campaigns"), heads, lines, LIST_WIDTHS)


def campaign_line(campaign: Campaign, counts: Mapping[str, int]) -> list[Any]:
    """Return the cells of one campaign; a draft has counted nothing yet."""
    return [
        campaign.name,
        campaign.year,
        campaign.get_state_display(),
        subject_of(campaign).title(campaign),
        campaign.due_on,
        counts.get("sent"),
        counts.get("submitted"),
        counts.get("late"),
    ]
