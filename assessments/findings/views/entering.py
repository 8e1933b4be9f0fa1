"""Entering a finding by hand: choose the site, then say what is wrong."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments.findings import services
from assessments.findings.enums import Severity, Source
from assessments.findings.forms.entering import EnterForm
from assessments.findings.models import Finding
from assessments.findings.permissions import may_enter, may_raise
from assessments.findings.queries import find_places, place_of
from assessments.findings.queries.places import MOST_PLACES, Place
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from suppliers.organisations.queries import current_workspace


@login_required
def finding_new(request: HttpRequest) -> HttpResponse:
    """Find the site by a search, then write the finding; `?site=` names the site found."""
    workspace = current_workspace(request)
    if not may_enter(workspace):
        raise PermissionDenied
    wanted = request.GET.get("site", "")
    if not wanted:
        words = request.GET.get("q", "")
        places = find_places(request.user, workspace, words)
        return render(request, "findings/new_place.html", {"words": words, "places": places, "most": MOST_PLACES})
    place = place_of(request.user, workspace, wanted)
    if place is None:
        raise Http404
    if not may_raise(request.user, place.relationship):
        raise PermissionDenied
    return write_finding(request, place)


def write_finding(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the form, or enter what it holds."""
    form = EnterForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                finding = enter_from(request, place, form)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("The finding is entered. Its clock starts today."))
                return redirect("finding_detail", finding.pk)
    return render(request, "findings/new.html", {"form": form, "place": place}, status=status)


def enter_from(request: HttpRequest, place: Place, form: EnterForm) -> Finding:
    """Enter the finding that a valid form holds."""
    code_of_conduct, provision = form.cleaned_data["provision"]
    return services.enter_finding(
        relationship=place.relationship,
        site=place.site,
        source=Source(form.cleaned_data["source"]),
        code_of_conduct=code_of_conduct,
        provision=provision,
        severity=Severity(form.cleaned_data["severity"]),
        text=form.cleaned_data["text"],
        actor=signed_in(request),
    )
