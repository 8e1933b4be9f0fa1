"""Red flags of declarations: made when one is handed in, made anew when a smelter, a list or a country changes."""

import logging
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.models import Declaration, DeclaredSmelter, Edition, RedFlag
from minerals.declarations.queries.editions import issues_of, missing_of
from minerals.declarations.queries.policy import CARRIED_ISSUES
from minerals.declarations.risks import RED_GRADES, Red, Sourced, Standing, find_risks
from minerals.origins.models import RiskList
from minerals.origins.queries import areas_for
from minerals.smelters.enums import LIGHTS, ListState
from minerals.smelters.models import NameCase, SmelterList
from minerals.templates_io.enums import Grade
from portal.lib.queue import enqueue

logger = logging.getLogger(__name__)
ASSESSED_STATES = (State.RECEIVED, State.ACCEPTED)
BATCH = 200
FLAG_COLUMNS = ["grade", "params", "places"]


@transaction.atomic
def assess_declaration(declaration: Declaration) -> list[RedFlag]:
    """Make the red flags match what the current edition says and what is known today; safe to repeat.

    A flag that stays keeps whether a finding was raised for it. Writes the counts that lists show and wakes the
    findings.
    """
    edition = declaration.current
    if edition is None:
        return []
    today = timezone.localdate()
    areas = areas_for(declaration.relationship.buyer_id, today)
    rows = list(edition.smelters.select_related("smelter", "case").order_by("row"))
    missing = missing_of(edition)
    issues = issues_of(edition)
    reds = find_risks(
        [sourced(row) for row in rows],
        issues=issues,
        missing=missing,
        covered=areas.covered,
        risky=areas.risky,
        carried=CARRIED_ISSUES,
        left_out=left_out(declaration, edition),
    )
    flags = keep_flags(declaration, reds)
    declaration.missing = len(missing)
    declaration.errors = sum(issue.grade == Grade.ERROR for issue in issues)
    declaration.red_flags = sum(red.grade in RED_GRADES for red in reds)
    declaration.smelters = len({distinct_of(row) for row in rows if row.identified})
    declaration.unknown_smelters = len({distinct_of(row) for row in rows if row.identified and not row.smelter_id})
    declaration.assessed_at = timezone.now()
    declaration.save(update_fields=["missing", "errors", "red_flags", "smelters", "unknown_smelters", "assessed_at"])
    enqueue("findings.raise_declared")
    return flags


def left_out(declaration: Declaration, edition: Edition) -> set[str]:
    """Return the minerals that were asked for and that an edition does not speak of."""
    declared = {str(mineral).casefold() for mineral in edition.content.get("minerals", ())}
    return {mineral for mineral in declaration.minerals if mineral.casefold() not in declared}


def sourced(row: DeclaredSmelter) -> Sourced:
    """Return a row as the rules read it."""
    return Sourced(
        row=row.row,
        metal=row.metal,
        name=row.name,
        cid=row.cid,
        origins=tuple(row.origins),
        identified=row.identified,
        standing=standing_of(row),
    )


def standing_of(row: DeclaredSmelter) -> Standing | None:
    """Return what the registry knows of the smelter of a row; None where it knows none."""
    smelter = row.smelter
    if smelter is None:
        return None
    as_of = smelter.status_as_of.isoformat() if smelter.status_as_of else ""
    return Standing(LIGHTS[smelter.status].value, smelter.status, as_of)


def distinct_of(row: DeclaredSmelter) -> tuple[str, int | None, int | None, str]:
    """Return what rows of the same smelter share: real files repeat one with different mines."""
    case_id = None if row.smelter_id else row.case_id
    loose = "" if row.smelter_id or case_id else f"{row.cid} {row.name}".casefold()
    return row.metal, row.smelter_id, case_id, loose


