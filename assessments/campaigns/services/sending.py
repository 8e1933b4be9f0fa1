"""Sending a campaign: thousands of requests in batches, each batch whole or not at all."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.campaigns.enums import CampaignState
from assessments.campaigns.lifecycle import advance
from assessments.campaigns.models import Campaign, CampaignChange, Request
from assessments.campaigns.queries import chosen_sites, count_selection, facets_of, resumable
from assessments.campaigns.selection import Selection
from assessments.campaigns.services.recipients import Letter, Recipient, members_of, recipients_of, response_path
from assessments.responses.models import Response
from assessments.responses.services import carry_over, create_responses
from portal.accounts.models import Invitation, User
from portal.jobs.models import Job
from portal.jobs.services import runner, show_progress, start_job
from portal.lib.errors import ConflictError, DomainError
from portal.notices.services import queue_mails
from portal.trail.services import record
from suppliers.organisations.enums import Role
from suppliers.organisations.models import MembershipOffer, Relationship, Site

BATCH = 500
Doors = dict[tuple[int, str], Invitation]


@transaction.atomic
def send_campaign(*, campaign: Campaign, actor: User) -> Job:
    """Start sending a draft, wake a worker, return the job. Raises DomainError when nobody is chosen or it was sent."""
    sites, _suppliers = count_selection(campaign.buyer, Selection.from_data(campaign.selection), actor)
    if not sites:
        raise DomainError(_("No site is chosen. Widen the filters or paste other vendor codes."), code="empty")
    advance(campaign, CampaignState.SENDING, actor=actor)
    record("send_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id, sites=sites)
    return start_sending(campaign, actor)


@transaction.atomic
def resume_sending(*, campaign: Campaign, actor: User) -> Job:
    """Send the rest of a campaign whose job failed. Raises DomainError when there is nothing to resume."""
    if not resumable(campaign):
        raise DomainError(_("This campaign is being sent, or has been sent."), code="transition")
    record("resume_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id)
    return start_sending(campaign, actor)


def start_sending(campaign: Campaign, actor: User) -> Job:
    """Create the job and hang it on the campaign; of two who press at once one wins."""
    job = start_job(
        "campaigns.send",
        actor=actor,
        organisation_id=campaign.buyer_id,
        params={"campaign_id": campaign.pk},
        return_path=reverse("campaign_detail", args=[campaign.pk]),
    )
    standing = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENDING, job=campaign.job)
    if not standing.update(job=job):
        raise ConflictError(_("Somebody else pressed this a moment ago. Reload the page."))
    campaign.job = job
    return job


@runner("campaigns.send")
def run_sending(job: Job) -> dict[str, Any]:
    """Send what is not sent yet, then mark the campaign as sent. May be killed and run again at any point."""
    campaign = Campaign.objects.select_related("buyer", "version").get(pk=job.params["campaign_id"])
    if campaign.state == CampaignState.SENDING:
        letter = Letter(campaign, campaign.version)
        waiting, done = sites_to_ask(campaign)
        total = len(waiting) + done
        for start in range(0, len(waiting), BATCH):
            show_progress(job, done + start, total)
            send_batch(letter, waiting[start : start + BATCH])
        show_progress(job, total, total)
        finish_sending(campaign)
    count = campaign.requests.count()
    return {"message": _("%(count)d requests are out.") % {"count": count}, "requests": count}


def sites_to_ask(campaign: Campaign) -> tuple[list[int], int]:
    """Return the sites still to ask, those of one company side by side, and how many are asked already."""
    chosen = chosen_sites(campaign.buyer, Selection.from_data(campaign.selection), sender_of(campaign))
    asked = set(campaign.requests.values_list("site_id", flat=True))
    ids = chosen.order_by("organisation_id", "pk").values_list("pk", flat=True)
    return [pk for pk in ids if pk not in asked], len(asked)


def sender_of(campaign: Campaign) -> User:
    """Return who pressed send: that person's scopes decide whom the selection means, also after a restart."""
    change = CampaignChange.objects.select_related("actor").get(campaign=campaign, target=CampaignState.SENDING)
    if change.actor is None:
        raise DomainError(_("Nobody is known to have sent this campaign."), code="sender")
    return change.actor


