"""Schedules: the rules by which audits are asked for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.audits.forms.scheduling import ScheduleForm
from assessments.audits.models import AuditSchedule
from assessments.audits.permissions import may_in
from assessments.audits.queries.firms import engaged_firms
from assessments.audits.queries.programmes import offered_programmes
from assessments.audits.queries.schedules import count_due, visible_schedules
from assessments.audits.services.scheduling import save_schedule
from assessments.audits.views.fetching import fetch_buyer
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.listing import page_of
from portal.lib.texts import pick_text


@login_required
def schedule_list(request: HttpRequest) -> HttpResponse:
    """The schedules of this buyer."""
    buyer = fetch_buyer(request, "read_reports")
    page = page_of(visible_schedules(request.user).filter(buyer=buyer), request)
    titles = {code: pick_text(offer.programme.title)[0] for code, offer in offered_programmes(buyer).items()}
    context = {
        "page": page,
        "rows": [(schedule, titles.get(schedule.programme_code, schedule.programme_code)) for schedule in page],
        "may_manage": True,
        "may_change": may_in(request.user, "manage_schedules", buyer),
    }
    return render(request, "audits/schedules.html", context)


@login_required
def schedule_new(request: HttpRequest) -> HttpResponse:
    """Write a new schedule."""
    buyer = fetch_buyer(request, "manage_schedules")
    return edit_schedule(request, AuditSchedule(buyer=buyer))


@login_required
def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a schedule, or let it rest."""
    schedule = get_object_or_404(visible_schedules(request.user), pk=pk)
    if not may_in(request.user, "manage_schedules", schedule.buyer):
        raise PermissionDenied
    return edit_schedule(request, schedule)


def edit_schedule(request: HttpRequest, schedule: AuditSchedule) -> HttpResponse:
    """Show the form with the number of sites it means today; POST counts again or saves."""
    programmes = [offer.programme for offer in offered_programmes(schedule.buyer).values()]
    form = ScheduleForm(
        request.POST or None, instance=schedule, programmes=programmes, firms=engaged_firms(schedule.buyer)
    )
    is_new, is_count = schedule._state.adding, "count" in request.POST
    if request.method == "POST" and form.is_valid() and not is_count:
        try:
            save_schedule(schedule=form.instance, actor=signed_in(request))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The schedule is saved."))
            return redirect("schedule_list")
    is_counted = form.is_valid() if form.is_bound else not is_new
    context = {
        "form": form,
        "schedule": None if is_new else schedule,
        "due": count_due(form.instance) if is_counted else None,
    }
    return render(request, "audits/schedule.html", context, status=422 if form.errors else 200)
