"""Sending a campaign: thousands of requests in batches, each batch whole or not at all."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.campaigns.enums import CampaignKind, CampaignState
from assessments.campaigns.lifecycle import advance
from assessments.campaigns.models import Campaign, CampaignChange, Request
from assessments.campaigns.queries import asked_sites, count_asked, facets_of, is_in_use, resumable, subject_of
from assessments.campaigns.services.recipients import Letter, Recipient, members_of, recipients_of
from assessments.responses.models import Response
from assessments.responses.services import carry_over, create_responses
from minerals.declarations.models import Declaration
from minerals.declarations.services import request_declarations
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
Bonds = Mapping[int, Relationship]
Things = Mapping[int, Response] | Mapping[int, Declaration]


@transaction.atomic
def send_campaign(*, campaign: Campaign, actor: User) -> Job:
    """Start sending a draft, wake a worker, return the job.

    Raises DomainError when nobody is chosen, when it was sent, or when its questionnaire was taken out of use.
    """
    if not is_in_use(campaign):
        raise DomainError(_("This questionnaire is out of use. Choose another one in the first step."), code="version")
    asked = count_asked(campaign, actor)
    if not asked:
        raise DomainError(str(subject_of(campaign).words.nobody_chosen), code="empty")
    advance(campaign, CampaignState.SENDING, actor=actor)
    record("send_campaign", actor=actor, thing=campaign, organisation_id=campaign.buyer_id, requests=asked)
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
        letter = Letter(campaign)
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
    subject = subject_of(campaign)
    asked = set(campaign.requests.values_list(subject.once, flat=True))
    rows = asked_sites(campaign, sender_of(campaign)).order_by("organisation_id", "pk")
    pairs = rows.values_list("pk", "organisation_id")
    return [pk for pk, company in pairs if subject.key_of(pk, company) not in asked], len(asked)


def sender_of(campaign: Campaign) -> User:
    """Return who pressed send: that person's scopes decide whom the selection means, also after a restart."""
    change = CampaignChange.objects.select_related("actor").get(campaign=campaign, target=CampaignState.SENDING)
    if change.actor is None:
        raise DomainError(_("Nobody is known to have sent this campaign."), code="sender")
    return change.actor


@transaction.atomic
def send_batch(letter: Letter, site_ids: Sequence[int]) -> int:
    """Make what is asked for, invitations, requests and mails for some sites; returns how many requests are new."""
    campaign, subject = letter.campaign, letter.subject
    # Two workers on one campaign (a lease that ran out while its worker lived) take turns here.
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    sites = sites_not_asked(letter, site_ids)
    suppliers = {site.organisation_id for site in sites}
    bonds = {bond.supplier_id: bond for bond in campaign.buyer.supplied_by.filter(supplier_id__in=suppliers)}
    members = members_of(suppliers)
    readers = {site.pk: recipients_of(site, members, campaign.languages) for site in sites}

    things = ASK[subject.kind](campaign, sites, bonds)
    doors = open_doors(letter, sites, readers, things)
    requests = [build_request(letter, things[site.pk], readers[site.pk], doors.get(door_key(site))) for site in sites]
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
            thing_id=request.thing.pk,
            due_on=campaign.due_on,
            invitation=request.invitation,
        )
    )
    return len(requests)


def sites_not_asked(letter: Letter, site_ids: Sequence[int]) -> list[Site]:
    """Return the sites that have no request yet, in their order; a company that is asked as a whole has one only."""
    by_id = Site.objects.select_related("organisation").in_bulk(site_ids)
    keys = {pk: letter.subject.key_of(pk, site.organisation_id) for pk, site in by_id.items()}
    once = letter.subject.once
    asked = set(letter.campaign.requests.filter(**{f"{once}__in": keys.values()}).values_list(once, flat=True))
    return [by_id[pk] for pk in site_ids if keys[pk] not in asked]


def ask_sites(campaign: Campaign, sites: Sequence[Site], bonds: Bonds) -> dict[int, Response]:
    """Create the responses of sites and tie last year's to them; returns them by site."""
    responses = create_responses([build_response(campaign, site, bonds[site.organisation_id]) for site in sites])
    carry_over(responses)
    return {response.site_id: response for response in responses}


def ask_suppliers(campaign: Campaign, sites: Sequence[Site], bonds: Bonds) -> dict[int, Declaration]:
    """Create the declarations of suppliers, each asked through one site; returns them by site."""
    declarations = request_declarations(
        asked=[(bonds[site.organisation_id], site) for site in sites],
        template=campaign.template,
        minerals=campaign.minerals,
        year=campaign.year,
        title=campaign.name,
        due_on=campaign.due_on,
        actor=sender_of(campaign),
    )
    return {declaration.site_id: declaration for declaration in declarations}


ASK: dict[str, Callable[[Campaign, Sequence[Site], Bonds], Things]] = {
    CampaignKind.QUESTIONNAIRE: ask_sites,
    CampaignKind.DECLARATION: ask_suppliers,
}


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
    letter: Letter, thing: Response | Declaration, recipients: Sequence[Recipient], door: Invitation | None
) -> Request:
    """Return an unsaved request with the facets as they are today."""
    site, bond = thing.site, thing.relationship
    return Request(
        campaign=letter.campaign,
        site=site,
        relationship=bond,
        invitation=door if recipients and not recipients[0].is_member else None,
        contact_email=recipients[0].email if recipients else "",
        country=str(site.country),
        business_unit=bond.business_unit,
        region=bond.region,
        category=bond.category,
        tier=bond.tier,
        **{letter.subject.column: thing},
    )


def door_key(site: Site) -> tuple[int, str]:
    """One contact of one company gets one invitation, however many of its sites are asked."""
    return site.organisation_id, site.contact_email.lower()


def open_doors(letter: Letter, sites: Sequence[Site], readers: Mapping[int, list[Recipient]], things: Things) -> Doors:
    """Create the invitations that contacts without a membership need; return all of these sites by door_key."""
    invited = [site for site in sites if readers[site.pk] and not readers[site.pk][0].is_member]
    doors = standing_doors(letter.campaign, {site.organisation_id for site in invited})
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
            next_path=reverse("inbox") if shared[key] > 1 else letter.subject.path(things[site.pk].pk),
            created_by_id=letter.campaign.created_by_id,
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
