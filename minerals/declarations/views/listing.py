"""The lists of declarations: the buyer's with its export, and the supplier's own."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minerals.declarations.permissions import REVIEWERS
from minerals.declarations.queries.listing import facets_of, listed_declarations, own_rows, wanted_declarations
from minerals.declarations.views.fetching import buyer_workspace, supplier_workspace
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.trail.services import record
from suppliers.organisations.queries import has_role


@login_required
def declaration_list(request: HttpRequest) -> HttpResponse:
    """Everything this buyer asked for or was given, newest first."""
    workspace = buyer_workspace(request)
    rows = listed_declarations(request.user, workspace.organisation)
    facets = facets_of(rows, request.GET.dict())
    page = page_of(wanted_declarations(rows, facets, request.GET.dict()), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s declaration", "%(shown)s declarations", total) % {"shown": figure(total)}
    bar = filter_context(request, facets, search_label=_("Title, supplier or vendor code"), remains=remains)
    context = {
        "page": page,
        "sort": request.GET.get("sort") or "-received",
        "may_enter": has_role(request.user, workspace.organisation.pk, REVIEWERS),
        **bar,
    }
    return render(request, "minerals/declarations/list.html", context)


@require_POST
@login_required
def declaration_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    workspace = buyer_workspace(request)
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    here = workspace.organisation.pk
    record("export_declarations", actor=signed_in(request), organisation_id=here, filters=filters)
    job = start_job(
        "declarations.export",
        actor=signed_in(request),
        organisation_id=here,
        params={"filters": filters},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


@login_required
def own_declaration_list(request: HttpRequest) -> HttpResponse:
    """What this supplier is asked to declare, and what it has handed in."""
    opened, done = own_rows(request.user, supplier_workspace(request))
    page = page_of(done, request)
    context = {"opened": list(opened[:200]), "page": page, "done": page.object_list}
    return render(request, "minerals/declarations/own_list.html", context)
