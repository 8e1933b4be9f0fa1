"""Which declarations stand, and which roll-ups they feed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from minerals.rollup.aggregation import Claim, standing_claims
from minerals.rollup.models import Contribution, GroupItem, Placement, Rollup, ScopeMapping
from minerals.templates_io.enums import ScopeKind, Template

Dirty = dict[int, set[str]]  # {roll-up: keys of smelters to sum again}
Whose = tuple[int, str]  # relationship, template
# A declaration that states no scope counts as one of the whole company, as it does where declarations supersede.
WHOLE_SCOPES = frozenset({ScopeKind.COMPANY, ScopeKind.UNKNOWN})


@dataclass(frozen=True)
class Places:
    """What feeds which roll-up: (roll-up, contribution, whole), and the smelters of each contribution."""

    places: set[tuple[int, int, bool]]
    keys: dict[int, set[str]]


def claims_of(whose: Collection[Whose]) -> list[Contribution]:
    """Return what these suppliers contribute."""
    found = Contribution.objects.filter(relationship_id__in={relationship for relationship, _template in whose})
    return [row for row in found.order_by("pk") if (row.relationship_id, row.template) in whose]


def read_places(whose: Collection[Whose]) -> Places:
    """Return where the contributions of these suppliers are placed, before anything is changed."""
    keys = {row.pk: set(row.keys) for row in claims_of(whose)}
    rows = Placement.objects.filter(contribution__in=keys)
    return Places(set(rows.values_list("rollup_id", "contribution_id", "whole")), keys)


def place_claims(owner_id: int, whose: Collection[Whose], before: Places) -> Dirty:
    """Place anew all that these suppliers declare; return what has to be summed again. The owner is locked."""
    rows = claims_of(whose)
    settle_standing(rows)
    after = set(wanted_places(owner_id, [row for row in rows if row.stands]))
    Placement.objects.filter(pk__in=stale_ids(before.places - after)).delete()
    Placement.objects.bulk_create(
        (
            Placement(rollup_id=rollup_id, contribution_id=contribution_id, whole=whole)
            for rollup_id, contribution_id, whole in sorted(after - before.places)
        ),
        batch_size=500,
    )
    keys = {**before.keys, **{row.pk: set(row.keys) for row in rows}}
    dirty: Dirty = defaultdict(set)
    for rollup_id, contribution_id, _whole in before.places ^ after:
        dirty[rollup_id] |= keys[contribution_id]
    return dirty


def stale_ids(places: Collection[tuple[int, int, bool]]) -> list[int]:
    """Return the placements that no longer hold and are still there."""
    pairs = {(rollup_id, contribution_id) for rollup_id, contribution_id, _whole in places}
    rows = Placement.objects.filter(contribution_id__in={contribution for _rollup, contribution in pairs})
    found = rows.values_list("pk", "rollup_id", "contribution_id")
    return [pk for pk, rollup_id, contribution_id in found if (rollup_id, contribution_id) in pairs]


def settle_standing(rows: Iterable[Contribution]) -> None:
    """Let the newest of each supplier, scope and products stand."""
    claims: dict[Whose, list[Claim]] = defaultdict(list)
    for row in rows:
        claims[row.relationship_id, row.template].append(claim_of(row))
    standing = {pk for group in claims.values() for pk in standing_claims(group)}
    changed = [row for row in rows if row.stands != (row.pk in standing)]
    for row in changed:
        row.stands = not row.stands
    Contribution.objects.bulk_update(changed, ["stands"], batch_size=500)


def claim_of(row: Contribution) -> Claim:
    """Return what decides whether a declaration stands."""
    effective = row.effective_on.isoformat() if row.effective_on else ""
    products = frozenset(row.products if row.scope == ScopeKind.PRODUCTS else ())
    # Two with scopes of their own may speak of different things: both stand.
    own = f"{row.scope}:{row.pk}" if row.scope == ScopeKind.CUSTOM else row.scope
    chosen = () if row.template == Template.CMRT else (mineral for given in row.words.values() for mineral in given)
    return Claim(row.pk, own, products, effective, frozenset(chosen))


def wanted_places(owner_id: int, rows: Iterable[Contribution]) -> Iterator[tuple[int, int, bool]]:
    """Say which roll-ups the standing declarations feed: the company's, and those of the groups they speak of."""
    rows = list(rows)
    items: dict[int, list[tuple[int, str]]] = defaultdict(list)
    suppliers = {row.relationship_id for row in rows}
    found = GroupItem.objects.filter(relationship_id__in=suppliers)
    for relationship_id, group_id, folded in found.values_list("relationship_id", "group_id", "folded"):
        items[relationship_id].append((group_id, folded))
    mapped: dict[int, set[int]] = defaultdict(set)
    mappings = ScopeMapping.objects.filter(declaration__contribution__in=[row.pk for row in rows])
    for declaration_id, group_id in mappings.values_list("declaration_id", "groups"):
        mapped[declaration_id] |= {group_id} - {None}
    heads = Heads(owner_id)
    for row in rows:
        whole = row.scope in WHOLE_SCOPES
        yield heads.pk_of(row.template, None), row.pk, whole
        for group_id in sorted(groups_of(row, items[row.relationship_id], mapped[row.declaration_id])):
            yield heads.pk_of(row.template, group_id), row.pk, whole


def groups_of(row: Contribution, items: Iterable[tuple[int, str]], mapped: set[int]) -> set[int]:
    """Return the groups a declaration speaks of."""
    if row.scope == ScopeKind.CUSTOM:
        return mapped
    if row.scope in WHOLE_SCOPES:
        return {group_id for group_id, _folded in items}
    products = set(row.products)
    return {group_id for group_id, folded in items if not folded or folded in products}


class Heads:
    """The roll-ups of a company, made where there is none yet."""

    def __init__(self, owner_id: int) -> None:
        self.owner_id = owner_id
        rows = Rollup.objects.filter(owner_id=owner_id).values_list("template", "group_id", "pk")
        self.known: dict[tuple[str, int | None], int] = {(template, group_id): pk for template, group_id, pk in rows}

    def pk_of(self, template: str, group_id: int | None) -> int:
        """Return the roll-up of a template for a group, or for the whole company; the owner is locked."""
        if (template, group_id) not in self.known:
            made = Rollup.objects.create(owner_id=self.owner_id, template=template, group_id=group_id)
            self.known[template, group_id] = made.pk
        return self.known[template, group_id]
