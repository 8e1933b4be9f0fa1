"""The organisation itself, and the end of a relationship."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from suppliers.organisations import services
from suppliers.organisations.forms.sites import EndForm, OrganisationForm
from suppliers.organisations.models import Organisation
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import bought_relationships, current_workspace


@login_required
def organisation_edit(request: HttpRequest) -> HttpResponse:
    """Change the name and country of the organisation the reader works for."""
    workspace, user = current_workspace(request), signed_in(request)
    if workspace is None:
        raise Http404
    if not may(user, "change_organisation", workspace.organisation):
        raise PermissionDenied
    organisation = workspace.organisation
    form = OrganisationForm(request.POST or None, initial={"name": organisation.name, "country": organisation.country})
    if request.method == "POST" and form.is_valid():
        try:
            changed = Organisation.objects.get(pk=organisation.pk)
            services.change_organisation(organisation=changed, actor=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation_edit")
    return render(request, "sites/organisation.html", {"form": form}, status=400 if form.errors else 200)


@login_required
def relationship_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Write when and why buying from a supplier ended."""
    rows = bought_relationships(signed_in(request)).select_related("supplier", "buyer")
    relationship = get_object_or_404(rows, pk=pk)
    if not may(signed_in(request), "end_relationship", relationship.buyer):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_relationship(relationship=relationship, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved. What was asked and found stays on the supplier card."))
            return redirect("supplier_card", pk)
    context = {"form": form, "relationship": relationship}
    return render(request, "sites/relationship_end.html", context, status=400 if form.errors else 200)
