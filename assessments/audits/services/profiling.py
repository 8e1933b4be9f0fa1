"""The worker profile of an audit: heads by group and gender, and how many of each group were interviewed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.audits.enums import WorkerGroup
from assessments.audits.models import Audit, WorkerCount
from assessments.audits.services.concluding import lock_writable
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record


@dataclass(frozen=True)
class Heads:
    """One group: people at the site, and how many of them were interviewed."""

    women: int = 0
    men: int = 0
    interviewed: int = 0

    @property
    def people(self) -> int:
        """Women and men together."""
        return self.women + self.men


@transaction.atomic
def save_worker_profile(*, audit: Audit, counts: Mapping[str, Heads], actor: User) -> None:
    """Write the groups given, all or none; groups that are not given stay.

    Raises ClosedError when the audit takes no writing, DomainError when more are interviewed than are there.
    """
    lock_writable(audit)
    for group, heads in counts.items():
        check_heads(group, heads)
    for group, heads in counts.items():
        columns = {"women": heads.women, "men": heads.men, "interviewed": heads.interviewed}
        WorkerCount.objects.update_or_create(audit=audit, group=group, defaults=columns)
    record("change_worker_profile", actor=actor, thing=audit, organisation_id=audit.site.organisation_id)


def check_heads(group: str, heads: Heads) -> None:
    """Refuse a group there is none of, and more interviews than people."""
    if group not in WorkerGroup.values:
        raise DomainError(_("There is no group of workers “%(group)s”.") % {"group": group[:40]}, code="group")
    if heads.interviewed > heads.people:
        message = _("%(group)s: %(interviewed)d were interviewed, but only %(people)d are there. Correct one of both.")
        figures = {
            "group": WorkerGroup(group).label,
            "interviewed": heads.interviewed,
            "people": heads.people,
        }
        raise DomainError(message % figures, code="interviewed", detail={"group": group})
