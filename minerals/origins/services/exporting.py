"""The areas of a list as a workbook, which can be changed and added as a new list."""

from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minerals.origins.models import RiskList
from minerals.origins.queries import visible_lists
from minerals.origins.reports import area_sheet
from portal.accounts.models import User
from portal.jobs.models import Job
from portal.jobs.services import follow, keep_workbook, start_job
from portal.lib.errors import DomainError
from portal.trail.services import record

EXPORT: Final = "origins.export"


def start_export(risk_list: RiskList, *, actor: User, back: str = "") -> Job:
    """Start the export of a list's areas."""
    record("export_risk_list", actor=actor, thing=risk_list, organisation_id=risk_list.owner_id, name=risk_list.name)
    return start_job(
        EXPORT, actor=actor, organisation_id=risk_list.owner_id, params={"list": risk_list.pk}, return_path=back
    )


def write_export(job: Job) -> dict[str, Any]:
    """Write the areas; what the person may see is decided now."""
    lists = visible_lists(job.actor or AnonymousUser()).filter(owner_id=job.organisation_id or 0)
    risk_list = lists.filter(pk=job.params["list"]).first()
    if risk_list is None:
        raise DomainError(_("The list is gone. Go back to the lists."), code="gone")
    areas = risk_list.areas.order_by("pk")
    total = areas.count()
    keep_workbook(job, risk_list.name, [area_sheet(follow(job, areas.iterator(500), total=total))])
    return {"message": ngettext("%(count)d row is written.", "%(count)d rows are written.", total) % {"count": total}}
