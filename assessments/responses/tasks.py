"""Responses in a worker."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.responses.queries import listed_responses, response_facets, wanted_responses
from assessments.responses.reports import list_sheet
from portal.jobs.models import Job
from portal.jobs.services import keep_workbook, runner
from portal.lib.errors import DomainError
from suppliers.organisations.models import Organisation


@runner("responses.export")
def export_responses(job: Job) -> dict[str, Any]:
    """Write the responses that the list showed to the person who asked."""
    organisation = Organisation.objects.filter(pk=job.organisation_id or 0).first()
    if organisation is None or job.actor is None:
        raise DomainError(_("The person or the organisation behind this export no longer exists."), code="gone")
    facets = response_facets(organisation)
    rows = wanted_responses(listed_responses(job.actor, organisation), facets, job.params["filters"])
    total = rows.count()
    keep_workbook(job, _("Responses"), [list_sheet(job, rows, total)])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
