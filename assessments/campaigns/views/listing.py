"""Reading campaigns: the list, one campaign with its funnel, its progress while it is sent."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.campaigns.enums import CampaignState, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.permissions import may
from assessments.campaigns.queries import (
    Subject,
    answer_counts,
    campaign_facets,
    failed_mails,
    funnel,
    listed_campaigns,
    listed_requests,
    named_countries,
    request_facets,
    resumable,
    subject_of,
    visible_campaigns,
    visible_requests,
    with_names,
)
from assessments.campaigns.views.fetching import buyer_of, fetch_campaign
from portal.accounts.models import Invitation
from portal.jobs.models import Job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of

TILES = (
    (Progress.OPENED, "good"),
    (Progress.STARTED, "good"),
    (Progress.SUBMITTED, "good"),
    (Progress.LATE, "late"),
    (Progress.DECLINED, ""),
    (Progress.RETURNED, ""),
    (Progress.ACCEPTED, ""),
)


@login_required
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns of this workspace, the newest first."""
    buyer = buyer_of(request)
    rows = visible_campaigns(request.user).filter(buyer=buyer)
    facets = campaign_facets(rows)
    page = page_of(listed_campaigns(rows, facets, request.GET.dict()), request)
    counts = answer_counts([row for row in page if row.state != CampaignState.DRAFT], request.user)
    total = page.paginator.count
    remains = ngettext("%(shown)s campaign", "%(shown)s campaigns", total) % {"shown": figure(total)}
    context = {
        "page": page,
        "rows": [(campaign, counts.get(campaign.pk)) for campaign in page],
        "sort": request.GET.get("sort") or "-year",
        "may_create": may(request.user, "create", buyer),
        **filter_context(request, facets, search_label=_("Name of the campaign"), remains=remains),
    }
    return render(request, "campaigns/list.html", context)


@login_required
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: how far it is, and every site or supplier asked."""
    campaign = fetch_campaign(request, pk)
    if campaign.state == CampaignState.DRAFT:
        return redirect("campaign_preview", pk)
    subject = subject_of(campaign)
    counts = funnel(visible_requests(request.user).filter(campaign=campaign), subject)
    facets = request_facets(campaign)
    requests = listed_requests(request.user, campaign, request.GET.dict())
    # Nothing narrows the list: its length is the first figure of the funnel.
    narrowed = any(request.GET.get(name) for name in ("q", *(facet.name for facet in facets)))
    page = page_of(with_names(requests, subject), request, count=None if narrowed else counts["sent"])
    total = page.paginator.count
    remains = subject.words.counted % {"count": total, "shown": figure(total)}
    context = {
        "campaign": campaign,
        "subject": subject,
        "asked_for": subject.title(campaign),
        "counts": counts,
        "tiles": tiles_of(campaign, counts),
        "page": page,
        "rows": rows_of(page, subject),
        "sort": request.GET.get("sort", ""),
        "job": job_facts(campaign),
        "may_send": may(request.user, "send", campaign.buyer),
        **filter_context(request, facets, search_label=str(subject.words.search), remains=remains),
    }
    return render(request, "campaigns/detail.html", context)


def tiles_of(campaign: Campaign, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the figures of the funnel; each opens its list."""
    path, sent = reverse("campaign_detail", args=[campaign.pk]), counts["sent"]
    subject = subject_of(campaign)
    beside = subject.words.of_all % {"count": figure(sent)}
    tiles: list[dict[str, Any]] = [
        {"label": _("Sent"), "value": figure(sent), "url": path, "beside": subject.words.unit, "bar": None}
    ]
    for step, tone in TILES:
        if step not in subject.steps:
            continue
        count = counts[step.value]
        share = round(100 * count / sent) if sent else 0
        tiles.append(
            {
                "label": step.label,
                "value": figure(count),
                "url": f"{path}?progress={step.value}",
                "beside": beside,
                "bar": share if tone == "good" else None,
                "badge": _("after the due date") if tone == "late" and count else "",
            }
        )
    return tiles


def rows_of(page: "Page[Request]", subject: Subject) -> list[dict[str, Any]]:
    """Return what each row shows besides its columns."""
    today = timezone.localdate()
    failed = failed_mails([row.pk for row in page])
    lands = dict(named_countries({row.country for row in page}))
    return [
        {
            "request": row,
            "thing": row.thing,
            "url": reverse(subject.buyer_page, args=[row.thing.pk]),
            "names": names_of(row, subject),
            "measure": subject.measure(row.thing),
            "is_open": subject.is_open(row.thing),
            "late": subject.is_open(row.thing) and row.thing.due_on is not None and row.thing.due_on < today,
            "country": lands[row.country],
            "invitation": invitation_word(row),
            "failed": failed.get(row.pk),
        }
        for row in page
    ]


def names_of(request: Request, subject: Subject) -> tuple[str, str]:
    """Return what is asked, and in small letters where it belongs or through which site."""
    names = (request.site.name, request.site.organisation.name)
    return (names[1], names[0]) if subject.per_supplier else names


def invitation_word(request: Request) -> str:
    """Return how the person asked came in, or has not yet."""
    if not request.contact_email:
        return _("nobody to write to")
    if request.invitation is None:
        return _("sent to members")
    return door_word(request.invitation)


def door_word(invitation: Invitation) -> str:
    """Return where an invitation stands."""
    if invitation.accepted_at:
        return _("invitation accepted")
    if invitation.handed_on_to_id:
        return _("handed on to a colleague")
    if invitation.revoked_at:
        return _("invitation withdrawn")
    if not invitation.is_usable:
        return _("invitation has run out")
    return _("link opened") if invitation.opened_at else _("invited")


@login_required
def campaign_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far sending is: the part of the page that asks again by itself. When all is out the page is loaded anew."""
    campaign = fetch_campaign(request, pk)
    job = job_facts(campaign)
    response = render(request, "components/job_progress.html", {"job": job})
    if job is None or not job["running"]:
        response.headers["HX-Refresh"] = "true"
    return response


def job_facts(campaign: Campaign) -> dict[str, Any] | None:
    """Return what the progress component needs while a campaign is being sent; None otherwise."""
    if campaign.state != CampaignState.SENDING:
        return None
    job = campaign.job or Job()
    stopped = resumable(campaign)
    said = job.result.get("message", "") if job.result else ""
    return {
        "name": _("Sending requests"),
        "done": job.done,
        "total": job.total,
        "running": not stopped,
        "failed": stopped,
        "message": (said or _("Sending stopped before the end. Nothing is lost: send the rest.")) if stopped else "",
        "poll_url": reverse("campaign_progress", args=[campaign.pk]),
    }
