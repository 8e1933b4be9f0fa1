"""The life of a finding: one table, one gate."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.findings.enums import CloseReason
from assessments.findings.enums import FindingState as State
from assessments.findings.models import Finding, FindingChange
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError

TRANSITIONS: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}


@transaction.atomic
def advance(
    finding: Finding,
    target: State,
    *,
    actor: User | None,
    reason: CloseReason | None = None,
    note: str = "",
) -> FindingChange:
    """Move a finding and leave a trace. Of two who press at once one wins; the other gets ConflictError."""
    source = State(finding.state)
    if target not in TRANSITIONS[source]:
        message = _("This is not possible while the finding is “%(state)s”.") % {"state": source.label}
        raise DomainError(message, code="transition")
    columns = columns_for(target, reason)
    won = Finding.objects.filter(pk=finding.pk, state=source).update(**columns)
    if not won:
        raise ConflictError(_("Somebody else changed this a moment ago. Reload the page to see how it stands."))
    for name, value in columns.items():
        setattr(finding, name, value)
    return FindingChange.objects.create(
        finding=finding, source=source, target=target, reason=note or (reason or ""), actor=actor
    )


@transaction.atomic
def advance_many(findings: Iterable[Finding], target: State, *, reason: CloseReason | None = None) -> None:
    """Move findings the worker found; those somebody moved meanwhile are left as they are."""
    rows = [finding for finding in findings if target in TRANSITIONS[State(finding.state)]]
    sources = {finding.pk: finding.state for finding in rows}
    for source in set(sources.values()):
        keys = [pk for pk, state in sources.items() if state == source]
        Finding.objects.filter(pk__in=keys, state=source).update(**columns_for(target, reason))
    FindingChange.objects.bulk_create(
        FindingChange(finding_id=pk, source=source, target=target, reason=reason or "")
        for pk, source in sources.items()
    )


def columns_for(target: State, reason: CloseReason | None) -> dict[str, object]:
    """Return the columns that a move writes."""
    if target is State.CLOSED:
        return {"state": target, "closed_at": timezone.now(), "close_reason": reason or ""}
    return {"state": target, "closed_at": None, "close_reason": ""}
