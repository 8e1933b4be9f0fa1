"""Deeds of scoring: read frozen submissions, write scores, flags and findings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
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
Words = dict[tuple[int, str, str], tuple[dict[str, str], dict[str, str]]]


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
    record_standings([standing for item in current if (standing := standing_of(item)) != standing_now(item)])
    Submission.objects.filter(pk__in=[item.submission.pk for item in scored]).update(scored_version=SCORING_VERSION)


def save_scores(scored: list[Scored]) -> dict[int, int]:
    """Write the scores that are new or differ from what stands; return the id of each by submission id."""
    rows = Score.objects.filter(
        submission_id__in=[item.submission.pk for item in scored], scoring_version=SCORING_VERSION
    )
    stored = {row.submission_id: row for row in rows}
    found = [score_row(item) for item in scored]
    fresh = [row for row in found if not is_same_score(row, stored.get(row.submission_id))]
    Score.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["submission", "scoring_version"],
        update_fields=["total", "band", "detail", "created_at"],
    )
    return {row.submission_id: row.pk for row in (*stored.values(), *fresh)}


def score_row(item: Scored) -> Score:
    """Return the unsaved score of a submission."""
    return Score(
        submission=item.submission,
        scoring_version=SCORING_VERSION,
        total=item.result.total,
        band=item.result.band or "",
        detail=detail_of(item.result),
        created_at=timezone.now(),
    )


def is_same_score(row: Score, stored: Score | None) -> bool:
    """Whether a score says what already stands."""
    if stored is None or row.band != stored.band or row.detail != stored.detail:
        return False
    return as_tenths(row.total) == as_tenths(stored.total)


def as_tenths(value: Decimal | float | None) -> int | None:
    """Return a score in tenths, however it is stored."""
    return None if value is None else round(value * 10)


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
    words: Words = {}
    raised = [raised_of(item, fired, words) for item in speaking for fired in item.result.flags]
    checked = {item.submission.response_id: checked_keys(item) for item in speaking}
    return raise_findings(raised, checked=checked, source=Source.FLAG)


def checked_keys(item: Scored) -> frozenset[Key]:
    """Return the keys of every rule this submission says something about, fired or not."""
    response = item.submission.response
    silent = set(item.result.not_evaluated)
    rules = (rule.code for rule in item.document.flags if rule.code not in silent)
    return frozenset((response.site_id, response.relationship_id, rule) for rule in rules)


def raised_of(item: Scored, fired: Fired, words: Words) -> Raised:
    """Return what a flag says as a finding: its rule's text with the answers filled in."""
    response = item.submission.response
    text, advice = words_of(item, fired, words)
    return Raised(
        site_id=response.site_id,
        relationship_id=response.relationship_id,
        source=Source.FLAG,
        source_id=response.pk,
        rule=fired.rule,
        code_of_conduct=item.document.code_of_conduct,
        provision=fired.provision,
        severity=str(fired.severity),
        text=text,
        advice=advice,
    )


def words_of(item: Scored, fired: Fired, words: Words) -> tuple[dict[str, str], dict[str, str]]:
    """Return (text, advice) of a flag in every language; many sites give the same answer, so a batch keeps them."""
    key = (item.submission.response.version_id, fired.rule, json.dumps(fired.inputs, sort_keys=True))
    if key not in words:
        rule = item.document.flag(fired.rule)
        words[key] = (
            fill_text(item.document, rule.text, fired.inputs),
            fill_text(item.document, rule.advice, fired.inputs),
        )
    return words[key]


def save_flags(scored: list[Scored], scores: dict[int, int], current: set[int], findings: dict[Key, Finding]) -> None:
    """Make the flags of these scores what fired; earlier submissions of the same responses stop being current."""
    wanted = {
        (flag.score_id, flag.rule): flag
        for item in scored
        for flag in flags_of(item, scores[item.submission.pk], findings, current=item.submission.pk in current)
    }
    stored = {(flag.score_id, flag.rule): flag for flag in Flag.objects.filter(score_id__in=scores.values())}
    same = {key for key in wanted.keys() & stored.keys() if facts_of(wanted[key]) == facts_of(stored[key])}
    Flag.objects.filter(pk__in=[stored[key].pk for key in stored.keys() - same]).delete()
    Flag.objects.bulk_create([flag for key, flag in wanted.items() if key not in same], batch_size=500)
    responses = [item.submission.response_id for item in scored if item.submission.pk in current]
    standing = [scores[pk] for pk in current]
    past = Flag.objects.filter(response_id__in=responses, current=True).exclude(score_id__in=standing)
    past.update(current=False)


def flags_of(item: Scored, score_id: int, findings: dict[Key, Finding], *, current: bool) -> Iterator[Flag]:
    """Yield the unsaved flags of one score; only those of the latest submission belong to a finding."""
    response = item.submission.response
    for fired in item.result.flags:
        finding = findings.get((response.site_id, response.relationship_id, fired.rule)) if current else None
        yield Flag(
            score_id=score_id,
            response=response,
            rule=fired.rule,
            provision=fired.provision,
            severity=str(fired.severity),
            inputs=dict(fired.inputs),
            current=current,
            finding=finding,
        )


def facts_of(flag: Flag) -> tuple[object, ...]:
    """Return what makes two flags of one score and rule the same."""
    return flag.provision, flag.severity, flag.inputs, flag.current, flag.finding_id


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


def standing_now(item: Scored) -> Standing:
    """Return the summary as it stands; the response was read under a lock."""
    response = item.submission.response
    return Standing(
        response_id=response.pk,
        score=None if response.score is None else float(response.score),
        band=response.band,
        priority=response.priority_flags,
        major=response.major_flags,
        minor=response.minor_flags,
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
