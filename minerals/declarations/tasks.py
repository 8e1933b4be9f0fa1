"""Declarations in a worker."""

from typing import Any

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.declarations.models import Batch
from minerals.declarations.queries.batches import listed_files
from minerals.declarations.queries.listing import exported_declarations
from minerals.declarations.reports import batch_sheet, declaration_sheet
from minerals.declarations.services import apply_cases, assess_stale, expire_declarations
from minerals.declarations.services.batching import JOB, read_batch, read_left_batches
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner


@runner("declarations.export")
def export_declarations(job: Job) -> dict[str, Any]:
    """Write the declarations that the list showed to the person who asked."""
    rows = exported_declarations(job.actor or AnonymousUser(), job.organisation_id, job.params["filters"])
    total = rows.count()
    sheet = declaration_sheet(follow(job, rows.iterator(500), total=total))
    keep_workbook(job, _("Declarations"), [sheet])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@shared_task(name="declarations.apply_cases")
def apply_decided_cases() -> None:
    """Carry decisions on smelter names into the declarations that wait for them."""
    apply_cases()


@shared_task(name="declarations.assess")
def assess_again() -> None:
    """Make red flags anew where a list or a status has changed since."""
    assess_stale()


@shared_task(name="declarations.expire")
def expire_old() -> None:
    """Expire what was accepted too long ago."""
    expire_declarations()


@runner(JOB)
def enter_batch(job: Job) -> dict[str, Any]:
    """Read the files of a batch and enter those whose supplier is beyond doubt."""
    counts = read_batch(Batch.objects.get(pk=job.params["batch"]), job)
    total = sum(counts.values())
    return {"message": ngettext("%(count)d file was read.", "%(count)d files were read.", total) % {"count": total}}


@runner("declarations.batch_export")
def export_batch(job: Job) -> dict[str, Any]:
    """Write what became of the files of a batch."""
    files = listed_files(Batch.objects.get(pk=job.params["batch"])).order_by("pk")
    total = files.count()
    keep_workbook(job, _("Files"), [batch_sheet(follow(job, files.iterator(500), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


@shared_task(name="declarations.read_batches")
def read_left() -> None:
    """Read files that were sent and that no worker was told of."""
    read_left_batches()
