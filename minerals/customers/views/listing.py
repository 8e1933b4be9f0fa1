"""The register of customers' requests: the list, its export, the import."""

from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from minerals.customers.forms import ImportForm
from minerals.customers.permissions import may_in
from minerals.customers.queries import facets_of, listed_requests, wanted_requests
from minerals.customers.reports import empty_sheet
from minerals.customers.services import start_answers, start_import
from minerals.customers.views.fetching import fetch_owner
from portal.accounts.queries import signed_in
from portal.files.services import store_upload
from portal.jobs.services import XLSX, start_job
from portal.lib.errors import DomainError
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.lib.numbers import read_number
from portal.lib.workbook import write_workbook
from portal.trail.services import record


@login_required
def customer_request_list(request: HttpRequest) -> HttpResponse:
    """Requests that customers sent to this company, the open ones first."""
    owner = fetch_owner(request, "read")
    page = page_of(wanted_requests(listed_requests(request.user, owner), request.GET), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s request", "%(shown)s requests", total) % {"shown": figure(total)}
    search = _("Customer, e-mail, reference or product")
    context = {
        "page": page,
        "sort": request.GET.get("sort", ""),
        "may_enter": may_in(request.user, "enter", owner),
        **filter_context(request, facets_of(), search_label=search, remains=remains),
    }
    return render(request, "minerals/customers/list.html", context)


@require_POST
@login_required
def customer_request_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    owner = fetch_owner(request, "read")
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    record("export_customer_requests", actor=signed_in(request), organisation_id=owner.pk, filters=filters)
    job = start_job(
        "customers.export",
        actor=signed_in(request),
        organisation_id=owner.pk,
        params={"filters": filters},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


@require_POST
@login_required
def customer_request_answer_many(request: HttpRequest) -> HttpResponse:
    """Start one job that answers the requests ticked in the list."""
    owner = fetch_owner(request, "answer")
    ids = [read_number(value) for value in request.POST.getlist("request")]
    back = reverse("customer_request_list")
    try:
        job = start_answers(owner=owner, ids=ids, actor=signed_in(request), return_path=back)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(back)
    return redirect("job_detail", job.pk)


@login_required
def customer_request_import(request: HttpRequest) -> HttpResponse:
    """Upload a table of requests."""
    owner, user = fetch_owner(request, "enter"), signed_in(request)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        try:
            stored = store_upload(form.cleaned_data["file"], organisation_id=owner.pk, actor=user)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            job = start_import(file=stored, owner=owner, actor=user, return_path=reverse("customer_request_list"))
            return redirect("job_detail", job.pk)
    return render(request, "minerals/customers/import.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@login_required
def customer_request_import_template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty table."""
    fetch_owner(request, "enter")
    name = _("Customers' requests")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.xlsx"}
    return HttpResponse(write_workbook([empty_sheet()]), content_type=XLSX, headers=headers)
