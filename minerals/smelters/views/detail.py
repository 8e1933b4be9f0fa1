"""One smelter: status over time, names, outreach."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minerals.smelters.forms import OutreachForm
from minerals.smelters.models import Smelter
from minerals.smelters.permissions import may
from minerals.smelters.queries.statuses import status_as_of, status_spans
from minerals.smelters.services.outreach import log_outreach
from minerals.smelters.views.fetching import fetch_smelter
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from suppliers.organisations.queries import day_of


@login_required
def smelter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a smelter; `day` asks for its status as of another day."""
    return show_smelter(request, fetch_smelter(request, pk), OutreachForm())


def show_smelter(request: HttpRequest, smelter: Smelter, form: OutreachForm, status: int = 200) -> HttpResponse:
    """Answer with the page of a smelter."""
    day = day_of(request.GET.get("day", ""))
    context = {
        "smelter": smelter,
        "names": smelter.names.order_by("kind", "name"),
        "spans": status_spans(smelter),
        "contacts": smelter.outreach.select_related("actor").order_by("-on", "-pk"),
        "day": day,
        "then": status_as_of(smelter, day) if day else None,
        "form": form,
        "may_log": may(signed_in(request), "log_outreach", smelter.owner),
        "declarers_url": upstairs("smelter_declarers", smelter.pk),
    }
    return render(request, "minerals/smelters/detail.html", context, status=status)


def upstairs(name: str, pk: int) -> str:
    """Return the address of a page that a room above keeps; empty where there is none."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@require_POST
@login_required
def smelter_outreach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add one contact to the log of a smelter."""
    smelter = fetch_smelter(request, pk, "log_outreach")
    form = OutreachForm(request.POST)
    if form.is_valid():
        try:
            log_outreach(smelter=smelter, actor=signed_in(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(form.field_of(error.code), error.message)
        else:
            messages.success(request, _("The contact is noted."))
            return redirect("smelter_detail", smelter.pk)
    return show_smelter(request, smelter, form, 400)
