"""The calendar of audits: one month as a table, as a list on phones."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from assessments.audits.document import add_months
from assessments.audits.queries.calendar import weeks_of
from assessments.audits.queries.listing import listed_audits
from assessments.audits.views.fetching import may_ask
from assessments.audits.views.listing import may_manage
from suppliers.organisations.queries import current_workspace

YEARS = (2000, 2100)


@login_required
def audit_calendar(request: HttpRequest) -> HttpResponse:
    """One month: planned audits, days on site, ends of validity."""
    workspace = current_workspace(request)
    first = month_of(request.GET.get("month", ""))
    weeks = weeks_of(listed_audits(request.user, workspace), first.year, first.month)
    context = {
        "first": first,
        "today": timezone.localdate(),
        "weeks": weeks,
        "is_empty": not any(day.entries for week in weeks for day in week if day.in_month),
        "weekdays": [(WEEKDAYS_ABBR[number], WEEKDAYS[number]) for number in range(7)],
        "before": f"{add_months(first, -1):%Y-%m}",
        "after": f"{add_months(first, 1):%Y-%m}",
        "may_ask": may_ask(request),
        "may_manage": may_manage(request, workspace),
    }
    return render(request, "audits/calendar.html", context)


def month_of(text: str) -> date:
    """Return the first day of the month an address names as 2026-05, of this month for nothing and for nonsense."""
    today = timezone.localdate()
    try:
        found = parse_date(f"{text}-01")
    except ValueError:
        found = None
    if found is None or not YEARS[0] <= found.year < YEARS[1]:
        return today.replace(day=1)
    return found
