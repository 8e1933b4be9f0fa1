"""The record of who did what in an organisation, for those who lead it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.accounts.queries import signed_in
from portal.trail.queries import deed_choices, deed_word, detail_words
from suppliers.organisations.models import Organisation
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import TRAIL_FILTERS, current_workspace, listed_entries
from suppliers.organisations.services import start_trail_export

PAGE = 50


def led_organisation(request: HttpRequest) -> Organisation:
    """Return the organisation whose record this person reads just now: 404 without one, 403 without the right."""
    workspace = current_workspace(request)
    if workspace is None:
        raise Http404
    if not may(signed_in(request), "read_trail", workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


@login_required
def trail_list(request: HttpRequest) -> HttpResponse:
    """List the organisation's own entries, the newest first, narrowed by deed, person and days.

    Older entries are reached by the number of the last one shown: counting millions for a page number helps nobody.
    """
    organisation = led_organisation(request)
    chosen = {name: request.GET.get(name, "").strip() for name in TRAIL_FILTERS}
    entries = listed_entries(organisation, chosen)
    before = request.GET.get("before", "")
    if before.isdigit():
        entries = entries.filter(pk__lt=int(before))
    found = list(entries.select_related("actor")[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "rows": [{"entry": entry, "deed": deed_word(entry.deed), "detail": detail_words(entry)} for entry in shown],
        "older": shown[-1].pk if len(found) > PAGE else None,
        "chosen": chosen,
        "narrowed": any(chosen.values()),
        "deeds": deed_choices(organisation.pk),
    }
    return render(request, "trail/trail_list.html", context)


@require_POST
@login_required
def trail_list_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the record as it is filtered; the record says so."""
    organisation = led_organisation(request)
    job = start_trail_export(organisation=organisation, actor=signed_in(request), filters=request.POST.dict())
    return redirect("job_detail", job.pk)
