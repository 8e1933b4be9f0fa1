"""The to-do list of a supplier: findings that wait, what is open, what was returned, what is done."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessments.findings.queries import plans_due
from assessments.responses.enums import OPEN_STATES
from assessments.responses.queries import inbox_responses
from assessments.responses.views.rows import response_row
from portal.lib.listing import page_of
from suppliers.organisations.queries import current_workspace

LAST_DONE = 10


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Findings to mend; then open requests, returned ones before all, then by due date; below what is done.

    The last ones done are shown, or all by ?show=done.
    """
    workspace = current_workspace(request)
    rows = inbox_responses(request.user, workspace.organisation.pk if workspace else 0)
    done = rows.exclude(state__in=OPEN_STATES).order_by("-submitted_at", "-pk")
    context: dict[str, Any] = {
        "only_done": request.GET.get("show") == "done",
        "empty": _("Nobody has asked you anything yet. When a buyer asks, the questionnaire stands here."),
    }
    if context["only_done"]:
        page = page_of(done, request)
        context |= {"page": page, "opened": [], "done": [response_row(row) for row in page]}
    else:
        page = page_of(rows.filter(state__in=OPEN_STATES), request)
        last = list(done[: LAST_DONE + 1])
        context |= {
            "page": page,
            "opened": [response_row(row) for row in page],
            "done": [response_row(row) for row in last[:LAST_DONE]],
            "more_done": len(last) > LAST_DONE,
            "findings": plans_due(request.user, workspace) if page.number == 1 else [],
        }
    return render(request, "responses/inbox.html", context)
