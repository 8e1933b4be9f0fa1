"""How far campaigns are."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from assessments.campaigns.enums import CampaignState, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries.rights import visible_requests
from assessments.campaigns.queries.subjects import SUBJECTS, Subject
from suppliers.organisations.queries import Reader

FACETS = ("country", "business_unit", "region", "category", "tier")


def funnel(requests: QuerySet[Request], subject: Subject) -> dict[str, int]:
    """Return how many requests for one kind of thing are `sent` and at each step of Progress; one query.

    Grouped by state and due date: a handful of rows, which says the same as a filtered count per step at a third
    of its price.
    """
    opened_at, started_at = subject.lookup("opened_at"), subject.lookup("started_at")
    rows = (
        requests.order_by()
        .values_list(subject.lookup("state"), subject.lookup("due_on"))
        .annotate(Count("pk"), Count(opened_at), Count(started_at))
    )
    today = timezone.localdate()
    counts = dict.fromkeys(("sent", *Progress.values), 0)
    for state, due_on, total, opened, started in rows:
        counts["sent"] += total
        for step in subject.steps_of(state, late=due_on is not None and due_on < today):
            counts[step] += total
        counts[Progress.OPENED] += opened
        counts[Progress.UNOPENED] += total - opened
        counts[Progress.STARTED] += started
    return counts


def answer_counts(campaigns: Iterable[Campaign], user: Reader) -> dict[int, dict[str, int]]:
    """Return {campaign: {sent, submitted, late}} for the campaigns of one page; one query for each kind among them."""
    by_kind: dict[str, list[int]] = {}
    for campaign in campaigns:
        by_kind.setdefault(campaign.kind, []).append(campaign.pk)
    counts: dict[int, dict[str, int]] = {}
    for kind, ids in by_kind.items():
        counts |= count_answers(ids, SUBJECTS[kind], user)
    return counts


def count_answers(campaign_ids: Sequence[int], subject: Subject, user: Reader) -> dict[int, dict[str, int]]:
    """Return the counts of campaigns of one kind; one query."""
    today = timezone.localdate()
    rows = (
        visible_requests(user)
        .filter(campaign_id__in=campaign_ids)
        .order_by()
        .values("campaign_id")
        .annotate(
            sent=Count("pk"),
            submitted=Count("pk", filter=subject.progress_filter(Progress.SUBMITTED, today)),
            late=Count("pk", filter=subject.progress_filter(Progress.LATE, today)),
        )
        .values_list("campaign_id", "sent", "submitted", "late")
    )
    return {pk: {"sent": sent, "submitted": submitted, "late": late} for pk, sent, submitted, late in rows}


def facets_of(campaign: Campaign) -> dict[str, list[Any]]:
    """Return the values the requests of a campaign can be filtered by, read from the requests."""
    found: dict[str, set[Any]] = {name: set() for name in FACETS}
    for row in campaign.requests.order_by().values_list(*FACETS).distinct():
        for name, value in zip(FACETS, row, strict=True):
            if value not in ("", None):
                found[name].add(value)
    return {name: sorted(values) for name, values in found.items()}


def resumable(campaign: Campaign) -> bool:
    """Whether sending stopped before the end and needs a hand: its job is over or lost."""
    over = campaign.job is None or campaign.job.finished_at is not None
    return campaign.state == CampaignState.SENDING and over
