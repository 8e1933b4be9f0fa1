"""Open names once more, after the registry learned something: sure ones are settled, the others get new suggestions."""

from collections.abc import Collection
from typing import Final

from django.db import transaction

from minerals.smelters.enums import CaseState
from minerals.smelters.lifecycle import advance_cases
from minerals.smelters.matching import Asked, Registry
from minerals.smelters.models import NameCase
from minerals.smelters.services.matching import read_registry, suggest

BATCH: Final = 500


@transaction.atomic
def reconsider_cases(*, owner_id: int, metals: Collection[str], folded: str = "") -> int:
    """Look at the open names of some metals again, or only at those with one name; return how many are settled.

    Settled by the rule of `match_rows`: an exact id, or a name that one smelter of the metal has. Nobody is named as
    the one who decided.
    """
    cases = NameCase.objects.filter(owner_id=owner_id, state=CaseState.OPEN, metal__in=metals)
    if folded:
        cases = cases.filter(folded=folded)
    rows = list(cases)
    if not rows:
        return 0
    registry = read_registry(owner_id, metals=metals, cids={case.cid for case in rows})
    settled = sum(settle_case(case, registry) for case in rows)
    NameCase.objects.bulk_update(
        [case for case in rows if case.state == CaseState.OPEN], ["suggestions"], batch_size=BATCH
    )
    return settled


def settle_case(case: NameCase, registry: Registry) -> bool:
    """Settle one name where that is beyond doubt; else give it new suggestions."""
    asked = Asked(case.metal, case.cid, (case.name,) if case.name else ())
    verdict = registry.find(asked)
    if verdict is None:
        case.suggestions = suggest(registry, asked)
        return False
    case.state = CaseState.MATCHED
    return bool(advance_cases([case.pk], CaseState.MATCHED, actor=None, smelter_id=verdict.smelter))
