"""Statuses over time: what was known of a smelter on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from minerals.smelters.enums import LIGHTS, Light, Status
from minerals.smelters.models import Smelter, SmelterStatus


@dataclass(frozen=True)
class StatusThen:
    """A status as it was known on a day; without a date nothing was known yet."""

    status: Status
    text: str = ""
    as_of: dt.date | None = None
    source: str = ""

    @property
    def light(self) -> Light:
        """The traffic light of that day."""
        return LIGHTS[self.status]


NOT_KNOWN = StatusThen(Status.UNKNOWN)


def status_as_of(smelter: Smelter, day: dt.date) -> StatusThen:
    """Return the status of one smelter as of a day."""
    return statuses_as_of([smelter.pk], day).get(smelter.pk, NOT_KNOWN)


def statuses_as_of(smelters: Iterable[int] | QuerySet[Smelter], day: dt.date) -> dict[int, StatusThen]:
    """Return {smelter: its status as of a day} in one query; who had none yet is left out."""
    newest = SmelterStatus.objects.filter(smelter=OuterRef("smelter"), as_of__lte=day).order_by("-as_of", "-pk")
    rows = SmelterStatus.objects.filter(smelter__in=smelters, pk=Subquery(newest.values("pk")[:1]))
    return {
        row["smelter_id"]: StatusThen(Status(row["status"]), row["text"], row["as_of"], row["source"])
        for row in rows.values("smelter_id", "status", "text", "as_of", "source")
    }


@dataclass(frozen=True)
class Span:
    """A status that several sources in a row agree on."""

    newest: SmelterStatus
    first_on: dt.date
    times: int


def status_spans(smelter: Smelter) -> list[Span]:
    """Return the history of a smelter, newest first; what was only confirmed is one span."""
    spans: list[Span] = []
    for row in smelter.statuses.order_by("-as_of", "-pk"):
        last = spans[-1] if spans else None
        if last is not None and (last.newest.status, last.newest.text) == (row.status, row.text):
            spans[-1] = Span(last.newest, row.as_of, last.times + 1)
        else:
            spans.append(Span(row, row.as_of, 1))
    return spans
