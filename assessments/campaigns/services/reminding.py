"""Reminders: what is due is read from state, so nothing needs to be cancelled and a lost task loses nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.campaigns.enums import CampaignState
from assessments.campaigns.ladder import Window, due_windows
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import Subject, listed_requests, subject_of
from assessments.campaigns.services.inviting import usable_doors
from assessments.campaigns.services.recipients import Letter, Recipient, members_of, recipients_of, spoken
from portal.accounts.models import Invitation, User
from portal.jobs.models import Job
from portal.jobs.services import runner, show_progress, start_job
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.notices.services import queue_mails
from portal.trail.services import record

BATCH = 500


# 1. By schedule -----------------------------------------------------------------------------------
def remind_due() -> int:
    """Queue every reminder that is due today; returns for how many requests. May run twice at once."""
    today = timezone.localdate()
    count = 0
    for campaign in Campaign.objects.filter(state=CampaignState.SENT).select_related("buyer", "version"):
        for window in due_windows(campaign.reminder_days, today):
            waiting = due_requests(campaign, window)
            count += remind_all(campaign, waiting, step=str(window.step))
    return count


def due_requests(campaign: Campaign, window: Window) -> QuerySet[Request]:
    """Return open requests whose step is due and has left no mail; none that was sent on or after its day."""
    subject = subject_of(campaign)
    reminded = Mail.objects.filter(key=reminder_key(OuterRef("pk"), str(window.step)))
    due = Q(pk__in=())
    for day in range((window.last - window.first).days + 1):
        due_on = window.first + timedelta(days=day)
        step_begins = day_begins(due_on + timedelta(days=window.step))
        due |= Q(**{subject.lookup("due_on"): due_on}, created_at__lt=step_begins)
    return campaign.requests.filter(due, ~Exists(reminded), still_open(subject))


def still_open(subject: Subject) -> Q:
    """The condition of a request whose people have something to do."""
    return Q(**{subject.lookup("state__in"): subject.open_states})


def day_begins(day: date) -> datetime:
    """Return the first moment of a day in the time zone of the server."""
    return timezone.make_aware(datetime.combine(day, time.min))


def reminder_key(request_id: Any, step: str) -> Concat:
    """Return the SQL of the key of a step's first mail."""
    return Concat(Value("reminder:"), Cast(request_id, CharField()), Value(f":{step}"), output_field=CharField())


def remind_all(campaign: Campaign, waiting: QuerySet[Request], *, step: str) -> int:
    """Remind requests in batches, each whole or not at all; returns how many."""
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    letter = Letter(campaign)
    return sum(remind_batch(letter, ids[start : start + BATCH], step=step) for start in range(0, len(ids), BATCH))


# 2. By hand ---------------------------------------------------------------------------------------
@transaction.atomic
def remind_requests(*, campaign: Campaign, requests: Iterable[Request], actor: User) -> int:
    """Remind the open ones among these requests now; at most one mail per day and request. Returns for how many.

    Raises DomainError before the campaign is sent and after it is closed.
    """
    check_remindable(campaign)
    ids = [request.pk for request in requests]
    waiting = campaign.requests.filter(still_open(subject_of(campaign)), pk__in=ids)
    count = remind_all(campaign, waiting, step=timezone.localdate().isoformat())
    record("remind_requests", actor=actor, thing=campaign, organisation_id=campaign.buyer_id, count=count)
    return count


def start_reminding(*, campaign: Campaign, params: Mapping[str, str], actor: User) -> Job:
    """Remind every open request of a filtered list in a worker; returns the job. Raises DomainError like the above."""
    check_remindable(campaign)
    return start_job(
        "campaigns.remind",
        actor=actor,
        organisation_id=campaign.buyer_id,
        params={"campaign_id": campaign.pk, "filter": dict(params)},
        return_path=reverse("campaign_detail", args=[campaign.pk]),
    )


@runner("campaigns.remind")
def run_reminding(job: Job) -> dict[str, Any]:
    """Remind the requests of a list batch by batch; run again, it skips those reminded today."""
    campaign = Campaign.objects.select_related("buyer", "version").get(pk=job.params["campaign_id"])
    check_remindable(campaign)
    if job.actor is None:
        raise DomainError(_("Nobody is known to have asked for this."), code="sender")
    listed = listed_requests(job.actor, campaign, job.params["filter"]).filter(still_open(subject_of(campaign)))
    ids = list(listed.order_by("pk").values_list("pk", flat=True))
    letter, step, count = Letter(campaign), timezone.localdate().isoformat(), 0
    for start in range(0, len(ids), BATCH):
        show_progress(job, start, len(ids))
        count += remind_batch(letter, ids[start : start + BATCH], step=step)
    show_progress(job, len(ids), len(ids))
    record("remind_requests", actor=job.actor, thing=campaign, organisation_id=campaign.buyer_id, count=count)
    return {"message": _("%(count)d reminders are on their way.") % {"count": count}, "reminded": count}


def check_remindable(campaign: Campaign) -> None:
    """Refuse reminders for a campaign that is not out."""
    if campaign.state != CampaignState.SENT:
        raise DomainError(_("Reminders can be sent while a campaign is out: after sending, before closing."))


# 3. One batch -------------------------------------------------------------------------------------
@transaction.atomic
def remind_batch(letter: Letter, request_ids: Sequence[int], *, step: str) -> int:
    """Queue the reminders of some requests; those that have one of this step, or nobody to write to, are passed by."""
    requests = list(
        Request.objects.filter(pk__in=request_ids)
        .select_related("site__organisation", letter.subject.column, "invitation")
        .defer(*(letter.subject.lookup(name) for name in letter.subject.heavy))
    )
    stems = {f"reminder:{request.pk}:{step}": request for request in requests}
    done = set(Mail.objects.filter(key__in=stems).values_list("key", flat=True))
    fresh = {stem: request for stem, request in stems.items() if stem not in done}
    members = members_of({request.site.organisation_id for request in fresh.values()})
    doors = usable_doors(fresh.values())
    mails: list[Mail] = []
    reminded = 0
    for stem, request in fresh.items():
        door = doors.get(request.pk)
        letters = letter.mails(
            stem,
            "reminder",
            readers_of(request, members, door, letter.campaign.languages),
            request.site,
            request_id=request.pk,
            thing_id=request.thing.pk,
            due_on=request.thing.due_on or letter.campaign.due_on,
            invitation=door,
            extra=how_far(request, letter),
        )
        reminded += bool(letters)
        mails += letters
    queue_mails(mails)
    return reminded


def readers_of(
    request: Request, members: Mapping[int, list[User]], door: Invitation | None, languages: list[str]
) -> list[Recipient]:
    """Return whom a reminder goes to: members by now, else the person the invitation was handed to, else nobody."""
    if members.get(request.site.organisation_id):
        return recipients_of(request.site, members, languages)
    if door is None:
        return []
    return [Recipient(door.email, door.name, spoken(door.language, languages))]


def how_far(request: Request, letter: Letter) -> dict[str, Any]:
    """Return what a reminder says about the days and about what was done so far."""
    late = (timezone.localdate() - (request.thing.due_on or letter.campaign.due_on)).days
    return {"days_late": max(0, late), "days_left": max(0, -late), **letter.subject.standing(request.thing)}
