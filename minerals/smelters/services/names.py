"""Decisions about names that the registry does not know."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from minerals.smelters.enums import CaseState, NameKind, Rejection
from minerals.smelters.lifecycle import advance_cases
from minerals.smelters.matching import fold_name, guess_rejection, is_junk, is_old_id
from minerals.smelters.models import NameCase, Smelter, SmelterName
from minerals.smelters.services.reconsidering import reconsider_cases
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.lib.queue import enqueue
from portal.trail.services import record


@transaction.atomic
def match_case(case: NameCase, smelter: Smelter, *, add_alias: bool = True, actor: User) -> bool:
    """Decide that a name means a smelter; return whether the name was added to the names of the smelter.

    The decision holds for every declaration that names the same, now and later. Wakes "declarations.apply_cases".
    Raises ConflictError where somebody else was quicker.
    """
    if smelter.owner_id != case.owner_id:
        raise DomainError(_("Choose a smelter of your own registry."), code="foreign")
    decide(case, CaseState.MATCHED, actor=actor, smelter=smelter)
    added = add_alias and learn_name(case, smelter)
    if added:
        reconsider_cases(owner_id=case.owner_id, metals=[case.metal], folded=case.folded)
    record(
        "match_smelter_name",
        actor=actor,
        thing=case,
        organisation_id=case.owner_id,
        name=case.name,
        smelter=f"{smelter.name} ({smelter.cid})",
    )
    return added


def learn_name(case: NameCase, smelter: Smelter) -> bool:
    """Add the name of a case, and its old id, to a smelter; not a name that another smelter of the metal has."""
    if is_old_id(case.cid):
        add_name(case, smelter, case.cid.upper(), NameKind.OLD_ID)
    taken = SmelterName.objects.filter(
        smelter__owner_id=case.owner_id, smelter__metal=case.metal, folded=case.folded
    ).exists()
    if taken or is_junk(case.folded) or smelter.metal != case.metal:
        return False
    add_name(case, smelter, case.name, NameKind.ALIAS)
    return True


def add_name(case: NameCase, smelter: Smelter, name: str, kind: NameKind) -> None:
    """Add one name that a decision taught."""
    row = SmelterName(
        smelter=smelter, name=name, folded=fold_name(name), kind=kind, source=_("Decision of a person"), case=case
    )
    SmelterName.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def keep_unknown(case: NameCase, *, reason: str = "", actor: User) -> None:
    """Decide that a name is a smelter the registry does not know. Wakes "declarations.apply_cases"."""
    decide(case, CaseState.UNKNOWN, actor=actor, reason=reason[:300])
    record("keep_smelter_name", actor=actor, thing=case, organisation_id=case.owner_id, name=case.name)


@transaction.atomic
def reject_case(case: NameCase, rejection: Rejection, *, reason: str = "", actor: User) -> None:
    """Decide that a name is no smelter, with the reason. Wakes "declarations.apply_cases"."""
    if rejection == Rejection.OTHER and not reason.strip():
        raise DomainError(_("Write the reason in a few words."), code="reason")
    decide(case, CaseState.REJECTED, actor=actor, rejection=rejection, reason=reason[:300])
    record(
        "reject_smelter_name",
        actor=actor,
        thing=case,
        organisation_id=case.owner_id,
        name=case.name,
        reason=rejection.value,
    )


def decide(case: NameCase, target: CaseState, *, actor: User, **columns: object) -> None:
    """Move one case; raise ConflictError where it was decided before."""
    if not advance_cases([case.pk], target, actor=actor, **columns):
        message = _("This name was decided by somebody else. Undo that decision first.")
        raise ConflictError(message, code="decided")
    case.refresh_from_db()
    enqueue("declarations.apply_cases")


@transaction.atomic
def reopen_case(case: NameCase, *, actor: User) -> int:
    """Undo a decision; the alias it added goes, and so do matches that followed from the alias; return how many names.

    Wakes "declarations.apply_cases". Raises ConflictError for a name that is open already.
    """
    followed = NameCase.objects.none()
    if case.state == CaseState.MATCHED and case.names.exists():
        followed = NameCase.objects.filter(
            owner_id=case.owner_id, smelter=case.smelter, folded=case.folded, decided_by=None, state=CaseState.MATCHED
        )
    ids = [case.pk, *followed.values_list("pk", flat=True)]
    reopened = advance_cases(ids, CaseState.OPEN, actor=actor)
    if not reopened:
        raise ConflictError(_("This name is open already."), code="open")
    case.names.all().delete()
    case.refresh_from_db()
    record("reopen_smelter_name", actor=actor, thing=case, organisation_id=case.owner_id, name=case.name)
    enqueue("declarations.apply_cases")
    return reopened


@transaction.atomic
def reject_obvious(cases: Collection[NameCase], *, actor: User) -> int:
    """Reject those of some open names that name no smelter at all, each with its proposed reason; return how many."""
    by_reason: dict[Rejection, list[NameCase]] = {}
    for case in cases:
        rejection = guess_rejection(case.folded) if not case.cid else None
        if rejection is not None and case.state == CaseState.OPEN:
            by_reason.setdefault(rejection, []).append(case)
    return sum(
        decide_many(found, CaseState.REJECTED, actor=actor, rejection=rejection)
        for rejection, found in by_reason.items()
    )


@transaction.atomic
def keep_many_unknown(cases: Collection[NameCase], *, actor: User) -> int:
    """Keep some open names as unknown smelters; return how many."""
    return decide_many(cases, CaseState.UNKNOWN, actor=actor)


@transaction.atomic
def match_first(cases: Collection[NameCase], *, actor: User) -> int:
    """Match some open names with their first suggestion, which the page showed; return how many.

    Names without a suggestion, and those whose two best are as good as each other, stay open.
    """
    matched = 0
    for case in cases:
        first, second = (*case.suggestions, None, None)[:2]
        if first is None or case.state != CaseState.OPEN or (second and second["score"] == first["score"]):
            continue
        smelter = Smelter.objects.filter(owner_id=case.owner_id, pk=first["smelter"]).first()
        if smelter is not None:
            match_case(case, smelter, actor=actor)
            matched += 1
    return matched


def decide_many(cases: Collection[NameCase], target: CaseState, *, actor: User, **columns: object) -> int:
    """Decide many names alike, with one entry in the trail."""
    moved = advance_cases([case.pk for case in cases], target, actor=actor, **columns)
    owner = next(iter(cases)).owner_id if cases else None
    if moved:
        record("decide_smelter_names", actor=actor, organisation_id=owner, count=moved, state=target.value)
        enqueue("declarations.apply_cases")
    return moved
