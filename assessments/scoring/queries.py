"""Reads of scores: what waits, what stands, who one is compared with."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, QuerySet

from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.responses.enums import HANDED_IN_STATES
from assessments.responses.models import Response, Submission
from assessments.responses.queries import own_responses, visible_responses
from assessments.scoring.models import Flag, Score
from assessments.scoring.scoring import SCORING_VERSION, Scorer, compile_scorer
from suppliers.organisations.queries import Reader

PEERS_NEEDED = 5
SCORERS: dict[str, Scorer] = {}


def scorer_of(version: QuestionnaireVersion) -> Scorer:
    """Return the compiled scorer of a version; kept by the hash of the document, so it cannot go stale."""
    if version.sha256 not in SCORERS:
        SCORERS[version.sha256] = compile_scorer(document_of(version))
    return SCORERS[version.sha256]


def unscored_submissions() -> QuerySet[Submission]:
    """Return submissions that this scoring version has not seen."""
    return Submission.objects.exclude(scored_version=SCORING_VERSION)


def latest_submissions(response_ids: set[int]) -> dict[int, int]:
    """Return the id of the latest submission by response id."""
    rows = Submission.objects.filter(response_id__in=response_ids)
    return dict(rows.values("response_id").annotate(last=Max("pk")).values_list("response_id", "last"))


def newest_responses(site_ids: set[int]) -> set[int]:
    """Return the responses that are the newest word: the last one submitted per site, buyer and questionnaire."""
    rows = Response.objects.filter(site_id__in=site_ids, submitted_at__isnull=False).order_by("submitted_at", "pk")
    keys = rows.values_list("site_id", "relationship_id", "version__questionnaire_id", "pk")
    return set({key[:3]: key[3] for key in keys}.values())


def visible_scores(user: Reader) -> QuerySet[Score]:
    """Return scores of responses the user may see."""
    return Score.objects.filter(submission__response_id__in=visible_responses(user).values("pk"))


def visible_flags(user: Reader) -> QuerySet[Flag]:
    """Return flags of responses the user may see."""
    return Flag.objects.filter(response_id__in=visible_responses(user).values("pk"))


def listed_results(user: Reader, organisation_id: int | None) -> QuerySet[Response]:
    """Return what the user's sites handed in, those of one organisation where it is given, the newest first."""
    rows = own_responses(user).filter(submitted_at__isnull=False)
    if organisation_id is not None:
        rows = rows.filter(site__organisation_id=organisation_id)
    return rows.select_related("site", "relationship__buyer").order_by("-submitted_at", "-pk")


def score_of(response: Response) -> Score | None:
    """Return the score of the latest submission, None while it waits: never that of the one before it."""
    latest = Submission.objects.filter(response=response).order_by("-number").values("pk")[:1]
    rows = Score.objects.filter(submission_id__in=latest).select_related("submission")
    return rows.order_by("-created_at", "-pk").first()


def peer_scores(response: Response, *, same: dict[str, Any]) -> list[tuple[float, int]]:
    """Return (score, sites) of sites asked the same by the same buyer in the same period; at most 1,001 rows."""
    rows = Response.objects.filter(
        relationship__buyer_id=response.relationship.buyer_id,
        version__questionnaire_id=response.version.questionnaire_id,
        period=response.period,
        state__in=HANDED_IN_STATES,
        score__isnull=False,
        **same,
    )
    counts = rows.order_by().values_list("score").annotate(sites=Count("site", distinct=True))
    return [(float(score), sites) for score, sites in counts]


def peer_median(response: Response, *, same: dict[str, Any]) -> tuple[float, int] | None:
    """Return (median, sites behind it), or None when fewer than PEERS_NEEDED sites stand behind it."""
    pairs = peer_scores(response, same=same)
    sites = sum(count for _score, count in pairs)
    return (weighted_median(pairs), sites) if sites >= PEERS_NEEDED else None


def weighted_median(pairs: Iterable[tuple[float, int]]) -> float:
    """Return the median of values given as (value, how often), 0 of none."""
    ordered = sorted(pairs)
    total = sum(count for _value, count in ordered)
    low = high = 0.0
    seen = 0
    for value, count in ordered:
        if seen < (total + 1) // 2 <= seen + count:
            low = value
        if seen < total // 2 + 1 <= seen + count:
            high = value
        seen += count
    return round((low + high) / 2, 1)
