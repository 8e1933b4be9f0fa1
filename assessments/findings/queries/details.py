"""Reads for the page of one finding: what happened, what is near it, into what it may be merged."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from assessments.findings.enums import RULED_SOURCES, UNSETTLED_STATES, CloseReason, FindingState
from assessments.findings.models import SEVERITY_RANK, Finding
from assessments.findings.queries.findings import title_of, visible_findings
from portal.accounts.models import User
from suppliers.organisations.queries import Reader


@dataclass(frozen=True)
class Event:
    """One thing that happened to a finding."""

    at: datetime
    word: str
    actor: User | None
    note: str = ""


@dataclass(frozen=True)
class Relatives:
    """Findings near one, as far as the reader sees them."""

    earlier: Finding | None = None
    goes_on_in: Finding | None = None
    later: list[Finding] = field(default_factory=list)
    merged: list[Finding] = field(default_factory=list)


def history_of(finding: Finding) -> list[Event]:
    """Return what happened to a finding, the oldest first; one query."""
    events = [
        Event(
            change.at,
            str(FindingState(change.target).label) if change.source else _("Raised"),
            change.actor,
            reason_words(change.reason),
        )
        for change in finding.changes.select_related("actor").order_by("at", "pk")
    ]
    if finding.source in RULED_SOURCES and finding.rule and finding.confirmed_at:
        events.append(Event(finding.confirmed_at, pgettext("finding", "Confirmed"), finding.confirmed_by))
    return sorted(events, key=lambda event: event.at)


def reason_words(reason: str) -> str:
    """Return a stored close reason as its word, and a typed note as it is."""
    return str(CloseReason(reason).label) if reason in CloseReason.values else reason


def relatives_of(user: Reader, finding: Finding) -> Relatives:
    """Return what a finding repeats, what repeats it, and what was merged; one query."""
    near = Q(recurrence_of=finding) | Q(merged_into=finding)
    near |= Q(pk__in=[pk for pk in (finding.recurrence_of_id, finding.merged_into_id) if pk])
    rows = list(visible_findings(user).filter(near).order_by("pk"))
    by_id = {row.pk: row for row in rows}
    return Relatives(
        earlier=by_id.get(finding.recurrence_of_id or 0),
        goes_on_in=by_id.get(finding.merged_into_id or 0),
        later=[row for row in rows if row.recurrence_of_id == finding.pk],
        merged=[row for row in rows if row.merged_into_id == finding.pk],
    )


def merge_targets(finding: Finding) -> QuerySet[Finding]:
    """Return the findings into which one may be merged: unsettled, of the same site and buyer, worst first."""
    rows = Finding.objects.filter(
        site_id=finding.site_id, relationship_id=finding.relationship_id, state__in=UNSETTLED_STATES
    )
    return rows.exclude(pk=finding.pk).order_by(SEVERITY_RANK, "pk")


def short_name(finding: Finding) -> str:
    """Return a finding in one line, for a choice: number, provision, severity, source, state."""
    title = title_of(finding.code_of_conduct, finding.provision, get_language() or "en")
    facts = (finding.get_severity_display(), finding.get_source_display(), finding.get_state_display())
    return f"{finding.pk}: {finding.provision} {title} ({', '.join(facts)})"
