"""The to-do list of a supplier: findings that wait, what is open, what was returned, what is done."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from assessments.findings.queries import plans_due
from assessments.responses.queries import inbox_keys, inbox_things
from assessments.responses.views.rows import inbox_row
from portal.lib.listing import page_of
from suppliers.organisations.queries import current_workspace

LAST_DONE = 10


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """Findings to mend; then open questionnaires and declarations, returned ones before all, then by due date.

    Below stands what is done: the last ones, or all by ?show=done.
    """
    workspace = current_workspace(request)
    company = workspace.organisation.pk if workspace else 0
    only_done = request.GET.get("show") == "done"
    done = inbox_keys(request.user, company, is_open=False)
    page = page_of(done if only_done else inbox_keys(request.user, company, is_open=True), request)
    last = list(page if only_done else done[: LAST_DONE + 1])
    opened = [] if only_done else list(page)
    things = inbox_things([*opened, *last])
    shown = last if only_done else last[:LAST_DONE]
    context: dict[str, Any] = {
        "only_done": only_done,
        "empty": _("Nobody has asked you anything yet. When a buyer asks, it stands here."),
        "page": page,
        "opened": [inbox_row(things[key[:2]]) for key in opened],
        "done": [inbox_row(things[key[:2]]) for key in shown],
        "more_done": len(last) > len(shown),
    }
    if not only_done and page.number == 1:
        context["findings"] = plans_due(request.user, workspace)
    return render(request, "responses/inbox.html", context)
