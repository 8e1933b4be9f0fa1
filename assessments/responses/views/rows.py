"""Rows of lists with their words made once: fifty rows of includes cost more than their query."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django_countries import countries

from assessments.responses.enums import OPEN_STATES, ResponseState
from assessments.responses.models import Response
from portal.lib.formats import band_class, band_word, distance_days, figure, shown_date

TONES: dict[str, tuple[str, str]] = {
    ResponseState.WAITING: ("plain", ""),
    ResponseState.IN_PROGRESS: ("minor", "circle-half-2"),
    ResponseState.RETURNED: ("major", "alert-triangle"),
    ResponseState.SUBMITTED: ("good", "circle-check"),
    ResponseState.IN_REVIEW: ("minor", "eye"),
    ResponseState.ACCEPTED: ("good", "circle-check"),
    ResponseState.DECLINED: ("plain", ""),
    ResponseState.CANCELLED: ("plain", ""),
}


@dataclass(frozen=True)
class ResponseRow:
    """One response in a list: the state in words, whether it is late, the land."""

    response: Response
    label: str
    tone: str
    symbol: str
    is_late: bool
    country: str = ""


def response_row(response: Response, today: date | None = None, land: str = "") -> ResponseRow:
    """Return a response with its state in words."""
    tone, symbol = TONES[response.state]
    is_open = response.state in OPEN_STATES
    label = str(ResponseState(response.state).label)
    return ResponseRow(
        response, label, tone, symbol, is_open and response.due_on < (today or timezone.localdate()), land
    )


@dataclass(frozen=True)
class ListRow(ResponseRow):
    """One line of the buyer's list."""

    url: str = ""
    due: str = ""
    due_iso: str = ""
    distance: str = ""
    submitted: str = ""
    score: str = ""
    band: str = ""
    band_class: str = ""
    has_flags: bool = False


def list_rows(responses: list[Response]) -> list[ListRow]:
    """Return the lines of the buyer's list; what many lines share is worded once."""
    lands = {code: str(countries.name(code)) for code in {str(one.site.country) for one in responses}}
    dues = {day: (shown_date(day), distance_days(day)) for day in {one.due_on for one in responses}}
    today = timezone.localdate()
    rows = []
    for one in responses:
        base = response_row(one, today, lands[str(one.site.country)])
        due, distance = dues[one.due_on]
        rows.append(
            ListRow(
                **base.__dict__,
                url=reverse("response_review", args=[one.pk]),
                due=due,
                due_iso=one.due_on.isoformat(),
                distance="" if one.is_handed_in else distance,
                submitted=shown_date(one.submitted_at),
                score=figure(one.score, 1),
                band=band_word(one.band) if one.band else "",
                band_class=band_class(one.band),
                has_flags=bool(one.priority_flags or one.major_flags or one.minor_flags),
            )
        )
    return rows