def keep_flags(declaration: Declaration, reds: Sequence[Red]) -> list[RedFlag]:
    """Write red flags in three statements: new ones, changed ones, those that are gone."""
    known = {(flag.code, flag.mineral): flag for flag in declaration.flags.all()}
    wanted = {(red.code, red.mineral[:40]): red for red in reds}
    fresh = [build_flag(declaration, red) for key, red in wanted.items() if key not in known]
    kept = [write_flag(known[key], red) for key, red in wanted.items() if key in known]
    RedFlag.objects.filter(pk__in=[flag.pk for key, flag in known.items() if key not in wanted]).delete()
    RedFlag.objects.bulk_create(fresh)
    RedFlag.objects.bulk_update(kept, FLAG_COLUMNS)
    return [*fresh, *kept]


def build_flag(declaration: Declaration, red: Red) -> RedFlag:
    """Return an unsaved flag."""
    flag = RedFlag(declaration=declaration, code=red.code, mineral=red.mineral[:40])
    return write_flag(flag, red)


def write_flag(flag: RedFlag, red: Red) -> RedFlag:
    """Write what a rule says into a flag that is not saved here; new facts are told to its finding, too."""
    before = (flag.grade, flag.params, flag.places)
    flag.grade, flag.params, flag.places = red.grade, red.params, list(red.places)
    if flag.pk and before != (flag.grade, flag.params, flag.places):
        flag.raised_at = None
    return flag


# Sweeps --------------------------------------------------------------------------------------------
@transaction.atomic
def apply_cases() -> int:
    """Carry decisions on smelter names into the rows that wait for them; returns how many declarations changed.

    What the roll-up held of them is counted anew.
    """
    wanted = NameCase.objects.filter(pk=OuterRef("case_id")).values("smelter_id")[:1]
    other = Q(smelter__isnull=False, case__smelter__isnull=False) & ~Q(smelter_id=F("case__smelter_id"))
    found_since = Q(smelter__isnull=True, case__smelter__isnull=False)
    taken_back = Q(smelter__isnull=False, case__smelter__isnull=True)
    rows = DeclaredSmelter.objects.filter(case__isnull=False).filter(other | found_since | taken_back)
    found = list(rows.values_list("pk", "edition__declaration_id").order_by("pk")[:20_000])
    if not found:
        return 0
    DeclaredSmelter.objects.filter(pk__in=[pk for pk, _home in found]).update(smelter_id=Subquery(wanted))
    touched = {home for _pk, home in found}
    recount(touched)
    return reassess(Declaration.objects.filter(pk__in=touched, state__in=ASSESSED_STATES))


def recount(ids: Iterable[int]) -> None:
    """Have the roll-up count these declarations anew.

    Also those not counted yet: a worker may be counting them from what stood before, and then we wait for it.
    """
    if Declaration.objects.filter(pk__in=list(ids), state=State.ACCEPTED).update(counted=False):
        enqueue("rollup.refresh")


def assess_stale() -> int:
    """Assess anew what was assessed before the newest list, status or risk list of its buyer; returns how many."""
    done = reassess(stale_declarations()[:BATCH])
    if done == BATCH:
        enqueue("declarations.assess")
    return done


def stale_declarations() -> QuerySet[Declaration]:
    """Return declarations whose red flags are older than what they were made from."""
    own = Q(owner_id=OuterRef("relationship__buyer_id"))
    applied = SmelterList.objects.filter(own, state=ListState.APPLIED, decided_at__gt=OuterRef("assessed_at"))
    areas = RiskList.objects.filter(own, changed_at__gt=OuterRef("assessed_at"))
    rows = Declaration.objects.filter(state__in=ASSESSED_STATES, current__isnull=False)
    return rows.filter(Q(assessed_at__isnull=True) | Exists(applied) | Exists(areas)).order_by("pk")


def reassess(rows: QuerySet[Declaration]) -> int:
    """Assess declarations one by one; returns how many. One that fails is logged and does not hold up the others."""
    done = 0
    for declaration in rows.select_related("relationship", "current"):
        try:
            assess_declaration(declaration)
        except Exception:
            logger.exception("Declaration %s could not be assessed", declaration.pk)
        else:
            done += 1
    return done
