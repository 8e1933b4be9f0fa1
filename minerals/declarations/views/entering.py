"""A buyer enters what a supplier sent by mail: find the supplier, then upload the file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minerals.declarations.enums import Way
from minerals.declarations.forms.reviewing import EnterForm
from minerals.declarations.models import Declaration
from minerals.declarations.permissions import REVIEWERS
from minerals.declarations.queries.finding import MOST_SUPPLIERS, bond_of, find_bonds
from minerals.declarations.services import enter_declaration
from minerals.declarations.services.receiving import receive_file
from minerals.declarations.views.fetching import buyer_workspace
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from suppliers.organisations.models import Relationship
from suppliers.organisations.queries import has_role


@require_http_methods(["GET", "POST"])
@login_required
def declaration_enter(request: HttpRequest) -> HttpResponse:
    """Find the supplier by a search, then upload its file; `?relationship=` names the one found."""
    workspace = buyer_workspace(request)
    if not has_role(request.user, workspace.organisation.pk, REVIEWERS):
        raise PermissionDenied
    wanted = request.GET.get("relationship", "")
    if not wanted:
        words = request.GET.get("q", "")
        bonds = find_bonds(request.user, workspace.organisation, words)
        context = {"words": words, "bonds": bonds, "most": MOST_SUPPLIERS}
        return render(request, "minerals/declarations/enter_supplier.html", context)
    bond = bond_of(request.user, workspace.organisation, wanted)
    if bond is None:
        raise Http404
    return take_file(request, bond)


def take_file(request: HttpRequest, bond: Relationship) -> HttpResponse:
    """Show the form, or enter the file it holds."""
    posted = request.method == "POST"
    form = EnterForm(request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        try:
            declaration = enter_from(request, bond, form)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("The declaration is entered. Look at what was read."))
            return redirect("declaration_detail", declaration.pk)
    context = {"form": form, "bond": bond}
    return render(request, "minerals/declarations/enter.html", context, status=422 if posted else 200)


def enter_from(request: HttpRequest, bond: Relationship, form: EnterForm) -> Declaration:
    """Store, read and enter the file of a valid form."""
    actor = signed_in(request)
    stored, declared = receive_file(form.cleaned_data["file"], organisation_id=bond.buyer_id, actor=actor)
    return enter_declaration(
        relationship=bond, declared=declared, file=stored, year=form.cleaned_data["year"], way=Way.BUYER, actor=actor
    )
