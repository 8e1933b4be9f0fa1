"""Lists of smelters: import, preview, apply or discard."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minerals.smelters.enums import Change, ListState
from minerals.smelters.forms import ListForm
from minerals.smelters.permissions import may
from minerals.smelters.queries import visible_lists
from minerals.smelters.queries.lists import change_facets, shown_word
from minerals.smelters.services.exports import start_export
from minerals.smelters.services.lists import apply_list, discard_list, import_list
from minerals.smelters.views.fetching import fetch_list, registry_owner
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.formats import figure
from portal.lib.listing import filter_context, narrow_rows, page_of, search_rows, sort_rows

SORTS = {"name": "name", "cid": "cid", "metal": "metal"}


@login_required
def smelter_lists(request: HttpRequest) -> HttpResponse:
    """Show the lists that were imported or came inside a template, those that wait first."""
    owner, user = registry_owner(request), signed_in(request)
    rows = visible_lists(user).filter(owner=owner).defer("rows").select_related("created_by")
    waiting = [row for row in rows.filter(state=ListState.PREVIEW).order_by("-created_at")]
    page = page_of(rows.exclude(state=ListState.PREVIEW).order_by("-decided_at", "-pk"), request)
    context = {"waiting": waiting, "page": page, "may_import": may(user, "import_list", owner)}
    return render(request, "minerals/smelters/lists.html", context)


@login_required
def smelter_list_import(request: HttpRequest) -> HttpResponse:
    """Take a list in as a preview; a wrong cell stops it and is named."""
    owner, user = registry_owner(request, "import_list"), signed_in(request)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    faults: list[object] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = given.pop("file")
        try:
            row = import_list(owner=owner, content=upload.read(), file_name=upload.name, actor=user, **given)
        except DomainError as error:
            form.add_error("file", error.message)
            faults = error.detail if isinstance(error.detail, list) else []
        else:
            return redirect("smelter_list_detail", row.pk)
    context = {"form": form, "faults": faults}
    return render(request, "minerals/smelters/list_import.html", context, status=400 if form.errors else 200)


@login_required
def smelter_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a list changes; while it waits it can be applied or discarded."""
    row = fetch_list(request, pk)
    facets = change_facets(row)
    found = search_rows(narrow_rows(row.changes.all(), facets, request.GET), request.GET.get("q", ""), ("name", "cid"))
    page = page_of(sort_rows(found, SORTS, request.GET.get("sort", ""), "name"), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s change", "%(shown)s changes", total) % {"shown": figure(total)}
    bar = filter_context(request, facets, search_label=_("Name or number"), remains=remains)
    facts = {
        "list": row,
        "counts": [(kind, row.counts.get(kind.value, 0)) for kind in Change],
        "page": page,
        "lines": [(one, shown_word(one, one.before), shown_word(one, one.after)) for one in page],
        "sort": request.GET.get("sort", "") or "name",
        "waits": row.state == ListState.PREVIEW,
        "may_decide": may(signed_in(request), "import_list", row.owner),
    }
    return render(request, "minerals/smelters/list_detail.html", {**facts, **bar})


@require_POST
@login_required
def smelter_list_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an export of what a list changes."""
    row = fetch_list(request, pk)
    job = start_export(owner=row.owner, what="changes", params=request.POST, thing=row.pk, actor=signed_in(request))
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def smelter_list_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a list into the registry."""
    applied = apply_list(fetch_list(request, pk, "import_list"), actor=signed_in(request))
    messages.success(request, _("The list is applied."))
    if applied.differs:
        text = _("The registry had changed since the preview. What is shown here is what the list changed now.")
        messages.warning(request, text)
    if applied.settled:
        text = ngettext(
            "%(count)d open name is settled by it.", "%(count)d open names are settled by it.", applied.settled
        )
        messages.info(request, text % {"count": applied.settled})
    return redirect("smelter_list_detail", pk)


@require_POST
@login_required
def smelter_list_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a list away."""
    discard_list(fetch_list(request, pk, "import_list"), actor=signed_in(request))
    messages.success(request, _("The list is discarded. The registry stays as it is."))
    return redirect("smelter_lists")
