"""Reads of the calendar: what falls on which day of a month."""

import calendar
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from assessments.audits.enums import PLANNED_STATES, RELEASED_STATES, AuditState
from assessments.audits.models import Audit

SHOWN = 4
OFF_STATES = (AuditState.DECLINED, AuditState.CANCELLED)


@dataclass(frozen=True)
class Entry:
    """One audit on one day: `what` is wished, planned, on_site, done or expires."""

    audit: Audit
    what: str


@dataclass(frozen=True)
class Day:
    """One cell of the month."""

    day: date
    in_month: bool
    entries: Sequence[Entry]

    @property
    def shown(self) -> Sequence[Entry]:
        """The first few, as many as a cell holds."""
        return self.entries[:SHOWN]

    @property
    def rest(self) -> Sequence[Entry]:
        """Those that are folded away."""
        return self.entries[SHOWN:]


def month_audits(audits: QuerySet[Audit], first: date, last: date) -> QuerySet[Audit]:
    """Return the audits that show between two days: on site then, wished for then, or valid until then."""
    rows = audits.exclude(state__in=OFF_STATES).annotate(finish=Coalesce("ends_on", "starts_on"))
    on_site = Q(starts_on__lte=last, finish__gte=first)
    wished = Q(starts_on=None, preferred_on__range=(first, last), state__in=PLANNED_STATES)
    ending = Q(valid_until__range=(first, last), state__in=RELEASED_STATES)
    return rows.filter(on_site | wished | ending).order_by(F("starts_on").asc(nulls_last=True), "pk")


def weeks_of(audits: QuerySet[Audit], year: int, month: int) -> list[list[Day]]:
    """Return the weeks of a month, Monday first, with what falls on each day; one query."""
    days = list(calendar.Calendar().itermonthdates(year, month))
    first, last = days[0], days[-1]
    found: dict[date, list[Entry]] = defaultdict(list)
    for audit in month_audits(audits, first, last):
        for day, entry in entries_of(audit, first, last):
            found[day].append(entry)
    cells = [Day(day, day.month == month, found[day]) for day in days]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def entries_of(audit: Audit, first: date, last: date) -> Iterator[tuple[date, Entry]]:
    """Give the days of one audit that lie between two days."""
    if audit.starts_on is None and audit.preferred_on and audit.state in PLANNED_STATES:
        yield audit.preferred_on, Entry(audit, "wished")
    if audit.starts_on is not None:
        finish = min(audit.ends_on or audit.starts_on, last)
        day = max(audit.starts_on, first)
        while day <= finish:
            yield day, Entry(audit, stage_of(audit))
            day += timedelta(days=1)
    if audit.valid_until and first <= audit.valid_until <= last and audit.state in RELEASED_STATES:
        yield audit.valid_until, Entry(audit, "expires")


def stage_of(audit: Audit) -> str:
    """Return how the days on site of an audit are shown."""
    if audit.state in PLANNED_STATES:
        return "planned"
    return "on_site" if audit.state == AuditState.IN_PROGRESS else "done"
