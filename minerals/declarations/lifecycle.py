"""The life of a declaration: one table, one gate."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import BatchFileState
from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.models import BatchFile, Declaration, DeclarationChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.lib.queue import enqueue

TRANSITIONS: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.RECEIVED, State.CANCELLED}),
    # Received once more: a supplier who saw a mistake hands in a better edition before anybody looked.
    State.RECEIVED: frozenset({State.RECEIVED, State.ACCEPTED, State.RETURNED, State.SUPERSEDED}),
    State.RETURNED: frozenset({State.RECEIVED, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.RETURNED, State.SUPERSEDED, State.EXPIRED}),
    State.EXPIRED: frozenset({State.SUPERSEDED}),
    State.SUPERSEDED: frozenset(),
    State.CANCELLED: frozenset(),
}


@transaction.atomic
def advance(declaration: Declaration, target: State, *, actor: User | None, reason: str = "") -> DeclarationChange:
    """Move a declaration, leave a trace, wake the roll-up where what it counts changes.

    Of two who press at once one wins; the other gets ConflictError.
    """
    source = State(declaration.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the declaration is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns: dict[str, object] = {"state": target}
    if target is State.RECEIVED:
        columns["submitted_at"] = timezone.now()
    if target is State.ACCEPTED:
        columns["accepted_at"] = timezone.now()
    won = Declaration.objects.filter(pk=declaration.pk, state=source).update(**columns)
    if not won:
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(declaration, name, value)
    if State.ACCEPTED in {source, target}:
        enqueue("rollup.refresh")
    return DeclarationChange.objects.create(
        declaration=declaration, source=source, target=target, actor=actor, reason=reason
    )


FILE_TRANSITIONS: dict[BatchFileState, frozenset[BatchFileState]] = {
    BatchFileState.WAITING: frozenset(
        {BatchFileState.ENTERED, BatchFileState.TO_MATCH, BatchFileState.KNOWN, BatchFileState.REFUSED}
    ),
    BatchFileState.TO_MATCH: frozenset({BatchFileState.ENTERED, BatchFileState.KNOWN, BatchFileState.SET_ASIDE}),
    BatchFileState.SET_ASIDE: frozenset({BatchFileState.ENTERED, BatchFileState.KNOWN}),
    BatchFileState.ENTERED: frozenset(),
    BatchFileState.KNOWN: frozenset(),
    BatchFileState.REFUSED: frozenset(),
}


@transaction.atomic
def advance_file(file: BatchFile, target: BatchFileState, **columns: object) -> None:
    """Write what became of one file of many, with its `problem`, `candidates` and the like; of two one wins."""
    source = BatchFileState(file.state)
    if target not in FILE_TRANSITIONS[source]:
        message = _("This is not possible while the file is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns["state"] = target
    if not BatchFile.objects.filter(pk=file.pk, state=source).update(**columns):
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(file, name, value)
