"""The life of a response: one table, one gate."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.responses.enums import ResponseState as State
from assessments.responses.models import Response, ResponseChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.IN_PROGRESS, State.DECLINED, State.CANCELLED}),
    State.IN_PROGRESS: frozenset({State.SUBMITTED, State.DECLINED, State.CANCELLED}),
    State.SUBMITTED: frozenset({State.IN_PROGRESS, State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.ACCEPTED, State.RETURNED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.DECLINED, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.IN_REVIEW}),
    State.DECLINED: frozenset({State.WAITING}),
    State.CANCELLED: frozenset(),
}


@transaction.atomic
def advance(response: Response, target: State, *, actor: User | None, reason: str = "") -> ResponseChange:
    """Move a response and leave a trace. Of two who press at once one wins; the other gets ConflictError."""
    source = State(response.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the answers are “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns: dict[str, object] = {"state": target}
    if target is State.IN_PROGRESS and response.started_at is None:
        columns["started_at"] = timezone.now()
    if target is State.SUBMITTED:
        columns["submitted_at"] = timezone.now()
    won = Response.objects.filter(pk=response.pk, state=source).update(**columns)
    if not won:
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(response, name, value)
    return ResponseChange.objects.create(response=response, source=source, target=target, actor=actor, reason=reason)
