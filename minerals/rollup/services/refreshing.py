"""Counting: what was accepted goes into the roll-up, what no longer stands goes out; only what it touches is summed.

Work is every declaration whose `counted` disagrees with its state. A deed that changes what an accepted declaration
says (a smelter name was decided) marks it as not counted, so that it is taken out and in again.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, DeclaredAnswer, DeclaredProduct, DeclaredSmelter
from minerals.rollup.models import Contribution
from minerals.rollup.services.placing import place_claims, read_places
from minerals.rollup.services.summing import key_of, sum_rollups
from suppliers.organisations.models import Organisation

BATCH = 1000  # declarations in one transaction


def to_count() -> Q:
    """Return what makes a declaration work for the roll-up; the index `declaration_to_count` finds it."""
    accepted = DeclarationState.ACCEPTED
    return Q(state=accepted, counted=False) | Q(~Q(state=accepted), counted=True)


def refresh_rollup() -> int:
    """Bring the roll-ups of all companies up to date; return how many declarations were taken in or out."""
    waiting = Declaration.objects.filter(to_count()).order_by()
    owners = list(waiting.values_list("relationship__buyer_id", flat=True).distinct())
    total = 0
    for owner_id in owners:
        while done := refresh_owner(owner_id):
            total += done
    return total


@transaction.atomic
def refresh_owner(owner_id: int) -> int:
    """Take up to BATCH declarations of one company in and out; return how many. Two workers wait for each other."""
    lock_owner(owner_id)
    waiting = Declaration.objects.filter(to_count(), relationship__buyer_id=owner_id).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    # Marked before they are read: whoever changes one of them from here on waits, and marks it again after us.
    rows = Declaration.objects.filter(pk__in=ids)
    rows.exclude(state=DeclarationState.ACCEPTED).update(counted=False)
    rows.filter(state=DeclarationState.ACCEPTED).update(counted=True)
    whose = set(rows.values_list("relationship_id", "template"))
    before = read_places(whose)
    Contribution.objects.filter(declaration_id__in=ids).delete()
    take_in(rows.filter(counted=True), owner_id)
    sum_rollups(place_claims(owner_id, whose, before))
    return len(ids)


def lock_owner(owner_id: int) -> None:
    """Let one worker at a time sum for a company; rows that only refer to it may still be written."""
    Organisation.objects.select_for_update(no_key=True).get(pk=owner_id)


def take_in(declarations: Iterable[Declaration], owner_id: int) -> None:
    """Write what these declarations contribute; placing decides which of them stand."""
    found = {row.current_id: row for row in declarations if row.current_id}
    words, keys, products = words_of(found), keys_of(found), products_of(found)
    Contribution.objects.bulk_create(
        (
            Contribution(
                owner_id=owner_id,
                declaration=row,
                edition_id=edition_id,
                relationship_id=row.relationship_id,
                template=row.template,
                scope=row.scope,
                effective_on=row.effective_on,
                products=products[edition_id],
                words=words[edition_id],
                keys=sorted(keys[edition_id]),
                stands=False,
            )
            for edition_id, row in found.items()
        ),
        batch_size=500,
    )


def words_of(editions: Iterable[int]) -> dict[int, dict[str, dict[str, str]]]:
    """Return {edition: {question: {mineral: word}}}; answers about the company itself are left out."""
    rows = DeclaredAnswer.objects.filter(edition_id__in=list(editions)).exclude(mineral="").order_by()
    found: dict[int, dict[str, dict[str, str]]] = defaultdict(dict)
    for edition_id, question, mineral, word in rows.values_list("edition_id", "question", "mineral", "word"):
        found[edition_id].setdefault(question, {})[mineral] = word
    return found


def keys_of(editions: Iterable[int]) -> dict[int, set[str]]:
    """Return {edition: keys of the smelters it names}."""
    rows = DeclaredSmelter.objects.filter(edition_id__in=list(editions)).order_by()
    found: dict[int, set[str]] = defaultdict(set)
    named = rows.values_list("edition_id", "metal", "smelter_id", "case_id").distinct()
    for edition_id, metal, smelter_id, case_id in named:
        found[edition_id].add(key_of(metal, smelter_id, case_id))
    return found


def products_of(editions: Iterable[int]) -> dict[int, list[str]]:
    """Return {edition: folded product numbers}."""
    rows = DeclaredProduct.objects.filter(edition_id__in=list(editions)).order_by("folded")
    found: dict[int, list[str]] = defaultdict(list)
    for edition_id, folded in rows.values_list("edition_id", "folded"):
        found[edition_id].append(folded)
    return found
