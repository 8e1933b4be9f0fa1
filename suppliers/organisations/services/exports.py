"""Exports: suppliers and sites as a table that can be imported again, and the record."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, start_job
from portal.lib.errors import DomainError
from portal.trail.reports import trail_sheet
from portal.trail.services import record
from suppliers.organisations.models import Organisation, Relationship
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import TRAIL_FILTERS, bought_relationships, listed_entries
from suppliers.organisations.reports import export_rows, supplier_sheet, with_open_sites

EXPORT: Final = "organisations.export"
TRAIL_EXPORT: Final = "organisations.trail_export"
CHUNK: Final = 500
FILTERS: Final = {
    "business_unit": "business_unit",
    "region": "region",
    "category": "category",
    "tier": "tier",
    "country": "supplier__country",
}


def start_export(
    *, organisation: Organisation, actor: User, filters: dict[str, str] | None = None, return_path: str = ""
) -> Job:
    """Start the export of the suppliers the actor sees, narrowed by `filters`."""
    kept = {name: value for name, value in (filters or {}).items() if name in FILTERS and value}
    return start_job(
        EXPORT,
        actor=actor,
        organisation_id=organisation.pk,
        params={"filters": kept},
        return_path=return_path,
    )


def run_export(job: Job) -> dict[str, Any]:
    """Write the workbook of an export job and the trail; what the actor may see is decided now."""
    if job.actor is None:
        raise DomainError(_("The person who asked for this export is gone. Ask for it again."), code="gone")
    rows = with_open_sites(exported_relationships(job.actor, job))
    total, filters = rows.count(), job.params.get("filters", {})
    record("export_suppliers", actor=job.actor, organisation_id=job.organisation_id, rows=total, filters=filters)
    keep_workbook(job, _("Suppliers"), [supplier_sheet(export_rows(follow(job, in_chunks(rows), total=total)))])
    return {"message": ngettext("%(count)d supplier.", "%(count)d suppliers.", total) % {"count": total}}


def exported_relationships(actor: User, job: Job) -> QuerySet[Relationship]:
    """Return what the actor sees of the buyer's suppliers, narrowed by the filters of the job."""
    rows = bought_relationships(actor).filter(buyer_id=job.organisation_id)
    for name, value in job.params.get("filters", {}).items():
        if name == "tier" and not str(value).isdecimal():
            continue
        rows = rows.filter(**{FILTERS[name]: value})
    return rows


def in_chunks(rows: QuerySet[Relationship]) -> Iterator[Relationship]:
    """Yield rows without holding all of them."""
    yield from rows.iterator(chunk_size=CHUNK)


# The record ----------------------------------------------------------------------------------------
def start_trail_export(*, organisation: Organisation, actor: User, filters: dict[str, str]) -> Job:
    """Start the export of an organisation's record, narrowed by `filters`; taking it out is recorded as well."""
    kept = {name: value for name in TRAIL_FILTERS if (value := filters.get(name, "").strip())}
    record("export_trail", actor=actor, organisation_id=organisation.pk, filters=kept)
    return start_job(
        TRAIL_EXPORT,
        actor=actor,
        organisation_id=organisation.pk,
        params={"filters": kept},
        return_path=reverse("trail_list", query=kept or None),
    )


def run_trail_export(job: Job) -> dict[str, Any]:
    """Write the record of the organisation, if the person who asked still may read it."""
    organisation = Organisation.objects.filter(pk=job.organisation_id or 0).first()
    if job.actor is None or organisation is None or not may(job.actor, "read_trail", organisation):
        raise DomainError(_("The person who asked for this export is gone. Ask for it again."), code="gone")
    rows = listed_entries(organisation, job.params["filters"]).select_related("actor")
    total = rows.count()
    keep_workbook(job, _("Record"), [trail_sheet(follow(job, rows.iterator(chunk_size=CHUNK), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
