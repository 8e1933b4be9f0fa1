"""What the company did to bring a smelter into the audit programme."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.smelters.enums import OutreachKind
from minerals.smelters.models import Outreach, Smelter
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record


@transaction.atomic
def log_outreach(*, smelter: Smelter, kind: OutreachKind, on: dt.date, text: str, actor: User) -> Outreach:
    """Add one contact to the log of a smelter; entries are only ever added."""
    if on > timezone.localdate():
        raise DomainError(_("Enter a day that is not in the future."), code="future")
    if kind == OutreachKind.OTHER and not text.strip():
        raise DomainError(_("Write what happened in a few words."), code="text")
    row = Outreach.objects.create(smelter=smelter, kind=kind, on=on, text=text.strip(), actor=actor)
    record("log_smelter_outreach", actor=actor, thing=smelter, organisation_id=smelter.owner_id, kind=kind.value)
    return row
