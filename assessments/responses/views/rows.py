"""Rows of lists with their words made once: fifty rows of includes cost more than their query."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django_countries import countries

from assessments.responses.enums import OPEN_STATES, ResponseState
from assessments.responses.models import Response
from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
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

DECLARATION_TONES: dict[str, tuple[str, str]] = {
    DeclarationState.REQUESTED: ("plain", ""),
    DeclarationState.RETURNED: ("major", "alert-triangle"),
    DeclarationState.RECEIVED: ("minor", "eye"),
    DeclarationState.ACCEPTED: ("good", "circle-check"),
    DeclarationState.SUPERSEDED: ("plain", ""),
    DeclarationState.EXPIRED: ("plain", ""),
    DeclarationState.CANCELLED: ("plain", ""),
}


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox: what a site or its company was asked, where it is done, how far it is."""

    thing: Response | Declaration
    url: str
    what: str
    label: str
    tone: str
    symbol: str
    answered: str


def inbox_row(thing: Response | Declaration) -> InboxRow:
    """Return a questionnaire or a declaration as one line."""
    label = str(thing.get_state_display())
    if isinstance(thing, Declaration):
        url = reverse("declaration_detail", args=[thing.pk])
        what = f"{thing.template} · {thing.site.name}"
        return InboxRow(thing, url, what, label, *DECLARATION_TONES[thing.state], answered="")
    answered = f"{figure(thing.answered)}/{figure(thing.asked)}"
    url = reverse("response_hub", args=[thing.pk])
    return InboxRow(thing, url, thing.site.name, label, *TONES[thing.state], answered=answered)


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
