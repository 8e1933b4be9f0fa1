"""Pages of programmes: those a buyer's audits are held under, one in words, the buyer's own version of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.audits.document import Programme
from assessments.audits.forms.clocks import BaseClockFormSet, ClockFormSet
from assessments.audits.forms.programmes import ProgrammeForm
from assessments.audits.models import ProgrammeVersion
from assessments.audits.permissions import may_in
from assessments.audits.queries import programme_of
from assessments.audits.queries.programmes import Offer, offered_programmes, versions_of
from assessments.audits.reports import programmes as words
from assessments.audits.services.programmes import save_programme, withdraw_programme
from assessments.audits.views.fetching import fetch_buyer
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.texts import pick_text
from suppliers.organisations.models import Organisation


@login_required
def programme_list(request: HttpRequest) -> HttpResponse:
    """The programmes that the next audits of this buyer may be held under, its own ones first."""
    buyer = fetch_buyer(request, "read_reports")
    context = {
        "rows": [list_row(offer) for offer in offered_programmes(buyer).values()],
        "may_manage": True,
        "may_write": may_in(request.user, "manage_programmes", buyer),
    }
    return render(request, "audits/programmes.html", context)


def list_row(offer: Offer) -> dict[str, Any]:
    """Return what the list says of a programme."""
    programme = offer.programme
    return {
        "offer": offer,
        "kinds": ", ".join(words.words(kind.title) for kind in programme.kinds),
        "points": len(programme.points),
        "top": programme.score.top if programme.score else None,
    }


@login_required
def programme_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One programme in words: as the next audits take it, or a version of it that the address names."""
    buyer = fetch_buyer(request, "read_reports")
    versions = list(versions_of(buyer, code))
    offer = offered_programmes(buyer).get(code)
    shown, programme = chosen_version(request, versions, offer)
    context = {
        "programme": programme,
        "shown": shown,
        "offer": offer,
        "is_current": offer is not None and (shown is None or shown == offer.version),
        "versions": versions[::-1],
        "may_write": may_in(request.user, "manage_programmes", buyer),
        **programme_facts(programme),
    }
    return render(request, "audits/programme.html", context)


def chosen_version(
    request: HttpRequest, versions: list[ProgrammeVersion], offer: Offer | None
) -> tuple[ProgrammeVersion | None, Programme]:
    """Return the version of the address, else the one in force, else the last there was; 404 where there is none."""
    wanted = request.GET.get("version", "")
    if wanted:
        named = next((row for row in versions if str(row.pk) == wanted), None)
    elif offer:
        return offer.version, offer.programme
    else:
        named = versions[-1] if versions else None
    if named is None:
        raise Http404
    return named, programme_of(named)


def programme_facts(programme: Programme) -> dict[str, Any]:
    """Return a programme in words, part by part."""
    return {
        "kinds": words.kind_lines(programme),
        "grades": words.grade_lines(programme),
        "formula": words.formula(programme),
        "levels": words.level_lines(programme),
        "clocks": words.clock_lines(programme),
        "topics": words.topic_lines(programme),
        "points": words.point_lines(programme),
    }


@login_required
def programme_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write the buyer's own version, starting from the programme as it is in force."""
    buyer = fetch_buyer(request, "manage_programmes")
    offers = offered_programmes(buyer)
    offer = offers.get(code)
    if offer is None:
        raise Http404
    own = offer.version.pk if offer.version else None
    form = ProgrammeForm(request.POST or None, base=offer.programme, base_version=own, taken=offers.keys() - {code})
    clocks = ClockFormSet(request.POST or None, base=offer.programme)
    if request.method == "POST" and all([form.is_valid(), clocks.is_valid()]):
        saved = try_to_save(request, form, clocks, buyer)
        if saved:
            messages.success(request, _("Saved. Audits asked for from now on are held under this version."))
            return redirect("programme_detail", saved)
    problems = clocks.problems if clocks.is_bound else []
    context = {"form": form, "clocks": clocks, "clock_errors": problems, "offer": offer, "programme": offer.programme}
    return render(request, "audits/programme_edit.html", context, status=422 if form.errors or problems else 200)


def try_to_save(request: HttpRequest, form: ProgrammeForm, clocks: BaseClockFormSet, buyer: Organisation) -> str:
    """Save what was entered and return its code; a refusal goes to its field and gives none."""
    programme = form.build(clocks.build(), owner=buyer.name)
    base = form.cleaned_data["base_version"]
    try:
        return save_programme(programme, buyer=buyer, base=base, actor=signed_in(request)).code
    except DomainError as error:
        form.add_refusal(error)
        return ""


@require_POST
@login_required
def programme_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the buyer's own programme back."""
    buyer = fetch_buyer(request, "manage_programmes")
    own = offered_programmes(buyer).get(code)
    if own is None:
        raise Http404
    withdraw_programme(code, buyer=buyer, actor=signed_in(request))
    title = pick_text(own.programme.title)[0]
    messages.success(
        request, _("“%(title)s” was withdrawn. Audits that were held under it keep it.") % {"title": title}
    )
    return redirect("programme_list")
