"""Customers' requests in a worker."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.customers.models import BlankTemplate, CustomerAnswer, CustomerRequest
from minerals.customers.permissions import may_in
from minerals.customers.queries import listed_requests, wanted_requests
from minerals.customers.reports import register_sheet
from minerals.customers.services import answer_requests, run_import
from minerals.rollup.models import ProductGroup
from minerals.rollup.permissions import may
from minerals.rollup.queries.figures import find_rollup
from minerals.rollup.reports import disclosure_facts, smelter_csv, smelter_sheets
from portal.files.enums import FileKind
from portal.files.services import store_generated
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_pdf, keep_workbook, runner, show_progress
from portal.lib.errors import DomainError
from portal.lib.pdf import render_pdf
from suppliers.organisations.models import Organisation


@runner("customers.answer")
def make_answers(job: Job) -> dict[str, Any]:
    """Answer the chosen requests one after the other."""
    owner = Organisation.objects.get(pk=job.organisation_id or 0)
    if not may_in(job.actor or AnonymousUser(), "answer", owner):
        raise DomainError(_("You may no longer answer requests for this company."), code="rights")
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


@runner("customers.smelter_export")
def export_smelters(job: Job) -> dict[str, Any]:
    """Write the consolidated list of smelters with its sources, as XLSX or CSV."""
    owner, group, as_of = roll_up_of(job)
    rollup = find_rollup(owner.pk, job.params["template"], group)
    name = f"{_('Smelters')} {job.params['template']}"
    if job.params["format"] == "csv":
        job.result_file = store_generated(
            f"{name} {as_of:%Y-%m-%d}.csv",
            smelter_csv(rollup, as_of),
            kind=FileKind.EXPORT,
            content_type="text/csv",
            organisation_id=job.organisation_id,
            actor=job.actor,
        )
    else:
        keep_workbook(job, name, smelter_sheets(rollup, as_of))
    return {"message": _("The list is ready.")}


@runner("customers.minerals_report")
def print_report(job: Job) -> dict[str, Any]:
    """Print the yearly report on minerals for the person who asked, in their language."""
    owner, group, as_of = roll_up_of(job)
    template = job.params["template"]
    given = CustomerAnswer.objects.filter(request__owner=owner, request__template=template, file__isnull=False)
    answered = given.filter(made_at__year=as_of.year, made_at__date__lte=as_of)
    requests = answered.order_by().values("request").distinct().count()
    facts = disclosure_facts(owner, template, group, as_of=as_of, answered=requests)
    context = {"report": facts, "made_at": timezone.now(), "made_for": str(job.actor or "")}
    content = render_pdf("reports/minerals_disclosure.html", context, language=job.language)
    keep_pdf(job, f"{_('Report on minerals')} {template}", content)
    return {"message": _("The PDF is ready.")}


def roll_up_of(job: Job) -> tuple[Organisation, ProductGroup | None, date]:
    """Return whose roll-up a job is about, of which group, as of which day; only for who may still read it."""
    owner = Organisation.objects.get(pk=job.organisation_id or 0)
    wanted = job.params["group"]
    group = ProductGroup.objects.filter(owner=owner, pk=wanted).first() if wanted else None
    if (wanted and group is None) or not may(job.actor or AnonymousUser(), "read", owner):
        raise DomainError(_("There is nothing to export here any more. Open the page again."), code="empty")
    return owner, group, parse_date(job.params["as_of"] or "") or timezone.localdate()
