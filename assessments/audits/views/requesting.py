"""Asking for an audit: find the site, then say under which programme, when and why."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments.audits.enums import Asker, Payer
from assessments.audits.forms.requesting import RequestForm
from assessments.audits.permissions import LEADERS, may_in
from assessments.audits.queries.candidates import Pair, buyer_pair, buyer_pairs, own_pair, own_pairs
from assessments.audits.queries.firms import engaged_firms
from assessments.audits.queries.programmes import offered_programmes
from assessments.audits.services.requesting import request_audit
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace, has_role


@login_required
def audit_new(request: HttpRequest) -> HttpResponse:
    """Ask for an audit: of a supplier's site as its buyer, or of the own site."""
    here, sides = sides_of(request)
    side = Asker.SITE if request.GET.get("as") == Asker.SITE and Asker.SITE in sides else sides[0]
    pair = chosen_pair(request, here, side)
    if pair is None:
        return choose_site(request, here, side, sides)
    return fill_in(request, pair, side)


def sides_of(request: HttpRequest) -> tuple[Organisation, list[Asker]]:
    """Return the organisation of the workspace and as whom the reader may ask; 403 for people who may not."""
    workspace = current_workspace(request)
    if workspace is None:
        raise PermissionDenied
    here, sides = workspace.organisation, []
    if may_in(request.user, "request_audit", here):
        sides.append(Asker.BUYER)
    if has_role(request.user, here.pk, LEADERS):
        sides.append(Asker.SITE)
    if not sides:
        raise PermissionDenied
    return here, sides


def chosen_pair(request: HttpRequest, here: Organisation, side: Asker) -> Pair | None:
    """Return the site of the address, None while none is named; 404 for one the reader may not ask for."""
    site, bond = request.GET.get("site", ""), request.GET.get("bond", "")
    if not site.isdecimal():
        return None
    if side is Asker.SITE:
        found = own_pair(here, int(site), int(bond) if bond.isdecimal() else 0)
    else:
        found = buyer_pair(request.user, here, int(site))
    if found is None:
        raise Http404
    return found


def choose_site(request: HttpRequest, here: Organisation, side: Asker, sides: list[Asker]) -> HttpResponse:
    """Show the search for a site, or the own sites with the buyers."""
    words = request.GET.get("q", "")
    pairs = own_pairs(here) if side is Asker.SITE else buyer_pairs(request.user, here, words)
    other = next((one for one in sides if one is not side), None)
    return render(request, "audits/new_site.html", {"pairs": pairs, "words": words, "side": side, "other": other})


def fill_in(request: HttpRequest, pair: Pair, side: Asker) -> HttpResponse:
    """Show the form of the request; POST asks."""
    form = request_form(request, pair, side)
    if request.method == "POST" and form.is_valid():
        try:
            audit = request_audit(
                relationship=pair.bond, site=pair.site, asked_by=side, actor=signed_in(request), **form.chosen
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The audit is asked for. The other side is told."))
            return redirect("audit_detail", audit.pk)
    context: dict[str, object] = {"form": form, "pair": pair, "side": side}
    return render(request, "audits/new.html", context, status=422 if form.errors else 200)


def request_form(request: HttpRequest, pair: Pair, side: Asker) -> RequestForm:
    """Return the form with what the buyer's next audits may be held under; a site leaves the firm to the buyer."""
    programmes = [offer.programme for offer in offered_programmes(pair.bond.buyer).values()]
    firms = engaged_firms(pair.bond.buyer) if side is Asker.BUYER else None
    payer = Payer.BUYER if side is Asker.BUYER else Payer.SITE
    return RequestForm(request.POST or None, programmes=programmes, firms=firms, initial={"payer": payer})
