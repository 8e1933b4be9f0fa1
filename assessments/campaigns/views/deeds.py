"""Deeds on campaigns that are out: remind, export, close, send the rest."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.campaigns import services
from assessments.campaigns.queries import subject_of, visible_requests
from assessments.campaigns.views.fetching import buyer_of, fetch_campaign, person_of
from portal.lib.errors import DomainError

MOST_TICKED = 500


@require_POST
@login_required
def campaign_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind the ticked ones now, or all of the filtered list in a worker."""
    campaign = fetch_campaign(request, pk, "remind")
    actor, words = person_of(request), subject_of(campaign).words
    if request.POST.get("all"):
        job = services.start_reminding(campaign=campaign, params=request.GET.dict(), actor=actor)
        return redirect("job_detail", job.pk)
    ticked = [int(value) for value in request.POST.getlist("requests") if value.isdigit()][:MOST_TICKED]
    if not ticked:
        raise DomainError(str(words.nobody_ticked), code="empty")
    requests = visible_requests(request.user).filter(campaign=campaign, pk__in=ticked)
    count = services.remind_requests(campaign=campaign, requests=requests, actor=actor)
    said = words.reminded % {"count": count}
    if count < len(ticked):
        said += " " + _("The others have answered, were reminded today, or have nobody to write to.")
    messages.success(request, said)
    return redirect_back(request, pk)


@require_POST
@login_required
def campaign_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    campaign = fetch_campaign(request, pk, "export")
    job = services.start_export(campaign=campaign, params=request.GET.dict(), actor=person_of(request))
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def campaign_list_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list of campaigns as it is filtered."""
    job = services.start_list_export(buyer=buyer_of(request), params=request.POST.dict(), actor=person_of(request))
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a campaign: reminders stop, answers stay open."""
    campaign = fetch_campaign(request, pk, "close")
    services.close_campaign(campaign=campaign, actor=person_of(request))
    messages.success(request, _("The campaign is closed. No more reminders go out."))
    return redirect("campaign_detail", pk)


@require_POST
@login_required
def campaign_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the rest of a campaign that stopped."""
    campaign = fetch_campaign(request, pk, "send")
    services.resume_sending(campaign=campaign, actor=person_of(request))
    return redirect("campaign_detail", pk)


def redirect_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return to the list as it was filtered."""
    response = redirect("campaign_detail", pk)
    if request.GET:
        response["Location"] += f"?{request.GET.urlencode()}"
    return response
