"""Lists of risky areas: which count, a new one with a preview, one list, withdrawing it."""

import csv
import io
from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_countries.fields import Country

from minerals.origins.enums import AreaGrade, ListKind
from minerals.origins.forms import RiskListForm
from minerals.origins.models import RiskList
from minerals.origins.permissions import may
from minerals.origins.queries import covered_countries, lists_in_force, visible_lists
from minerals.origins.services import AreaRow, add_list, read_areas, start_export, withdraw_list
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.listing import page_of
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import current_workspace


@login_required
@require_safe
def risk_list(request: HttpRequest) -> HttpResponse:
    """Show the covered countries and the company's own lists: those that count today, then all."""
    owner, user = lists_owner(request), signed_in(request)
    in_force = {one.pk for one in lists_in_force(owner.pk, timezone.localdate())}
    page = page_of(visible_lists(user).filter(owner=owner).select_related("created_by"), request)
    context = {
        "covered": covered_countries(),
        "page": page,
        "in_force": in_force,
        "may_add": may(user, "add_list", owner),
    }
    return render(request, "minerals/origins/list.html", context)


@login_required
def risk_list_new(request: HttpRequest) -> HttpResponse:
    """Read a table and show it; with the button of the preview keep it. A wrong cell stops it and is named."""
    owner = lists_owner(request, "add_list")
    form = RiskListForm(request.POST, request.FILES) if request.method == "POST" else RiskListForm()
    faults: list[object] = []
    rows: list[AreaRow] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = read_areas(form.content())
            if "save" in request.POST:
                return keep_rows(request, owner, form, rows)
        except DomainError as error:
            form.add_error("file" if form.cleaned_data.get("file") else "table", error.message)
            faults, rows = (error.detail if isinstance(error.detail, list) else []), []
    context = {"form": form, "faults": faults, "rows": shown_rows(rows), "table": table_text(rows)}
    if rows:
        context["kind"] = ListKind(form.cleaned_data["kind"]).label
    return render(request, "minerals/origins/new.html", context, status=400 if form.errors else 200)


def keep_rows(request: HttpRequest, owner: Organisation, form: RiskListForm, rows: Sequence[AreaRow]) -> HttpResponse:
    """Keep what the preview showed."""
    facts = {name: form.cleaned_data[name] for name in ("name", "kind", "source", "as_of")}
    kept = add_list(owner=owner, rows=rows, actor=signed_in(request), **facts)
    messages.success(request, _("The list is kept. Red flags are made anew where it says something else."))
    return redirect("risk_list_detail", kept.pk)


def shown_rows(rows: Sequence[AreaRow]) -> list[dict[str, object]]:
    """Return rows as the preview shows them."""
    return [
        {"country": Country(row.country), "region": row.region, "grade": AreaGrade(row.grade), "note": row.note}
        for row in rows
    ]


def table_text(rows: Sequence[AreaRow]) -> str:
    """Return rows as a table that the next request reads again: nothing is kept between the two."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows([row.country, row.region, row.grade, row.note] for row in rows)
    return text.getvalue()


@login_required
@require_safe
def risk_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the areas of a list."""
    one = fetch_list(request, pk)
    user = signed_in(request)
    context = {
        "list": one,
        "page": page_of(one.areas.order_by("pk"), request),
        "counts": one.pk in {row.pk for row in lists_in_force(one.owner_id, timezone.localdate())},
        "may_withdraw": not one.withdrawn_at and may(user, "withdraw_list", one.owner),
    }
    return render(request, "minerals/origins/detail.html", context)


@require_POST
@login_required
def risk_list_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a list count no more."""
    withdraw_list(fetch_list(request, pk, "withdraw_list"), actor=signed_in(request))
    messages.success(request, _("The list is withdrawn and counts no more."))
    return redirect("risk_list_detail", pk)


@require_POST
@login_required
def risk_list_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an export of the areas of a list."""
    job = start_export(fetch_list(request, pk), actor=signed_in(request), back=request.POST.get("back", ""))
    return redirect("job_detail", job.pk)


def lists_owner(request: HttpRequest, deed: str = "read") -> Organisation:
    """Return the buyer of this workspace; 403 for everybody who may not do the deed."""
    workspace = current_workspace(request)
    if workspace is None or not may(signed_in(request), deed, workspace.organisation):
        raise PermissionDenied
    return workspace.organisation


def fetch_list(request: HttpRequest, pk: int, deed: str = "read") -> RiskList:
    """Return a list; 404 for strangers, 403 where the deed is not theirs."""
    rows = visible_lists(signed_in(request)).select_related("owner", "created_by", "withdrawn_by")
    one: RiskList = get_object_or_404(rows, pk=pk)
    if not may(signed_in(request), deed, one.owner):
        raise PermissionDenied
    return one
