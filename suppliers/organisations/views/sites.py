"""An organisation's own sites: list, add, change, close."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.listing import page_of, search_rows, sort_rows
from suppliers.organisations import services
from suppliers.organisations.forms.sites import CloseForm, NewSiteForm, SiteForm
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import Workspace, current_workspace, visible_sites

COLUMNS = {"name": "name", "code": "code", "country": "country", "city": "city", "workers": "workers"}
SEARCHED = ("name", "code", "city", "contact_name", "contact_email")
OWN_CODE = "OWN"


def workplace(request: HttpRequest) -> Workspace:
    """Return where the reader works just now; 404 for people without an organisation."""
    workspace = current_workspace(request)
    if workspace is None:
        raise Http404
    return workspace


@login_required
def site_list(request: HttpRequest) -> HttpResponse:
    """List the sites of the organisation; closed ones on request."""
    workspace, user = workplace(request), signed_in(request)
    rows = visible_sites(user).filter(organisation=workspace.organisation)
    closed = request.GET.get("closed") == "1"
    rows = search_rows(
        rows.exclude(closed_on=None) if closed else rows.filter(closed_on=None), words(request), SEARCHED
    )
    sort = request.GET.get("sort", "")
    context = {
        "page": page_of(sort_rows(rows, COLUMNS, sort, "name"), request),
        "sort": sort or "name",
        "closed": closed,
        "words": words(request),
        "may_change": may(user, "change_site", workspace.organisation),
        "offers_own": offers_own(request, workspace),
    }
    return render(request, "sites/list.html", context)


def words(request: HttpRequest) -> str:
    """Return what is searched for."""
    return request.GET.get("q", "").strip()


def offers_own(request: HttpRequest, workspace: Workspace) -> bool:
    """Whether this is a buyer that does not yet ask its own sites, and the reader may change that."""
    if not workspace.is_buyer or not may(signed_in(request), "change_site", workspace.organisation):
        return False
    own = Relationship.objects.filter(buyer=workspace.organisation, supplier=workspace.organisation)
    return not own.exists()


@login_required
def site_new(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    organisation, user = workplace(request).organisation, signed_in(request)
    if not may(user, "change_site", organisation):
        raise PermissionDenied
    form = NewSiteForm(
        request.POST or None, initial={"country": organisation.country, "contact_language": user.language}
    )
    if request.method == "POST" and form.is_valid():
        try:
            site = services.create_site(organisation=organisation, actor=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("“%(name)s” was added.") % {"name": site.name})
            return redirect("site_list")
    return render(request, "sites/edit.html", {"form": form, "site": None}, status=400 if form.errors else 200)


def fetch_site(request: HttpRequest, pk: int) -> Site:
    """Return a site the reader may change: 404 for a stranger's, 403 for one that is only seen."""
    site = get_object_or_404(visible_sites(signed_in(request)).select_related("organisation"), pk=pk)
    if not may(signed_in(request), "change_site", site.organisation):
        raise PermissionDenied
    return site


@login_required
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a site."""
    site = fetch_site(request, pk)
    form = SiteForm(request.POST or None, instance=copy(site))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_site(site=site, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("site_list")
    context = {"form": form, "site": site, "close_form": CloseForm()}
    return render(request, "sites/edit.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def site_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a site on a day."""
    site = fetch_site(request, pk)
    close_form = CloseForm(request.POST)
    if close_form.is_valid():
        try:
            services.close_site(site=site, closed_on=close_form.cleaned_data["closed_on"], actor=signed_in(request))
        except DomainError as error:
            close_form.add_error("closed_on", error.message)
        else:
            messages.success(request, _("“%(name)s” is closed. What it answered stays.") % {"name": site.name})
            return redirect("site_list")
    context = {"form": SiteForm(instance=site), "site": site, "close_form": close_form}
    return render(request, "sites/edit.html", context, status=400)


@require_POST
@login_required
def site_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the closure of a site back."""
    site = services.reopen_site(site=fetch_site(request, pk), actor=signed_in(request))
    messages.success(request, _("“%(name)s” is open again.") % {"name": site.name})
    return redirect("site_edit", site.pk)


@require_POST
@login_required
def own_sites_start(request: HttpRequest) -> HttpResponse:
    """Let a buyer ask its own sites: it becomes a supplier of itself."""
    workspace = workplace(request)
    if not workspace.is_buyer or not may(signed_in(request), "change_site", workspace.organisation):
        raise PermissionDenied
    services.start_relationship(
        buyer=workspace.organisation,
        supplier=workspace.organisation,
        vendor_code=OWN_CODE,
        actor=signed_in(request),
    )
    messages.success(request, _("Your own sites can now be asked in campaigns, under the vendor code OWN."))
    return redirect("site_list")
