"""The to-do list of a supplier: what is open, what was returned, what is done."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.responses.enums import OPEN_STATES, ResponseState
from assessments.responses.models import Response
from assessments.responses.queries import inbox_responses
from portal.lib.listing import page_of
from suppliers.organisations.queries import current_workspace

MOST_OPEN = 200
TONES: dict[str, tuple[str, str]] = {
    ResponseState.WAITING: ("plain", ""),
    ResponseState.IN_PROGRESS: ("minor", "circle-half-2"),
    ResponseState.RETURNED: ("major", ""),
    ResponseState.SUBMITTED: ("good", ""),
    ResponseState.IN_REVIEW: ("minor", "eye"),
    ResponseState.ACCEPTED: ("good", ""),
    ResponseState.DECLINED: ("plain", ""),
    ResponseState.CANCELLED: ("plain", ""),
}


@dataclass(frozen=True)
class InboxRow:
    """One request on the to-do list."""

    response: Response
    label: str
    tone: str
    symbol: str
    is_late: bool


def inbox_row(response: Response) -> InboxRow:
    """Return a request with its state in words."""
    tone, symbol = TONES[response.state]
    is_open = response.state in OPEN_STATES
    label = str(ResponseState(response.state).label)
    return InboxRow(response, label, tone, symbol, is_open and response.due_on < timezone.localdate())


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Open requests first, returned ones before all, then by due date; below what is done."""
    workspace = current_workspace(request)
    organisation_id = workspace.organisation.pk if workspace else 0
    rows = inbox_responses(request.user, organisation_id)
    opened = sorted(
        rows.filter(state__in=OPEN_STATES).order_by("due_on", "pk")[:MOST_OPEN],
        key=lambda row: row.state != ResponseState.RETURNED,
    )
    page = page_of(rows.exclude(state__in=OPEN_STATES).order_by("-submitted_at", "-pk"), request)
    context = {
        "opened": [inbox_row(row) for row in opened],
        "done": [inbox_row(row) for row in page],
        "page": page,
        "empty": _("Nobody has asked you anything yet. When a buyer asks, the questionnaire stands here."),
    }
    return render(request, "responses/inbox.html", context)
