"""The audit firms that work for a buyer: list, engage a new one, end, engage again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.audits.forms.requesting import EngageForm
from assessments.audits.models import Engagement
from assessments.audits.permissions import may_in
from assessments.audits.queries.firms import listed_firms, visible_engagements
from assessments.audits.services import firms as services
from assessments.audits.views.fetching import fetch_buyer
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.listing import page_of


@login_required
def firm_list(request: HttpRequest) -> HttpResponse:
    """The firms of this buyer, with the number of audits of each."""
    buyer = fetch_buyer(request, "read_reports")
    context = {
        "page": page_of(listed_firms(request.user, buyer), request),
        "may_manage": True,
        "may_engage": may_in(request.user, "manage_firms", buyer),
    }
    return render(request, "audits/firms.html", context)


@login_required
def firm_new(request: HttpRequest) -> HttpResponse:
    """Make a new audit firm and invite its first manager."""
    buyer = fetch_buyer(request, "manage_firms")
    actor = signed_in(request)
    form = EngageForm(request.POST or None, initial={"language": actor.language})
    if request.method == "POST" and form.is_valid():
        try:
            services.engage_firm(buyer=buyer, actor=actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The firm works for you. Its manager is invited by mail."))
            return redirect("firm_list")
    return render(request, "audits/firm_new.html", {"form": form}, status=422 if form.errors else 200)


def fetch_engagement(request: HttpRequest, pk: int) -> Engagement:
    """Return an engagement of the user's buyers, 404 otherwise; 403 unless the user manages its firms."""
    engagement = get_object_or_404(visible_engagements(request.user), pk=pk)
    if not may_in(request.user, "manage_firms", engagement.buyer):
        raise PermissionDenied
    return engagement


@require_POST
@login_required
def firm_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a firm off the choice for new audits."""
    engagement = services.end_engagement(engagement=fetch_engagement(request, pk), actor=signed_in(request))
    done = _("%(firm)s can no longer be chosen for new audits. It finishes those it works on.")
    messages.success(request, done % {"firm": engagement.firm.name})
    return redirect("firm_list")


@require_POST
@login_required
def firm_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a firm be chosen again."""
    engagement = fetch_engagement(request, pk)
    services.engage_known_firm(buyer=engagement.buyer, firm=engagement.firm, actor=signed_in(request))
    messages.success(request, _("%(firm)s can be chosen for new audits again.") % {"firm": engagement.firm.name})
    return redirect("firm_list")