@transaction.atomic
def send_batch(letter: Letter, site_ids: Sequence[int]) -> int:
    """Make responses, invitations, requests and mails for some sites; returns how many requests are new."""
    campaign = letter.campaign
    # Two workers on one campaign (a lease that ran out while its worker lived) take turns here.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    asked = set(campaign.requests.filter(site_id__in=site_ids).values_list("site_id", flat=True))
    fresh = [pk for pk in site_ids if pk not in asked]
    by_id = Site.objects.select_related("organisation").in_bulk(fresh)
    sites = [by_id[pk] for pk in fresh]
    suppliers = {site.organisation_id for site in sites}
    bonds = {bond.supplier_id: bond for bond in campaign.buyer.supplied_by.filter(supplier_id__in=suppliers)}
    members = members_of(suppliers)
    readers = {site.pk: recipients_of(site, members, campaign.languages) for site in sites}

    responses = create_responses([build_response(campaign, site, bonds[site.organisation_id]) for site in sites])
    carry_over(responses)
    answering = {response.site_id: response for response in responses}
    doors = open_doors(campaign, sites, readers, answering)
    requests = [
        build_request(campaign, answering[site.pk], readers[site.pk], doors.get(door_key(site))) for site in sites
    ]
    Request.objects.bulk_create(requests)
    queue_mails(
        mail
        for request, site in zip(requests, sites, strict=True)
        for mail in letter.mails(
            f"request:{request.pk}",
            "request",
            readers[site.pk],
            site,
            request_id=request.pk,
            response_id=request.response_id,
            due_on=campaign.due_on,
            invitation=request.invitation,
        )
    )
    return len(requests)


def build_response(campaign: Campaign, site: Site, bond: Relationship) -> Response:
    """Return an unsaved response of a site."""
    return Response(
        relationship=bond,
        site=site,
        version=campaign.version,
        title=campaign.name,
        period=str(campaign.year),
        due_on=campaign.due_on,
    )


def build_request(
    campaign: Campaign, response: Response, recipients: Sequence[Recipient], door: Invitation | None
) -> Request:
    """Return an unsaved request with the facets as they are today."""
    site, bond = response.site, response.relationship
    return Request(
        campaign=campaign,
        site=site,
        relationship=bond,
        response=response,
        invitation=door if recipients and not recipients[0].is_member else None,
        contact_email=recipients[0].email if recipients else "",
        country=str(site.country),
        business_unit=bond.business_unit,
        region=bond.region,
        category=bond.category,
        tier=bond.tier,
    )


def door_key(site: Site) -> tuple[int, str]:
    """One contact of one company gets one invitation, however many of its sites are asked."""
    return site.organisation_id, site.contact_email.lower()


def open_doors(
    campaign: Campaign,
    sites: Sequence[Site],
    readers: dict[int, list[Recipient]],
    answering: dict[int, Response],
) -> Doors:
    """Create the invitations that contacts without a membership need; return all of these sites by door_key."""
    invited = [site for site in sites if readers[site.pk] and not readers[site.pk][0].is_member]
    doors = standing_doors(campaign, {site.organisation_id for site in invited})
    shared = Counter(door_key(site) for site in invited)
    offers = []
    for site in invited:
        key = door_key(site)
        if key in doors:
            continue
        recipient = readers[site.pk][0]
        doors[key] = Invitation(
            email=recipient.email.lower(),
            name=recipient.name,
            language=recipient.language,
            next_path=reverse("inbox") if shared[key] > 1 else response_path(answering[site.pk].pk),
            created_by_id=campaign.created_by_id,
        )
        offers.append(
            MembershipOffer(invitation=doors[key], organisation_id=site.organisation_id, role=Role.SUPPLIER_MANAGER)
        )
    Invitation.objects.bulk_create([offer.invitation for offer in offers])
    MembershipOffer.objects.bulk_create(offers)
    return doors


def standing_doors(campaign: Campaign, organisation_ids: set[int]) -> Doors:
    """Return invitations that an earlier batch of this campaign made for the same companies."""
    rows = campaign.requests.filter(
        site__organisation_id__in=organisation_ids, invitation__isnull=False
    ).select_related("invitation", "site")
    return {(row.site.organisation_id, row.invitation.email.lower()): row.invitation for row in rows if row.invitation}


@transaction.atomic
def finish_sending(campaign: Campaign) -> None:
    """Write the facets of all requests and mark the campaign as sent; a second worker finds it done."""
    standing = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if standing.state != CampaignState.SENDING:
        return
    Campaign.objects.filter(pk=campaign.pk).update(facets=facets_of(campaign))
    advance(standing, CampaignState.SENT, actor=None)
