"""Counting declarations: in, out, again, by group, by scope."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration, DeclaredSmelter
from minerals.rollup.models import (
    Contribution,
    GroupItem,
    Placement,
    ProductGroup,
    Rollup,
    RollupAnswer,
    RollupSmelter,
    ScopeMapping,
)
from minerals.rollup.services import refresh_rollup
from minerals.smelters.enums import CaseState
from minerals.smelters.models import NameCase
from suppliers.organisations.models import Organisation, Relationship
from tests.factories import make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_declared, make_product, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Organisation:
    return make_organisation("Buyer")


@pytest.fixture
def bonds(buyer: Organisation) -> list[Relationship]:
    return [make_relationship(buyer) for _number in range(3)]


def words_of(rollup: Rollup, mineral: str = "Tin") -> dict[str, dict[str, int]]:
    rows = RollupAnswer.objects.filter(rollup=rollup, mineral=mineral)
    return dict(rows.values_list("question", "words"))


def smelters_of(rollup: Rollup) -> list[tuple[Any, ...]]:
    names = ("key", "metal", "suppliers", "named_suppliers", "rows", "recycled_yes", "recycled_no", "origins")
    return list(RollupSmelter.objects.filter(rollup=rollup).order_by("key").values_list(*names))


def everything() -> list[Any]:
    """All that pages read, without the ids that a new count gives."""
    heads = Rollup.objects.order_by("template", "group_id").values_list("template", "group_id", "suppliers")
    answers = RollupAnswer.objects.order_by("rollup__group_id", "question", "mineral")
    smelters = RollupSmelter.objects.order_by("rollup__group_id", "key")
    return [
        list(heads),
        list(answers.values_list("rollup__group_id", "question", "mineral", "words", "examples")),
        list(smelters.values_list("rollup__group_id", "key", "suppliers", "named_suppliers", "rows", "origins")),
    ]


def test_accepted_declarations_are_counted(buyer: Organisation, bonds: list[Relationship]) -> None:
    tin = make_smelter(buyer)
    for bond in bonds[:2]:
        build_accepted(bond, origins=["MY"])
    build_accepted(bonds[2], make_declared((), smelters=()))
    assert refresh_rollup() == 3
    rollup = Rollup.objects.get()
    assert (rollup.owner, rollup.template, rollup.group, rollup.suppliers) == (buyer, "CMRT", None, 3)
    assert words_of(rollup)["1"] == {"yes": 2, "no": 1}
    assert words_of(rollup)["3"] == {"no": 2}
    assert words_of(rollup, "Gold") == {"1": {"no": 3}}
    assert smelters_of(rollup) == [(f"s{tin.pk}", "Tin", 2, 0, 2, 0, 2, ["MY"])]
    assert set(Declaration.objects.values_list("counted", flat=True)) == {True}


def test_only_what_was_accepted_is_counted(bonds: list[Relationship]) -> None:
    for state in set(DeclarationState) - {DeclarationState.ACCEPTED}:
        build_accepted(bonds[0], state=state)
    assert refresh_rollup() == 0
    assert not Contribution.objects.exists()


def test_counting_again_changes_nothing(bonds: list[Relationship], buyer: Organisation) -> None:
    make_smelter(buyer)
    build_accepted(bonds[0])
    refresh_rollup()
    before = everything()
    assert refresh_rollup() == 0
    Declaration.objects.update(counted=False)
    assert refresh_rollup() == 1
    assert everything() == before


def test_what_no_longer_stands_goes_out(bonds: list[Relationship], buyer: Organisation) -> None:
    make_smelter(buyer)
    build_accepted(bonds[0], origins=["MY"])
    refresh_rollup()
    before = everything()
    gone = build_accepted(bonds[1], make_declared(("Tin", "Gold")), origins=["CD"])
    refresh_rollup()
    assert everything() != before
    Declaration.objects.filter(pk=gone.pk).update(state=DeclarationState.EXPIRED)
    assert refresh_rollup() == 1
    assert everything() == before
    assert Contribution.objects.count() == 1


def test_companies_do_not_mix(bonds: list[Relationship]) -> None:
    other = make_relationship()
    build_accepted(bonds[0])
    build_accepted(other)
    assert refresh_rollup() == 2
    assert sorted(Rollup.objects.values_list("owner", "suppliers")) == sorted(
        [(bonds[0].buyer_id, 1), (other.buyer_id, 1)]
    )


def test_templates_do_not_mix(bonds: list[Relationship]) -> None:
    build_accepted(bonds[0])
    build_accepted(bonds[0], make_declared(template="EMRT", version="2.1", smelters=()))
    refresh_rollup()
    assert sorted(Rollup.objects.values_list("template", "suppliers")) == [("CMRT", 1), ("EMRT", 1)]


def test_a_smelter_listed_twice_counts_its_supplier_once(bonds: list[Relationship], buyer: Organisation) -> None:
    tin = make_smelter(buyer)
    rows = [make_smelter_row(5, recycled="Yes"), make_smelter_row(6, recycled="No", mines="Other mine")]
    build_accepted(bonds[0], make_declared(smelters=rows))
    refresh_rollup()
    assert smelters_of(Rollup.objects.get()) == [(f"s{tin.pk}", "Tin", 1, 0, 2, 1, 1, [])]


def test_names_that_wait_and_rows_without_a_name_are_kept_apart(bonds: list[Relationship]) -> None:
    rows = [
        make_smelter_row(5, cid="", lookup="Smelter not listed", name="Example Hut"),
        make_smelter_row(6, cid="", lookup="Smelter not yet identified", name=""),
    ]
    build_accepted(bonds[0], make_declared(smelters=rows))
    refresh_rollup()
    case = NameCase.objects.get()
    assert smelters_of(Rollup.objects.get()) == [
        (f"c{case.pk}", "Tin", 1, 0, 1, 0, 1, []),
        ("u:Tin", "Tin", 1, 0, 1, 0, 1, []),
    ]


def test_a_decided_name_moves_its_rows(bonds: list[Relationship], buyer: Organisation) -> None:
    declaration = build_accepted(bonds[0], make_declared(smelters=[make_smelter_row(cid="CID999999")]))
    refresh_rollup()
    tin, case = make_smelter(buyer), NameCase.objects.get()
    NameCase.objects.update(state=CaseState.MATCHED, smelter=tin)
    DeclaredSmelter.objects.update(smelter=tin)
    Declaration.objects.filter(pk=declaration.pk).update(counted=False)
    assert refresh_rollup() == 1
    assert smelters_of(Rollup.objects.get()) == [(f"s{tin.pk}", "Tin", 1, 0, 1, 0, 1, [])]
    assert case.pk


def test_one_metal_spelt_two_ways_is_one_smelter(bonds: list[Relationship], buyer: Organisation) -> None:
    tin = make_smelter(buyer)
    for bond in bonds:
        build_accepted(bond)
    DeclaredSmelter.objects.filter(edition__declaration__relationship=bonds[0]).update(metal="TIN")
    refresh_rollup()
    assert smelters_of(Rollup.objects.get()) == [(f"s{tin.pk}", "Tin", 3, 0, 3, 0, 3, [])]


# Several declarations of one supplier --------------------------------------------------------------


def test_the_newest_of_one_scope_stands(bonds: list[Relationship]) -> None:
    newer = build_accepted(bonds[0], make_declared(answers={"3": "Yes"}, effective_date="2026-05-01"))
    build_accepted(bonds[0], make_declared(effective_date="2025-05-01"))
    refresh_rollup()
    rollup = Rollup.objects.get()
    assert (rollup.suppliers, words_of(rollup)["3"]) == (1, {"yes": 1})
    Declaration.objects.filter(pk=newer.pk).update(state=DeclarationState.RETURNED)
    refresh_rollup()
    assert words_of(rollup)["3"] == {"no": 1}


def test_two_scopes_of_one_supplier_count_once_with_the_worse_word(
    bonds: list[Relationship], buyer: Organisation
) -> None:
    tin = make_smelter(buyer)
    build_accepted(bonds[0])
    build_accepted(bonds[0], make_declared(scope="B", products=[make_product("P-1")], answers={"3": "Unknown"}))
    refresh_rollup()
    rollup = Rollup.objects.get()
    assert (rollup.suppliers, words_of(rollup)["3"]) == (1, {"unknown": 1})
    assert smelters_of(rollup) == [(f"s{tin.pk}", "Tin", 1, 1, 2, 0, 1, [])]


# Groups of products --------------------------------------------------------------------------------


@pytest.fixture
def group(buyer: Organisation) -> ProductGroup:
    return ProductGroup.objects.create(owner=buyer, name="Cameras", code="CAM")


@pytest.fixture
def deliver(group: ProductGroup) -> Callable[..., GroupItem]:
    def build(bond: Relationship, number: str = "") -> GroupItem:
        return GroupItem.objects.create(group=group, relationship=bond, number=number, folded=number.casefold())

    return build


@pytest.mark.parametrize(
    ("scope", "products", "item", "expected"),
    [
        ("A", [], "P-1", [True]),  # the whole company, so also this product; marked
        ("A", [], "", [True]),
        ("B", ["P-1", "P-2"], "P-1", [False]),
        ("B", ["p-1"], "P-1", [False]),
        ("B", ["P-2"], "P-1", []),
        ("B", ["P-2"], "", [False]),  # everything of this supplier is in the group
        ("C", [], "P-1", []),  # waits for a person
        ("", [], "P-1", [True]),
        ("A", [], None, []),  # delivers nothing into the group
    ],
)
def test_scope_decides_which_groups_are_fed(
    bonds: list[Relationship],
    group: ProductGroup,
    deliver: Callable[..., GroupItem],
    scope: str,
    products: list[str],
    item: str | None,
    expected: list[bool],
) -> None:
    if item is not None:
        deliver(bonds[0], item)
    build_accepted(bonds[0], make_declared(scope=scope, products=[make_product(number) for number in products]))
    refresh_rollup()
    placed = Placement.objects.filter(rollup__group=group)
    assert list(placed.values_list("whole", flat=True)) == expected
    assert Rollup.objects.get(group=None).suppliers == 1


def test_a_scope_of_its_own_feeds_the_groups_a_person_chose(bonds: list[Relationship], group: ProductGroup) -> None:
    declaration = build_accepted(bonds[0], make_declared(scope="C"))
    ScopeMapping.objects.create(declaration=declaration).groups.add(group)
    refresh_rollup()
    assert sorted(Placement.objects.values_list("rollup__group", "whole"), key=str) == sorted(
        [(None, False), (group.pk, False)], key=str
    )


def test_company_level_smelters_are_marked_in_a_group(
    bonds: list[Relationship], buyer: Organisation, group: ProductGroup, deliver: Callable[..., GroupItem]
) -> None:
    tin = make_smelter(buyer)
    for bond in bonds:
        deliver(bond)
    build_accepted(bonds[0])
    refresh_rollup()
    assert smelters_of(Rollup.objects.get(group=group)) == [(f"s{tin.pk}", "Tin", 1, 0, 1, 0, 1, [])]
    build_accepted(bonds[1], make_declared(scope="B", products=[make_product("P-1")]))
    refresh_rollup()
    assert smelters_of(Rollup.objects.get(group=group)) == [(f"s{tin.pk}", "Tin", 2, 1, 2, 0, 2, [])]


def test_counting_at_once_and_one_by_one_gives_the_same(
    bonds: list[Relationship], buyer: Organisation, deliver: Callable[..., GroupItem]
) -> None:
    make_smelter(buyer)
    deliver(bonds[0])
    declared = [
        make_declared(("Tin", "Gold"), effective_date=date(2026, 1, day + 1).isoformat(), scope=scope)
        for day, scope in enumerate("ABA")
    ]
    for place, said in enumerate(declared):
        build_accepted(bonds[place % 2], said, origins=["MY", "CD"][: place + 1])
        refresh_rollup()
    one_by_one = everything()
    Contribution.objects.all().delete()
    Declaration.objects.update(counted=False)
    refresh_rollup()
    assert everything() == one_by_one


def test_a_change_asks_a_limited_number_of_queries(
    bonds: list[Relationship], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for count in (1, 3):
        for bond in bonds[:count]:
            build_accepted(bond, make_declared(answers={"3": "Yes"}, effective_date=f"2026-0{count}-01"))
        with django_assert_max_num_queries(40):
            refresh_rollup()
