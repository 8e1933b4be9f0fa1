"""Declarations are asked for, many at once, and called off."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.lifecycle import advance
from minerals.declarations.models import Declaration
from portal.accounts.models import User
from portal.trail.services import record
from suppliers.organisations.models import Relationship, Site

BATCH = 500


@transaction.atomic
def request_declarations(
    *,
    asked: Sequence[tuple[Relationship, Site]],
    template: str,
    minerals: Sequence[str] = (),
    year: int,
    title: str,
    due_on: date | None,
    actor: User | None,
) -> list[Declaration]:
    """Ask suppliers for a declaration, in few statements whatever their number; returned in the order of `asked`."""
    rows = Declaration.objects.bulk_create(
        (
            Declaration(
                relationship=bond,
                site=site,
                template=template,
                minerals=list(minerals),
                year=year,
                title=title,
                due_on=due_on,
            )
            for bond, site in asked
        ),
        batch_size=BATCH,
    )
    buyers = {bond.buyer_id for bond, _site in asked}
    for buyer_id in sorted(buyers):
        record(
            "request_declarations",
            actor=actor,
            organisation_id=buyer_id,
            template=template,
            count=sum(bond.buyer_id == buyer_id for bond, _site in asked),
        )
    return list(rows)


@transaction.atomic
def cancel_declaration(declaration: Declaration, *, actor: User | None, reason: str = "") -> None:
    """Call off a request that waits for the supplier; what was handed in before stays in its history."""
    advance(declaration, State.CANCELLED, actor=actor, reason=reason)
    record("cancel_declaration", actor=actor, thing=declaration, organisation_id=declaration.relationship.buyer_id)


def open_declaration_page(declaration: Declaration) -> None:
    """Note that the supplier has seen the request; only the first time writes."""
    if declaration.opened_at is None:
        declaration.opened_at = timezone.now()
        Declaration.objects.filter(pk=declaration.pk, opened_at=None).update(opened_at=declaration.opened_at)
