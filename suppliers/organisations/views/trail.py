"""The record of who did what in an organisation, for those who lead it."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date

from portal.accounts.queries import signed_in
from portal.trail.queries import deed_choices, deed_word, detail_words, entries_of, narrow_entries
from suppliers.organisations.models import Membership
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import current_workspace

PAGE = 50


def day_of(text: str) -> date | None:
    """Return a day, None for nothing and for nonsense."""
    try:
        return parse_date(text)
    except ValueError:
        return None


@login_required
def trail_list(request: HttpRequest) -> HttpResponse:
    """List the organisation's own entries, the newest first, narrowed by deed, person and days.

    Older entries are reached by the number of the last one shown: counting millions for a page number helps nobody.
    """
    workspace = current_workspace(request)
    if workspace is None:
        raise Http404
    if not may(signed_in(request), "read_trail", workspace.organisation):
        raise PermissionDenied
    chosen = {name: request.GET.get(name, "").strip() for name in ("deed", "person", "first", "last")}
    members = Membership.objects.filter(organisation=workspace.organisation).values("user_id")
    entries = narrow_entries(
        entries_of(workspace.organisation.pk, members),
        deed=chosen["deed"],
        person=chosen["person"],
        first=day_of(chosen["first"]),
        last=day_of(chosen["last"]),
    )
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
        "deeds": deed_choices(workspace.organisation.pk),
    }
    return render(request, "trail/trail_list.html", context)
