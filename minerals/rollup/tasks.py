"""The roll-up in a worker."""

from collections.abc import Iterator
from typing import Any

from celery import shared_task
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.rollup.models import ProductGroup
from minerals.rollup.permissions import may
from minerals.rollup.queries import evidence
from minerals.rollup.queries.choosing import Chosen, find_chosen
from minerals.rollup.queries.silent import silent_about
from minerals.rollup.queries.smelters import rolled_smelters, smelters_with_origin
from minerals.rollup.reports.rows import item_sheet, row_sheet, silent_sheet, voice_sheet
from minerals.rollup.services import refresh_rollup
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, runner
from portal.lib.errors import DomainError
from portal.lib.numbers import read_number
from portal.lib.workbook import Sheet
from suppliers.organisations.models import Organisation

CHUNK = 200


@shared_task(name="rollup.refresh")
def refresh() -> None:
    """Count what was accepted and what no longer is."""
    refresh_rollup()


@runner("rollup.export_rows")
def export_rows(job: Job) -> dict[str, Any]:
    """Write the rows behind a figure, a smelter or a country to the person who asked, if they may still read them."""
    owner = Organisation.objects.get(pk=job.organisation_id or 0)
    chosen = find_chosen(owner, job.params) if may(job.actor or AnonymousUser(), "read", owner) else None
    if chosen is None:
        raise DomainError(_("There is nothing to export here any more. Open the page again."), code="empty")
    makers = {"rollup_evidence": voices_sheet, "rollup_smelter": smelter_sheet, "rollup_origin": origin_sheet}
    sheet, total = makers[job.params["page"]](job, chosen)
    keep_workbook(job, _("Roll-up"), [sheet])
    return said(total)


def said(total: int) -> dict[str, Any]:
    """Return what the page of a finished export says."""
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


def voices_sheet(job: Job, chosen: Chosen) -> tuple[Sheet, int]:
    """Return who said what to one question, or who has not answered."""
    cell, word = (job.params["question"], job.params["mineral"]), job.params["word"]
    if word == evidence.SILENT:
        owed = silent_about(chosen.owner.pk, chosen.template, cell[1], chosen.group)
        return silent_sheet(owed), owed.count()
    suppliers = evidence.suppliers_who_said(evidence.suppliers_by_word(chosen.rollup, cell), word)
    rows = evidence.contributions_of(chosen.rollup, suppliers)
    total = rows.count()

    def voices() -> Iterator[evidence.Voice]:
        for first in range(0, total, CHUNK):
            yield from evidence.voices_of(list(rows[first : first + CHUNK]), cell)

    return voice_sheet(follow(job, voices(), total=total)), total


def smelter_sheet(job: Job, chosen: Chosen) -> tuple[Sheet, int]:
    """Return every row that names one smelter."""
    wanted = job.params["pk"]
    row = rolled_smelters(chosen.rollup).filter(pk=read_number(wanted)).first()
    rows = evidence.smelter_rows(row.rollup if row else None).filter(evidence.rows_clause([row.key] if row else []))
    total = rows.count()
    return row_sheet(follow(job, rows.iterator(500), total=total)), total


def origin_sheet(job: Job, chosen: Chosen) -> tuple[Sheet, int]:
    """Return every row that names one country of origin."""
    code = job.params["code"]
    rows = evidence.origin_rows(chosen.rollup, smelters_with_origin(chosen.rollup, code), code)
    total = rows.count()
    return row_sheet(follow(job, rows.iterator(500), total=total)), total


@runner("rollup.export_items")
def export_items(job: Job) -> dict[str, Any]:
    """Write the items of a group as a table that can be imported again."""
    group = ProductGroup.objects.filter(pk=job.params["group"], owner_id=job.organisation_id).first()
    if group is None or not may(job.actor or AnonymousUser(), "read", group.owner):
        raise DomainError(_("There is nothing to export here any more. Open the page again."), code="empty")
    rows = group.items.select_related("relationship__supplier").order_by("relationship__vendor_code", "folded")
    total = rows.count()
    keep_workbook(job, group.name, [item_sheet(follow(job, rows.iterator(500), total=total))])
    return said(total)
