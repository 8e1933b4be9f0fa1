"""The life of a customer's request: one table, one gate."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.customers.enums import RequestState as State
from minerals.customers.models import CustomerRequest, CustomerRequestChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ANSWERED, State.DECLINED}),
    # Answered once more: the customer asks again, or the roll-up has changed since.
    State.ANSWERED: frozenset({State.ANSWERED}),
    State.DECLINED: frozenset({State.OPEN}),
}


@transaction.atomic
def advance(
    request: CustomerRequest, target: State, *, actor: User | None, reason: str = "", version: str = ""
) -> CustomerRequestChange:
    """Move a request and leave a trace. Of two who press at once one wins; the other gets ConflictError."""
    source = State(request.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the request is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns: dict[str, object] = {"state": target}
    if target is State.ANSWERED:
        columns |= {"answered_at": timezone.now(), "answered_by": actor, "answered_version": version}
    won = CustomerRequest.objects.filter(pk=request.pk, state=source).update(**columns)
    if not won:
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(request, name, value)
    return CustomerRequestChange.objects.create(
        request=request, source=source, target=target, actor=actor, reason=reason
    )


@transaction.atomic
def advance_answered_before(requests: Iterable[CustomerRequest], *, actor: User | None) -> int:
    """Move new requests that were answered before they came here, at the day they say; return how many.

    Each brings `answered_at`; they are fresh rows of this transaction, so nobody else can move them meanwhile.
    """
    rows = list(requests)
    for row in rows:
        row.state = State.ANSWERED
    CustomerRequest.objects.bulk_update(rows, ["state"], batch_size=500)
    CustomerRequestChange.objects.bulk_create(
        (CustomerRequestChange(request=row, source=State.OPEN, target=State.ANSWERED, actor=actor) for row in rows),
        batch_size=500,
    )
    return len(rows)


def noon_of(day: date) -> datetime:
    """Return the moment that stands for a day of which no hour is known."""
    return timezone.make_aware(datetime.combine(day, time(12)))
