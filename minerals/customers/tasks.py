"""Customers' requests in a worker."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.customers.models import BlankTemplate, CustomerRequest
from minerals.customers.queries import listed_requests, wanted_requests
from minerals.customers.reports import register_sheet
from minerals.customers.services import answer_requests, run_import
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner, show_progress
from suppliers.organisations.models import Organisation


@runner("customers.answer")
def make_answers(job: Job) -> dict[str, Any]:
    """Answer the chosen requests one after the other."""
    blank = BlankTemplate.objects.filter(owner=job.organisation_id, pk=job.params["blank"]).first()
    found = CustomerRequest.objects.filter(owner=job.organisation_id, pk__in=job.params["ids"])
    requests = list(found.select_related("owner", "group").order_by("due_on", "pk"))
    # A job whose worker died starts anew: what it has answered already is not answered twice.
    waiting = [request for request in requests if not request.answers.filter(made_at__gte=job.created_at).exists()]
    outcome = answer_requests(
        waiting, blank=blank, actor=job.actor, progress=lambda done: show_progress(job, done, len(waiting))
    )
    return {"message": outcome.message}


@runner("customers.import")
def import_requests(job: Job) -> dict[str, Any]:
    """Import a table of requests."""
    return run_import(job)


@runner("customers.export")
def export_requests(job: Job) -> dict[str, Any]:
    """Write the register as the list showed it."""
    owner = Organisation.objects.filter(pk=job.organisation_id or 0).first()
    rows = wanted_requests(listed_requests(job.actor or AnonymousUser(), owner), job.params["filters"])
    total = rows.count()
    keep_workbook(job, _("Customers' requests"), [register_sheet(follow(job, rows.iterator(500), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
