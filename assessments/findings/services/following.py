"""What is decided about a finding: close it, open it again."""

from django.db import transaction

from assessments.findings import lifecycle
from assessments.findings.enums import CloseReason, FindingState
from assessments.findings.models import Finding
from portal.accounts.models import User
from portal.trail.services import record


@transaction.atomic
def close_finding(*, finding: Finding, reason: CloseReason, note: str, actor: User) -> Finding:
    """Close a finding with a reason; raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.CLOSED, actor=actor, reason=reason, note=note)
    record(
        "close_finding",
        actor=actor,
        thing=finding,
        organisation_id=finding.relationship.buyer_id,
        reason=reason,
    )
    return finding


@transaction.atomic
def reopen_finding(*, finding: Finding, note: str, actor: User) -> Finding:
    """Open a closed finding again; raises DomainError or ConflictError."""
    lifecycle.advance(finding, FindingState.OPEN, actor=actor, note=note)
    record("reopen_finding", actor=actor, thing=finding, organisation_id=finding.relationship.buyer_id)
    return finding
