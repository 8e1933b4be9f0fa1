"""Making a campaign in four steps, each a page of its own that works without JavaScript."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignKind, CampaignState
from assessments.campaigns.forms import BASICS, MessageForm, SitesForm
from assessments.campaigns.models import Campaign
from assessments.campaigns.permissions import may
from assessments.campaigns.queries import (
    SUBJECTS,
    check_codes,
    count_selection,
    is_in_use,
    largest_meant,
    selection_choices,
    size_words,
    subject_of,
)
from assessments.campaigns.selection import Selection
from assessments.campaigns.views.fetching import buyer_of, fetch_campaign, person_of
from portal.lib.errors import DomainError
from portal.lib.formats import shown_date


def steps_of(campaign: Campaign | None, kind: str, current: str) -> list[dict[str, Any]]:
    """Return the four steps with their pages; before the first is saved only that one has a page."""
    words = SUBJECTS[kind].words
    steps = [
        ("campaign_basics", words.first_step),
        ("campaign_sites", words.who_step),
        ("campaign_message", _("Message and reminders")),
        ("campaign_preview", _("Preview and send")),
    ]
    return [
        {
            "number": number,
            "label": label,
            "url": reverse(name, args=[campaign.pk]) if campaign else "",
            "current": name == current,
        }
        for number, (name, label) in enumerate(steps, start=1)
    ]


def fetch_draft(request: HttpRequest, pk: int) -> Campaign:
    """Return a draft this person may change; a campaign that is out raises DomainError."""
    campaign = fetch_campaign(request, pk, "change")
    if campaign.state != CampaignState.DRAFT:
        raise DomainError(_("This campaign has been sent and cannot be changed."), code="sent")
    return campaign


@login_required
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Step 1 of a new campaign; the address says what it asks for."""
    buyer = buyer_of(request)
    if not may(request.user, "create", buyer):
        raise PermissionDenied
    wanted = request.GET.get("kind", "")
    kind = CampaignKind(wanted) if wanted in CampaignKind.values else CampaignKind.QUESTIONNAIRE
    form = BASICS[kind](request.POST or None, buyer=buyer)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = services.create_campaign(buyer=buyer, actor=person_of(request), **form.values)
        except DomainError as error:
            form.add_refusal(error)
        else:
            return redirect("campaign_sites", campaign.pk)
    return answer_step(request, "campaigns/basics.html", None, "campaign_basics", form, kind=kind, kinds=kinds_of(kind))


def kinds_of(chosen: CampaignKind) -> list[dict[str, Any]]:
    """Return what a campaign can ask for, each with the page on which it begins."""
    new = reverse("campaign_new")
    return [{"label": kind.label, "url": f"{new}?kind={kind}", "current": kind is chosen} for kind in CampaignKind]


@login_required
def campaign_basics(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1 of a draft: what is asked for, name, year, due date, languages."""
    campaign = fetch_draft(request, pk)
    basics = BASICS[campaign.kind]
    form = basics(request.POST or None, buyer=campaign.buyer, initial=basics.values_of(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_campaign(campaign=campaign, actor=person_of(request), **form.values)
        except DomainError as error:
            form.add_refusal(error)
        else:
            return redirect("campaign_sites", pk)
    return answer_step(request, "campaigns/basics.html", campaign, "campaign_basics", form)


@login_required
def campaign_sites(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which sites, by filter or by vendor code."""
    campaign = fetch_draft(request, pk)
    choices = selection_choices(campaign.buyer, request.user)
    standing = Selection.from_data(campaign.selection)
    initial, meant = SitesForm.values_of(standing), largest_meant(campaign)
    form = SitesForm(request.POST or None, choices=choices, meant_up_to=meant, initial=initial)
    selection = standing
    if request.method == "POST" and form.is_valid():
        selection = form.selection
        codes = check_codes(campaign.buyer, selection, request.user)
        known_problem = request.POST.get("seen") == str(codes.count)
        if not codes.count or known_problem:
            services.change_campaign(campaign=campaign, actor=person_of(request), selection=selection)
            return redirect("campaign_message", pk)
    context = selection_facts(request, campaign, selection)
    return answer_step(request, "campaigns/sites.html", campaign, "campaign_sites", form, **context)


def selection_facts(request: HttpRequest, campaign: Campaign, selection: Selection) -> dict[str, Any]:
    """Return how many sites a selection means and which codes ask nobody."""
    sites, suppliers = count_selection(campaign.buyer, selection, request.user)
    codes = check_codes(campaign.buyer, selection, request.user)
    facts = {"sites": sites, "suppliers": suppliers, "codes": codes, "selection": selection}
    return {**facts, "subject": subject_of(campaign), "size_words": size_words(selection)}


@require_POST
@login_required
def campaign_count(request: HttpRequest, pk: int) -> HttpResponse:
    """The live count beside step 2; saves nothing."""
    campaign = fetch_draft(request, pk)
    form = SitesForm(request.POST, choices=selection_choices(campaign.buyer, request.user))
    selection = form.selection if form.is_valid() else Selection.from_data(campaign.selection)
    return render(request, "campaigns/part_count.html", selection_facts(request, campaign, selection))


@login_required
def campaign_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: the buyer's own words per language, and the reminders."""
    campaign = fetch_draft(request, pk)
    form = MessageForm(request.POST or None, languages=campaign.languages, initial=MessageForm.values_of(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_campaign(
                campaign=campaign, actor=person_of(request), message=form.message, reminder_days=form.reminder_days
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("campaign_preview", pk)
    due = subject_of(campaign).words.answers_due % {"due": shown_date(campaign.due_on)}
    return answer_step(request, "campaigns/message.html", campaign, "campaign_message", form, answers_due=due)


@login_required
def campaign_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: what will go out to whom; the button that sends it."""
    if request.method == "POST":
        campaign = fetch_campaign(request, pk, "send")
        services.send_campaign(campaign=campaign, actor=person_of(request))
        messages.success(request, _("The campaign is being sent."))
        return redirect("campaign_detail", pk)
    campaign = fetch_campaign(request, pk)
    if campaign.state != CampaignState.DRAFT:
        return redirect("campaign_detail", pk)
    return render(
        request,
        "campaigns/preview.html",
        {
            "campaign": campaign,
            "subject": subject_of(campaign),
            "asked_for": subject_of(campaign).title(campaign),
            "steps": steps_of(campaign, campaign.kind, "campaign_preview"),
            "reminders": [reminder_words(day) for day in campaign.reminder_days],
            "size_words": size_words(Selection.from_data(campaign.selection)),
            "in_use": is_in_use(campaign),
            "preview": services.preview_campaign(campaign, actor=person_of(request)),
            "may_send": may(request.user, "send", campaign.buyer),
        },
    )


def reminder_words(day: int) -> str:
    """Return one step of the ladder in words."""
    if day < 0:
        return ngettext("%(count)d day before", "%(count)d days before", -day) % {"count": -day}
    if day == 0:
        return _("on the day")
    return ngettext("%(count)d day after", "%(count)d days after", day) % {"count": day}


def answer_step(
    request: HttpRequest, template: str, campaign: Campaign | None, current: str, form: Any, **context: Any
) -> HttpResponse:
    """Show a step; 422 when its form was refused."""
    kind = campaign.kind if campaign else context["kind"]
    facts = {"campaign": campaign, "steps": steps_of(campaign, kind, current), "form": form, "subject": SUBJECTS[kind]}
    facts |= context
    return render(request, template, facts, status=422 if form.errors else 200)
