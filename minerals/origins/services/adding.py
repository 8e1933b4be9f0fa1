"""Adding and withdrawing lists of risky areas."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.origins.enums import ListKind
from minerals.origins.models import RiskArea, RiskList
from minerals.origins.services.reading import AreaRow
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.lib.formats import shown_date
from portal.lib.queue import enqueue
from portal.trail.services import record
from suppliers.organisations.models import Organisation

# Red flags are made anew by the room above; the sweep there is the guarantee.


@transaction.atomic
def add_list(
    *, owner: Organisation, name: str, kind: str, source: str, as_of: date, rows: Sequence[AreaRow], actor: User
) -> RiskList:
    """Keep a list of risky areas; from its day on it takes the place of an older one of its kind.

    Wakes the assessment of declarations. Raises DomainError for an empty list and where a list of the same kind and
    day stands.
    """
    if not rows:
        raise DomainError(_("The list has no rows. Each row is a country, or a region of one."), code="no_rows")
    Organisation.objects.select_for_update().get(pk=owner.pk)
    if RiskList.objects.filter(owner=owner, kind=kind, as_of=as_of, withdrawn_at=None).exists():
        message = _(
            "There is a list “%(kind)s” as of %(day)s already. Withdraw it first, or give this one another day."
        )
        raise DomainError(message % {"kind": ListKind(kind).label, "day": shown_date(as_of)}, code="known")
    risk_list = RiskList.objects.create(
        owner=owner, name=name, kind=kind, source=source, as_of=as_of, created_by=actor, changed_at=timezone.now()
    )
    RiskArea.objects.bulk_create(
        RiskArea(list=risk_list, country=row.country, region=row.region, grade=row.grade, note=row.note) for row in rows
    )
    record("add_risk_list", actor=actor, thing=risk_list, organisation_id=owner.pk, name=name, areas=len(rows))
    enqueue("declarations.assess")
    return risk_list


@transaction.atomic
def withdraw_list(risk_list: RiskList, *, actor: User) -> None:
    """Let a list count no more; the newest older one of its kind counts again. Raises DomainError if it was before."""
    row = RiskList.objects.select_for_update().get(pk=risk_list.pk)
    if row.withdrawn_at:
        raise DomainError(_("This list is withdrawn already."), code="withdrawn")
    row.withdrawn_at = row.changed_at = timezone.now()
    row.withdrawn_by = actor
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "changed_at"])
    record("withdraw_risk_list", actor=actor, thing=row, organisation_id=row.owner_id, name=row.name)
    enqueue("declarations.assess")
