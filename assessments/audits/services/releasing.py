"""What an audit leaves behind: findings, how long it is valid, its recognition, and the comparison with the answers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from assessments.audits.comparison import (
    REVIEWED,
    Origins,
    Row,
    Said,
    carry_over,
    compare,
    provisions_behind,
    read_words,
)
from assessments.audits.document import Checkpoint, Programme, add_months
from assessments.audits.enums import NONCONFORM, Conclusion
from assessments.audits.models import Audit, AuditConclusion, Comparison, QuestionCheck
from assessments.audits.queries import programme_of
from assessments.audits.scoring import recognise
from assessments.findings.clocks import find_clock, set_dates
from assessments.findings.enums import ActionManager, Source
from assessments.findings.models import UNSETTLED, Finding
from assessments.findings.services.raising import Raised, raise_audit_findings
from assessments.responses.enums import ResponseState
from assessments.responses.models import Submission
from assessments.scoring.enums import State
from assessments.scoring.services import Scored, score_one
from portal.accounts.models import User
from portal.trail.queries import start_of
from portal.trail.services import record

SAID_WITHIN_MONTHS = 18
TRIED = 5  # the newest self-assessments that are read in search of one that speaks of provisions


@transaction.atomic
def raise_from_audit(audit: Audit, *, only_priority: bool, actor: User | None) -> dict[str, Finding]:
    """Raise the findings of an audit from its conclusions and return them by checkpoint; safe to call twice.

    At the acknowledgement only the priority ones, whose clocks run from discovery; at release all of them, when those
    raised before learn the day of the report and one that did not stand is closed as not confirmed.
    """
    programme = programme_of(audit.programme)
    wanted = (Conclusion.PRIORITY,) if only_priority else NONCONFORM
    rows = list(
        audit.conclusions.filter(conclusion__in=wanted)
        .select_related("finding", "updated_by")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    day = timezone.localdate()
    discovered = day if only_priority else min(audit.ends_on or day, day)
    raised = [raised_of(audit, programme, row, discovered) for row in rows]
    auditors = [one.user for one in audit.assignments.exclude(has_conflict=True).select_related("user")]
    found = raise_audit_findings(raised, audit_id=audit.pk, inspectors=auditors)
    link_conclusions(rows, found)
    link_recurrences(audit, found)
    record(
        "raise_audit_findings",
        actor=actor,
        thing=audit,
        organisation_id=audit.relationship.buyer_id,
        count=len(found),
        only_priority=only_priority,
    )
    return found


def raised_of(audit: Audit, programme: Programme, row: AuditConclusion, discovered: date) -> Raised:
    """Return what a conclusion says as a finding; one raised before keeps its day of discovery."""
    point = programme.by_code[row.checkpoint]
    topic = row.topic or programme.topic_of(point.provision)
    if row.finding is not None and row.finding.discovered_on:
        discovered = row.finding.discovered_on
    clock = find_clock(programme.clocks, row.conclusion, topic)
    return Raised(
        site_id=audit.site_id,
        relationship_id=audit.relationship_id,
        source=Source.AUDIT,
        source_id=audit.pk,
        rule=row.checkpoint,
        code_of_conduct=programme.code_of_conduct,
        provision=point.provision,
        severity=row.conclusion,
        text=text_of(row, point),
        advice=spoken(row, row.root_cause),
        topic=topic,
        law=row.law,
        firm_id=audit.firm_id,
        manager=manager_of(audit, programme, row.conclusion),
        discovered_on=discovered,
        reported_on=audit.released_on,
        dates=set_dates(clock, discovered=discovered, reported=audit.released_on),
    )


def text_of(row: AuditConclusion, point: Checkpoint) -> dict[str, str]:
    """Return what was found in the language of its writer; before it is described, what was looked at."""
    return spoken(row, row.description) or dict(point.title)


def spoken(row: AuditConclusion, words: str) -> dict[str, str]:
    """Return words by the language of whoever wrote the conclusion; nothing of nothing."""
    language = row.updated_by.language if row.updated_by else "en"
    return {language: words} if words.strip() else {}


def manager_of(audit: Audit, programme: Programme, severity: str) -> ActionManager:
    """Return who manages the action as the programme says; the buyer where an audit has no firm."""
    manager = ActionManager(programme.manager_of(severity))
    return ActionManager.BUYER if manager is ActionManager.FIRM and audit.firm_id is None else manager


def link_conclusions(rows: Sequence[AuditConclusion], found: dict[str, Finding]) -> None:
    """Let every conclusion know its finding."""
    fresh = [row for row in rows if row.finding_id != found[row.checkpoint].pk]
    for row in fresh:
        row.finding = found[row.checkpoint]
    AuditConclusion.objects.bulk_update(fresh, ["finding"])


def link_recurrences(audit: Audit, found: dict[str, Finding]) -> None:
    """Let what a closure audit finds again at a checkpoint know what the audit it follows found there."""
    if audit.follows_id is None:
        return
    earlier = Finding.objects.filter(source=Source.AUDIT, source_id=audit.follows_id, rule__in=found)
    repeated = dict(earlier.values_list("rule", "pk"))
    changed = [found[rule] for rule, pk in repeated.items() if found[rule].recurrence_of_id != pk]
    for finding in changed:
        finding.recurrence_of_id = repeated[finding.rule]
    Finding.objects.bulk_update(changed, ["recurrence_of"])


def date_validity(audit: Audit) -> None:
    """Write until when a released audit is valid, by the months of its kind after its last day on site."""
    kind = programme_of(audit.programme).kind(audit.kind)
    audit.valid_until = kind.valid_until(audit.ends_on or timezone.localdate())
    Audit.objects.filter(pk=audit.pk).update(valid_until=audit.valid_until)


def refresh_recognition(audit: Audit) -> str:
    """Write and return the recognition an audit has now, by its score and by what of its findings is settled.

    Called at release and whenever findings of it may have been settled.
    """
    score = None if audit.score is None else float(audit.score)
    open_ones = Finding.objects.filter(UNSETTLED, source=Source.AUDIT, source_id=audit.pk)
    unsettled = set(open_ones.values_list("severity", flat=True).distinct())
    level = recognise(programme_of(audit.programme), score, unsettled)
    if level != audit.recognition:
        audit.recognition = level
        Audit.objects.filter(pk=audit.pk).update(recognition=level)
    return level


# Beside the self-assessment --------------------------------------------------------------------------
@transaction.atomic
def compare_audit(audit: Audit) -> None:
    """Write what the site said of itself before the audit beside what the auditors found; safe to call twice.

    It writes a Comparison for every provision the auditors concluded on, a QuestionCheck for every question answered
    with full points on a provision they looked at, and both sums on the audit. Without a self-assessment to compare
    with, nothing stands.
    """
    Comparison.objects.filter(audit=audit).delete()
    QuestionCheck.objects.filter(audit=audit).delete()
    audit.claimed = audit.confirmed = 0
    scored = self_assessment_before(audit)
    if scored is not None:
        rows = compare_provisions(audit, scored)
        Comparison.objects.bulk_create(comparison_of(audit, scored, row) for row in rows)
        QuestionCheck.objects.bulk_create(question_checks(audit, scored, rows))
        audit.claimed = sum(row.is_claimed for row in rows)
        audit.confirmed = sum(row.is_confirmed for row in rows)
    Audit.objects.filter(pk=audit.pk).update(claimed=audit.claimed, confirmed=audit.confirmed)


def self_assessment_before(audit: Audit) -> Scored | None:
    """Return the newest self-assessment that the site handed in to this buyer before the auditors came, scored.

    One older than SAID_WITHIN_MONTHS says nothing of the day of the audit; one that speaks of no provision nothing at
    all. Corrections handed in before that day count; what was handed in later knew what the auditors had seen.
    """
    first = audit.starts_on or audit.ends_on
    if first is None:
        return None
    rows = Submission.objects.filter(
        response__site_id=audit.site_id,
        response__relationship_id=audit.relationship_id,
        submitted_at__lt=start_of(first),
        submitted_at__gte=start_of(add_months(first, -SAID_WITHIN_MONTHS)),
    ).exclude(response__state=ResponseState.CANCELLED)
    newest = rows.select_related("response__version").order_by("-submitted_at", "-pk")[:TRIED]
    return next((scored for scored in map(score_one, newest) if words_of(scored)), None)


def words_of(scored: Scored) -> dict[str, Said]:
    """Return the site's word by provision of the code it was asked under."""
    scores = {provision: tally.score for provision, tally in scored.result.provisions.items()}
    return read_words(scores, {fired.provision for fired in scored.result.flags})


