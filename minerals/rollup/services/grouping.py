"""Groups of products: make, name, fill and remove them, and say which of them a declaration speaks of.

Each deed places the declarations of the suppliers it touches anew, so that the roll-up is right at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.models import Contribution, GroupItem, ProductGroup, ScopeMapping
from minerals.rollup.services.placing import place_claims, read_places
from minerals.rollup.services.refreshing import lock_owner
from minerals.rollup.services.summing import sum_rollups
from minerals.rollup.workbook import ItemLine, ItemProblem, read_items
from minerals.templates_io.document.products import fold_number
from minerals.templates_io.enums import ScopeKind
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.lib.workbook import Table, as_text, find_heads, read_table
from portal.trail.services import record
from suppliers.organisations.models import Organisation, Relationship

HEADS = {"vendor_code": gettext_lazy("Vendor code"), "number": gettext_lazy("Product number")}
PROBLEMS = {
    "empty": gettext_lazy("The vendor code is missing."),
    "supplier": gettext_lazy("No supplier has this vendor code."),
    "long": gettext_lazy("A product number has at most 120 characters."),
    "double": gettext_lazy("This stands in the table twice. Remove one of the rows."),
}


@transaction.atomic
def make_group(*, owner: Organisation, name: str, code: str, actor: User | None) -> ProductGroup:
    """Make an empty group; raise DomainError where its code is taken."""
    group = save_group(ProductGroup(owner=owner, name=name, code=code))
    record("make_product_group", actor=actor, thing=group, organisation_id=owner.pk, name=name, code=code)
    return group


@transaction.atomic
def rename_group(group: ProductGroup, *, name: str, code: str, actor: User | None) -> None:
    """Give a group another name or code; raise DomainError where the code is taken."""
    group.name, group.code = name, code
    save_group(group)
    record("rename_product_group", actor=actor, thing=group, organisation_id=group.owner_id, name=name, code=code)


def save_group(group: ProductGroup) -> ProductGroup:
    """Write a group whose code must be its own."""
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        message = _("There is a group with the code %(code)s already. Choose another code.")
        raise DomainError(message % {"code": group.code}, code="known") from error
    return group


@transaction.atomic
def remove_group(group: ProductGroup, *, actor: User | None) -> None:
    """Remove a group with its roll-ups; the declarations of its suppliers stay."""
    lock_owner(group.owner_id)
    record("remove_product_group", actor=actor, thing=group, organisation_id=group.owner_id, name=group.name)
    group.delete()


@transaction.atomic
def add_item(group: ProductGroup, *, relationship: Relationship, number: str, actor: User | None) -> None:
    """Say that a supplier delivers a product, or with an empty number everything, into a group."""
    lock_owner(group.owner_id)
    facts = {"group": group, "relationship": relationship, "folded": fold_number(number)}
    _item, made = GroupItem.objects.get_or_create(**facts, defaults={"number": number})
    if not made:
        raise DomainError(_("This item is in the group already."), code="known")
    record("add_group_item", actor=actor, thing=group, organisation_id=group.owner_id, number=number)
    place_again(group.owner_id, {relationship.pk})


@transaction.atomic
def remove_item(item: GroupItem, *, actor: User | None) -> None:
    """Take an item out of its group."""
    group = item.group
    lock_owner(group.owner_id)
    record("remove_group_item", actor=actor, thing=group, organisation_id=group.owner_id, number=item.number)
    item.delete()
    place_again(group.owner_id, {item.relationship_id})


@transaction.atomic
def import_items(group: ProductGroup, *, file: IO[bytes], actor: User | None) -> int:
    """Replace the items of a group by those of a table; return how many there are.

    Raises DomainError with one sentence per wrong cell as `detail`; then nothing is changed.
    """
    table = read_table(file)
    columns = find_heads(table, HEADS)
    if "vendor_code" not in columns:
        message = _(
            "The table needs a column with the head “%(head)s”. Its head may stand in any language of the site."
        )
        raise DomainError(message % {"head": HEADS["vendor_code"]}, code="heads")
    lock_owner(group.owner_id)
    suppliers = dict(Relationship.objects.filter(buyer_id=group.owner_id).values_list("vendor_code", "pk"))
    reading = read_items(lines_of(table, columns), suppliers)
    if reading.problems:
        raise DomainError(
            _("Nothing was imported. Mend these cells and upload the table again."),
            code="cells",
            detail=[say_problem(problem) for problem in reading.problems],
        )
    touched = replace_items(group, reading.items)
    record("import_group_items", actor=actor, thing=group, organisation_id=group.owner_id, items=len(reading.items))
    place_again(group.owner_id, touched)
    return len(reading.items)


def lines_of(table: Table, columns: Mapping[str, int]) -> Iterator[ItemLine]:
    """Return the rows of a table as texts with their places; a table may do without product numbers."""
    code_at, number_at = columns["vendor_code"], columns.get("number")
    for row in table.rows:
        number = as_text(row.cells[number_at]).strip() if number_at is not None else ""
        number_place = table.place(row, code_at if number_at is None else number_at)
        yield ItemLine(as_text(row.cells[code_at]).strip(), table.place(row, code_at), number, number_place)


def say_problem(problem: ItemProblem) -> dict[str, str]:
    """Return a wrong cell in words."""
    return {"place": problem.place, "value": problem.value, "text": str(PROBLEMS[problem.code])}


def replace_items(group: ProductGroup, wanted: dict[tuple[int, str], str]) -> set[int]:
    """Write the items that are new, delete those that went; return whose items changed."""
    there = {(item.relationship_id, item.folded): item for item in group.items.all()}
    gone, new = there.keys() - wanted.keys(), wanted.keys() - there.keys()
    group.items.filter(pk__in=[there[key].pk for key in gone]).delete()
    GroupItem.objects.bulk_create(
        (
            GroupItem(
                group=group, relationship_id=relationship_id, folded=folded, number=wanted[relationship_id, folded]
            )
            for relationship_id, folded in sorted(new)
        ),
        batch_size=500,
    )
    return {relationship_id for relationship_id, _folded in gone | new}


def place_again(owner_id: int, relationships: Collection[int]) -> None:
    """Place and sum again what these suppliers declare; the owner is locked."""
    rows = Contribution.objects.filter(owner_id=owner_id, relationship_id__in=relationships)
    whose = set(rows.values_list("relationship_id", "template"))
    sum_rollups(place_claims(owner_id, whose, read_places(whose)))


@transaction.atomic
def map_scope(declaration: Declaration, *, groups: Iterable[ProductGroup], actor: User | None) -> None:
    """Say of which groups a declaration with a scope of its own speaks; none is an answer, too."""
    owner_id = declaration.relationship.buyer_id
    lock_owner(owner_id)
    if declaration.scope != ScopeKind.CUSTOM or declaration.state != DeclarationState.ACCEPTED:
        raise DomainError(_("Only an accepted declaration with a scope of its own is mapped to groups."), code="scope")
    chosen = list(groups)
    mapping, _made = ScopeMapping.objects.update_or_create(declaration=declaration, defaults={"decided_by": actor})
    mapping.groups.set(chosen)
    names = [group.name for group in chosen]
    record("map_declaration_scope", actor=actor, thing=declaration, organisation_id=owner_id, groups=names)
    place_again(owner_id, {declaration.relationship_id})
