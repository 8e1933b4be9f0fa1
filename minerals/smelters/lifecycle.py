"""The only writer of states in this room: imported lists, and names that wait for a decision."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.smelters.enums import CaseState, ListState
from minerals.smelters.models import NameCase, SmelterList
from portal.accounts.models import User
from portal.lib.errors import ConflictError

LIST_MOVES: dict[str, frozenset[str]] = {
    ListState.PREVIEW: frozenset({ListState.APPLIED, ListState.DISCARDED}),
    ListState.APPLIED: frozenset(),
    ListState.DISCARDED: frozenset(),
}
DECISIONS = frozenset({CaseState.MATCHED, CaseState.UNKNOWN, CaseState.REJECTED})
CASE_MOVES: dict[str, frozenset[str]] = {
    CaseState.OPEN: DECISIONS,
    CaseState.MATCHED: frozenset({CaseState.OPEN}),
    CaseState.UNKNOWN: frozenset({CaseState.OPEN}),
    CaseState.REJECTED: frozenset({CaseState.OPEN}),
}


@transaction.atomic
def advance_list(row: SmelterList, target: ListState, *, actor: User | None) -> None:
    """Move a list on; raise ConflictError where it stands elsewhere, or somebody else was quicker."""
    sources = [state for state, targets in LIST_MOVES.items() if target in targets]
    now = timezone.now()
    moved = SmelterList.objects.filter(pk=row.pk, state__in=sources).update(
        state=target, decided_by=actor, decided_at=now
    )
    if not moved:
        message = _("This list was applied or discarded before. Import it again if you need it.")
        raise ConflictError(message, code="decided")
    row.state, row.decided_by, row.decided_at = target, actor, now


@transaction.atomic
def advance_cases(ids: Collection[int], target: CaseState, *, actor: User | None, **columns: Any) -> int:
    """Move names on and write what was decided; return how many could be moved.

    Names that somebody else decided in the meantime stay as they are. Back to open, everything decided is taken away.
    """
    sources = [state for state, targets in CASE_MOVES.items() if target in targets]
    if target == CaseState.OPEN:
        written: dict[str, Any] = {
            "smelter": None,
            "reason": "",
            "rejection": "",
            "decided_by": None,
            "decided_at": None,
        }
    else:
        written = {"decided_by": actor, "decided_at": timezone.now(), **columns}
    return NameCase.objects.filter(pk__in=ids, state__in=sources).update(state=target, **written)