def compare_provisions(audit: Audit, scored: Scored) -> list[Row]:
    """Return the rows of a comparison, in the order of the programme's checkpoints."""
    programme = programme_of(audit.programme)
    written = dict(audit.conclusions.exclude(conclusion="").values_list("checkpoint", "conclusion"))
    found: dict[str, list[str]] = {}
    for point in programme.points:
        if point.code in written:
            found.setdefault(point.provision, []).append(written[point.code])
    return compare(carry_over(words_of(scored), found, behind(programme, scored)), found)


def behind(programme: Programme, scored: Scored) -> Origins:
    """Return which provisions the site was asked under stand behind one of the audit."""
    return provisions_behind(scored.document.code_of_conduct, programme.code_of_conduct)


def comparison_of(audit: Audit, scored: Scored, row: Row) -> Comparison:
    """Return the unsaved row of one provision."""
    score = None if row.said.score is None else Decimal(str(row.said.score))
    return Comparison(
        audit=audit,
        submission=scored.submission,
        provision=row.provision,
        said=row.said.word,
        score=score,
        found=row.found,
    )


def question_checks(audit: Audit, scored: Scored, rows: Sequence[Row]) -> list[QuestionCheck]:
    """Return what the auditors made of every question that was answered with full points."""
    origins = behind(programme_of(audit.programme), scored)
    full = [part for part in scored.result.contributions if part.state == State.SCORED and part.earned >= 1]
    return [
        QuestionCheck(
            audit=audit,
            question=part.code,
            provision=row.provision,
            is_confirmed=row.found == Conclusion.CONFORM,
        )
        for row in rows
        if row.found in REVIEWED
        for part in full
        if part.provision in origins(row.provision)
    ]
