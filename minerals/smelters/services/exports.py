"""Exports of the registry as jobs: smelters, names, the changes of a list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.smelters.queries import visible_cases, visible_lists, visible_smelters
from minerals.smelters.queries.lists import change_facets
from minerals.smelters.queries.names import case_facets, wanted_cases
from minerals.smelters.queries.registry import smelter_facets, wanted_smelters
from minerals.smelters.queries.usage import count_uses
from minerals.smelters.reports import change_sheet, name_sheet, smelter_sheet
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, start_job
from portal.lib.errors import DomainError
from portal.lib.listing import narrow_rows, search_rows
from portal.lib.workbook import Sheet
from portal.trail.services import record
from suppliers.organisations.models import Organisation
from suppliers.organisations.queries import Reader

EXPORT: Final = "smelters.export"
CHUNK: Final = 500
Thing = TypeVar("Thing", bound=Model)


def start_export(
    *, owner: Organisation, what: str, params: Mapping[str, str], actor: User, thing: int | None = None
) -> Job:
    """Start an export of a list as it is filtered; `what` is smelters, names or changes (of the list `thing`)."""
    filters = {name: value for name, value in params.items() if name not in ("csrfmiddlewaretoken", "back")}
    record("export_smelters", actor=actor, organisation_id=owner.pk, what=what, filters=filters)
    return start_job(
        EXPORT,
        actor=actor,
        organisation_id=owner.pk,
        params={"what": what, "filters": filters, "thing": thing},
        return_path=params.get("back", ""),
    )


def run_export(job: Job) -> dict[str, Any]:
    """Write the workbook of an export; what the person may see is decided now."""
    title, sheet, total = WRITERS[job.params["what"]](job)
    keep_workbook(job, title, [sheet])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}


def write_smelters(job: Job) -> tuple[str, Sheet, int]:
    """Return the smelters that the list showed."""
    owner, filters = job.organisation_id or 0, job.params["filters"]
    reader = job.actor or AnonymousUser()
    rows = visible_smelters(reader).filter(owner_id=owner)
    rows = wanted_smelters(rows, smelter_facets(owner), filters)
    total = rows.count()
    return _("Smelters"), smelter_sheet(follow(job, with_uses(reader, rows, "smelter"), total=total)), total


def write_names(job: Job) -> tuple[str, Sheet, int]:
    """Return the names that the queue showed."""
    owner, filters = job.organisation_id or 0, job.params["filters"]
    reader = job.actor or AnonymousUser()
    rows = visible_cases(reader).filter(owner_id=owner)
    rows = wanted_cases(rows, case_facets(rows), filters)
    total = rows.count()
    return _("Smelter names"), name_sheet(follow(job, with_uses(reader, rows, "case"), total=total)), total


def write_changes(job: Job) -> tuple[str, Sheet, int]:
    """Return the changes of a list that its page showed."""
    lists = visible_lists(job.actor or AnonymousUser()).filter(owner_id=job.organisation_id or 0)
    row = lists.filter(pk=job.params["thing"] or 0).first()
    if row is None:
        raise DomainError(_("The list is gone. Go back to the lists."), code="gone")
    filters = job.params["filters"]
    changes = narrow_rows(row.changes.order_by("kind", "name", "pk"), change_facets(row), filters)
    changes = search_rows(changes, filters.get("q", ""), ("name", "cid"))
    total = changes.count()
    return row.name, change_sheet(follow(job, changes.iterator(CHUNK), total=total)), total


def with_uses(reader: Reader, rows: QuerySet[Thing], field: str) -> Iterator[tuple[Thing, tuple[int, int]]]:
    """Yield rows with how many suppliers and declarations name them, counted chunk by chunk."""
    chunk: list[Thing] = []
    for row in rows.iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from counted(reader, chunk, field)
            chunk = []
    yield from counted(reader, chunk, field)


def counted(reader: Reader, chunk: list[Thing], field: str) -> Iterator[tuple[Thing, tuple[int, int]]]:
    """Yield the rows of one chunk with their counts."""
    uses = count_uses(reader, field, [row.pk for row in chunk]) if chunk else {}
    yield from ((row, uses.get(row.pk, (0, 0))) for row in chunk)


WRITERS: Final[dict[str, Callable[[Job], tuple[str, Sheet, int]]]] = {
    "smelters": write_smelters,
    "names": write_names,
    "changes": write_changes,
}
