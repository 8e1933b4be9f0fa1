"""The life of an audit: one table, one gate."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.enums import AuditState as State
from assessments.audits.models import Audit, AuditChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.REQUESTED: frozenset({State.ACCEPTED, State.DECLINED, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.SCHEDULED, State.CANCELLED}),
    State.DECLINED: frozenset({State.REQUESTED}),
    State.SCHEDULED: frozenset({State.IN_PROGRESS, State.CANCELLED}),
    State.IN_PROGRESS: frozenset({State.ACKNOWLEDGED, State.CANCELLED}),
    State.ACKNOWLEDGED: frozenset({State.DRAFT}),
    State.DRAFT: frozenset({State.FEEDBACK}),
    State.FEEDBACK: frozenset({State.QUALITY_CHECK}),
    State.QUALITY_CHECK: frozenset({State.DRAFT, State.RELEASED}),
    State.RELEASED: frozenset({State.ACTIONS_OPEN, State.CLOSED}),
    State.ACTIONS_OPEN: frozenset({State.CLOSURE_SCHEDULED, State.CLOSED, State.EXPIRED}),
    State.CLOSURE_SCHEDULED: frozenset({State.ACTIONS_OPEN, State.CLOSED, State.EXPIRED}),
    State.CLOSED: frozenset({State.ACTIONS_OPEN, State.EXPIRED}),
    State.CANCELLED: frozenset(),
    State.EXPIRED: frozenset(),
}


@transaction.atomic
def advance(audit: Audit, target: State, *, actor: User | None, reason: str = "") -> AuditChange:
    """Move an audit and leave a trace. Of two who press at once one wins; the other gets ConflictError."""
    source = State(audit.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the audit is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns: dict[str, object] = {"state": target}
    if target is State.IN_PROGRESS:
        columns["started_at"] = timezone.now()
    if target is State.RELEASED:
        columns["released_on"] = timezone.localdate()
    if not Audit.objects.filter(pk=audit.pk, state=source).update(**columns):
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(audit, name, value)
    return AuditChange.objects.create(audit=audit, source=source, target=target, actor=actor, reason=reason)
