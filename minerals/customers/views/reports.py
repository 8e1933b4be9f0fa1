"""Reports of the roll-up: the list of smelters as a table, the yearly report as PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minerals.rollup.models import ProductGroup
from minerals.rollup.views.frame import owner_here
from minerals.templates_io.enums import ASKED_TEMPLATES
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.errors import DomainError
from portal.lib.numbers import read_number
from portal.trail.services import record

FORMATS = ("xlsx", "csv")


@require_POST
@login_required
def rollup_smelters_export(request: HttpRequest) -> HttpResponse:
    """Start the export of the consolidated list of smelters with its sources."""
    return start_report(request, "customers.smelter_export")


@require_POST
@login_required
def rollup_report(request: HttpRequest) -> HttpResponse:
    """Start the yearly report as PDF."""
    return start_report(request, "customers.minerals_report")


def start_report(request: HttpRequest, kind: str) -> HttpResponse:
    """Start a job about the roll-up that the form names; 404 for what is not there."""
    owner = owner_here(request, "read")
    template, group = request.POST.get("template", ""), request.POST.get("group", "")
    if template not in ASKED_TEMPLATES:
        raise Http404
    if group:
        groups = ProductGroup.objects.filter(owner=owner)
        group = str(get_object_or_404(groups, pk=read_number(group)).pk)
    back = f"{reverse('rollup_detail')}?template={template}" + (f"&group={group}" if group else "")
    try:
        as_of = read_day(request.POST.get("as_of", ""))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{back}#reports")
    wanted = request.POST.get("format", "")
    params: dict[str, object] = {
        "template": template,
        "group": int(group) if group else None,
        "format": wanted if wanted in FORMATS else FORMATS[0],
        "as_of": as_of,
    }
    record("export_minerals_report", actor=signed_in(request), organisation_id=owner.pk, kind=kind, template=template)
    job = start_job(kind, actor=signed_in(request), organisation_id=owner.pk, params=params, return_path=back)
    return redirect("job_detail", job.pk)


def read_day(text: str) -> str:
    """Return a day as ISO text, nothing for an empty field. Raises DomainError for what is no day, or none yet."""
    if not text:
        return ""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise DomainError(_("Write the day as year, month and day, for example 2026-12-31."), code="day")
    if day > timezone.localdate():
        raise DomainError(_("This day has not come yet. Choose today or an earlier day."), code="day")
    return day.isoformat()
