"""The to-do list of a supplier: what is open, what was returned, what is done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessments.responses.enums import OPEN_STATES, ResponseState
from assessments.responses.queries import inbox_responses
from assessments.responses.views.rows import response_row
from portal.lib.listing import page_of
from suppliers.organisations.queries import current_workspace

MOST_OPEN = 200


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
        "opened": [response_row(row) for row in opened],
        "done": [response_row(row) for row in page],
        "page": page,
        "empty": _("Nobody has asked you anything yet. When a buyer asks, the questionnaire stands here."),
    }
    return render(request, "responses/inbox.html", context)
