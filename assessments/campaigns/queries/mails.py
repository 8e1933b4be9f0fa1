"""The mails of a request, found by their keys."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from assessments.campaigns.models import Campaign, Request
from portal.notices.enums import MailState
from portal.notices.models import Mail

MOST_RECIPIENTS = 5


def request_keys(request_id: int) -> list[str]:
    """Return the keys under which the first mails of a request may stand; see mail_keys."""
    return mail_keys(f"request:{request_id}", MOST_RECIPIENTS)


def mail_keys(stem: str, count: int) -> list[str]:
    """Return one key per recipient: the stem itself, then stem:2, stem:3 ..."""
    return [stem, *(f"{stem}:{number}" for number in range(2, count + 1))]


def failed_mails(request_ids: Sequence[int]) -> dict[int, str]:
    """Return {request: what the mail server said} for requests of a page whose mail failed; one query."""
    keys = {key: pk for pk in request_ids for key in request_keys(pk)}
    bad = Mail.objects.filter(key__in=keys, state__in=(MailState.FAILED, MailState.UNCERTAIN))
    return {keys[key]: error for key, error in bad.values_list("key", "error")}


def requests_with_failed_mail(campaign: Campaign) -> list[int]:
    """Return the requests of a campaign whose mail failed: read from the failed mails, of which there are few."""
    keys = Mail.objects.filter(
        state__in=(MailState.FAILED, MailState.UNCERTAIN),
        organisation_id=campaign.buyer_id,
        key__startswith="request:",
    ).values_list("key", flat=True)
    return sorted({int(key.split(":")[1]) for key in keys})


def mails_of(request: Request) -> QuerySet[Mail]:
    """Return every mail about one request, newest first."""
    stems = (f"request:{request.pk}", f"reminder:{request.pk}", f"again:{request.pk}")
    mine = Q(key__in=stems)
    for stem in stems:
        mine |= Q(key__startswith=f"{stem}:")
    return Mail.objects.filter(mine).order_by("-created_at", "-pk")
