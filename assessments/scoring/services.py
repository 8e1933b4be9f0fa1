"""Deeds of scoring: read frozen submissions, write scores, flags and findings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from msgspec import to_builtins

from assessments.findings.enums import Severity, Source
from assessments.findings.models import Finding
from assessments.findings.services import Key, Raised, raise_findings
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import fill_text
from assessments.responses.models import Submission
from assessments.responses.services import Standing, record_standings
from assessments.scoring.models import Flag, Score
from assessments.scoring.queries import latest_submissions, newest_responses, scorer_of, unscored_submissions
from assessments.scoring.scoring import SCORING_VERSION, Fired, Result
from portal.lib.queue import enqueue

BATCH = 250


@dataclass(frozen=True)
class Scored:
    """A submission, its document and what scoring said of it."""

    submission: Submission
    document: Document
    result: Result


def score_submission(submission_id: int) -> None:
    """Score one submission; does nothing when it was scored already. May run twice at once."""
    score_batch(unscored_submissions().filter(pk=submission_id))


def score_batch(submissions: Any) -> int:
    """Score the submissions of a queryset in one transaction; returns how many."""
    with transaction.atomic():
        rows = list(
            submissions.select_related("response__version")
            .defer("response__version__document")
            # The response too: the next submission of it waits, so that the standing is of the latest.
            .select_for_update(of=("self", "response"))
            .order_by("pk")
        )
        write_results([score_one(submission) for submission in rows])
    return len(rows)


def score_one(submission: Submission) -> Scored:
    """Run the pure scorer on one snapshot."""
    version = submission.response.version
    return Scored(submission, document_of(version), scorer_of(version).score(json.loads(submission.snapshot)))


def write_results(scored: list[Scored]) -> None:
    """Write scores and flags of a batch; those of each response's latest submission become its standing."""
    if not scored:
        return
    scores = save_scores(scored)
    latest = latest_submissions({item.submission.response_id for item in scored})
    current = [item for item in scored if latest[item.submission.response_id] == item.submission.pk]
    findings = raise_flags(current)
    save_flags(scored, scores, {item.submission.pk for item in current}, findings)
    record_standings([standing_of(item) for item in current])
    Submission.objects.filter(pk__in=[item.submission.pk for item in scored]).update(scored_version=SCORING_VERSION)


def save_scores(scored: list[Scored]) -> dict[int, int]:
    """Write one score per submission and return its id by submission id."""
    rows = [
        Score(
            submission=item.submission,
            scoring_version=SCORING_VERSION,
            total=item.result.total,
            band=item.result.band or "",
            detail=detail_of(item.result),
            created_at=timezone.now(),
        )
        for item in scored
    ]
    Score.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["submission", "scoring_version"],
        update_fields=["total", "band", "detail", "created_at"],
    )
    keys = [item.submission.pk for item in scored]
    stored = Score.objects.filter(submission_id__in=keys, scoring_version=SCORING_VERSION)
    return dict(stored.values_list("submission_id", "pk"))


def detail_of(result: Result) -> dict[str, Any]:
    """Return the reasons of a score as JSON; a contribution is a row in a fixed order of columns."""
    return {
        "sections": to_builtins(result.sections),
        "provisions": to_builtins(result.provisions),
        "contributions": {
            part.code: [
                str(part.state),
                part.earned,
                part.weight,
                round(part.gain, 3),
                round(part.lost, 3),
                part.missing_evidence,
            ]
            for part in result.contributions
        },
        "not_evaluated": list(result.not_evaluated),
    }


def raise_flags(current: list[Scored]) -> dict[Key, Finding]:
    """Make the findings match the flags of the responses that are the newest word of their sites."""
    newest = newest_responses({item.submission.response.site_id for item in current})
    speaking = [item for item in current if item.submission.response_id in newest]
    raised = [raised_of(item, fired) for item in speaking for fired in item.result.flags]
    checked = {item.submission.response_id: checked_keys(item) for item in speaking}
    return raise_findings(raised, checked=checked, source=Source.FLAG)


def checked_keys(item: Scored) -> frozenset[Key]:
    """Return the keys of every rule this submission says something about, fired or not."""
    response = item.submission.response
    silent = set(item.result.not_evaluated)
    rules = (rule.code for rule in item.document.flags if rule.code not in silent)
    return frozenset((response.site_id, response.relationship_id, rule) for rule in rules)


def raised_of(item: Scored, fired: Fired) -> Raised:
    """Return what a flag says as a finding: its rule's text with the answers filled in."""
    rule = item.document.flag(fired.rule)
    response = item.submission.response
    return Raised(
        site_id=response.site_id,
        relationship_id=response.relationship_id,
        source=Source.FLAG,
        source_id=response.pk,
        rule=fired.rule,
        code_of_conduct=item.document.code_of_conduct,
        provision=fired.provision,
        severity=str(fired.severity),
        text=fill_text(item.document, rule.text, fired.inputs),
        advice=fill_text(item.document, rule.advice, fired.inputs),
    )


def save_flags(scored: list[Scored], scores: dict[int, int], current: set[int], findings: dict[Key, Finding]) -> None:
    """Replace the flags of these scores; earlier submissions of the same responses stop being current."""
    Flag.objects.filter(score_id__in=scores.values()).delete()
    responses = [item.submission.response_id for item in scored if item.submission.pk in current]
    Flag.objects.filter(response_id__in=responses, current=True).update(current=False)
    flags = []
    for item in scored:
        response = item.submission.response
        for fired in item.result.flags:
            finding = findings.get((response.site_id, response.relationship_id, fired.rule))
            is_current = item.submission.pk in current
            flags.append(
                Flag(
                    score_id=scores[item.submission.pk],
                    response=response,
                    rule=fired.rule,
                    provision=fired.provision,
                    severity=str(fired.severity),
                    inputs=dict(fired.inputs),
                    current=is_current,
                    finding=finding if is_current else None,
                )
            )
    Flag.objects.bulk_create(flags, batch_size=500)


def standing_of(item: Scored) -> Standing:
    """Return the summary that lists and dashboards read."""
    counts = dict.fromkeys(Severity.values, 0)
    for fired in item.result.flags:
        counts[str(fired.severity)] += 1
    return Standing(
        response_id=item.submission.response_id,
        score=item.result.total,
        band=item.result.band or "",
        priority=counts["priority"],
        major=counts["major"],
        minor=counts["minor"],
    )


def sweep_scoring() -> int:
    """Wake workers for submissions that were not scored; returns how many."""
    waiting = list(unscored_submissions().order_by("submitted_at").values_list("pk", flat=True)[:500])
    for pk in waiting:
        enqueue("scoring.score", submission_id=pk)
    return len(waiting)


def rescore_all() -> Iterator[int]:
    """Score every submission that this scoring version has not seen, in batches; yields each batch's size."""
    keys = iter(list(unscored_submissions().order_by("pk").values_list("pk", flat=True)))
    while batch := list(islice(keys, BATCH)):
        yield score_batch(Submission.objects.filter(pk__in=batch))
