"""Whatever happens in whatever order: what was counted step by step equals a count of everything at once."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.declarations.services.assessing import apply_cases
from minerals.rollup.models import Contribution, Placement, ProductGroup, Rollup, RollupAnswer, RollupSmelter
from minerals.rollup.services import refresh_rollup
from minerals.rollup.services.grouping import add_item, map_scope
from minerals.smelters.enums import CaseState
from minerals.smelters.models import NameCase
from portal.lib.errors import DomainError
from suppliers.organisations.models import Organisation, Relationship
from tests.factories import make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_declared, make_product, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db

GONE = (DeclarationState.SUPERSEDED, DeclarationState.EXPIRED, DeclarationState.RETURNED)
NUMBERS = ("", "p-1", "p-2")

accepted = st.tuples(
    st.just("accept"),
    st.integers(0, 2),
    st.sampled_from("ABC"),
    st.integers(1, 4),
    st.lists(st.sampled_from(["CID900001", "CID900002", "", "unidentified"]), max_size=3),
    st.sampled_from(["Yes", "No", "Unknown"]),
    st.sampled_from([(), ("MY",), ("CD", "RW")]),
)
deeds = st.one_of(
    accepted,
    st.tuples(st.just("leave"), st.integers(0, 5), st.sampled_from(GONE)),
    st.tuples(st.just("decide"), st.integers(0, 3), st.sampled_from([True, False])),
    st.tuples(st.just("deliver"), st.integers(0, 2), st.sampled_from(NUMBERS)),
    st.tuples(st.just("map"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("refresh")),
)


class Play:
    """A company, three suppliers and two smelters, to which deeds happen."""

    def __init__(self) -> None:
        self.buyer: Organisation = make_organisation()
        self.bonds: list[Relationship] = [make_relationship(self.buyer) for _number in range(3)]
        self.smelters = [make_smelter(self.buyer, cid=f"CID90000{number}") for number in (1, 2)]
        self.group = ProductGroup.objects.create(owner=self.buyer, name="Cameras", code="CAM")
        self.rows: list[Declaration] = []

    def accept(
        self, supplier: int, scope: str, day: int, names: list[str], word: str, origins: tuple[str, ...]
    ) -> None:
        rows = [row_of(place, name) for place, name in enumerate(names, start=5)]
        products = [make_product("P-1")] if scope == "B" else []
        effective = date(2026, 1, day).isoformat()
        said = make_declared(
            answers={"3": word}, smelters=rows, scope=scope, products=products, effective_date=effective
        )
        self.rows.append(build_accepted(self.bonds[supplier], said, origins=origins))

    def leave(self, number: int, state: DeclarationState) -> None:
        for row in self.rows[number : number + 1]:
            Declaration.objects.filter(pk=row.pk).update(state=state)

    def decide(self, number: int, known: bool) -> None:
        for case in NameCase.objects.order_by("pk")[number : number + 1]:
            state = CaseState.MATCHED if known else CaseState.OPEN
            NameCase.objects.filter(pk=case.pk).update(state=state, smelter=self.smelters[0] if known else None)
        apply_cases()

    def deliver(self, supplier: int, number: str) -> None:
        try:
            add_item(self.group, relationship=self.bonds[supplier], number=number, actor=None)
        except DomainError as error:
            assert error.code == "known"

    def map(self, number: int, speaks: bool) -> None:
        for row in Declaration.objects.filter(state=DeclarationState.ACCEPTED, scope="custom")[number : number + 1]:
            map_scope(row, groups=[self.group] if speaks else [], actor=None)

    def refresh(self) -> None:
        refresh_rollup()


def row_of(place: int, name: str) -> Any:
    if name == "unidentified":
        return make_smelter_row(place, cid="", lookup="Smelter not yet identified", name="")
    if not name:
        return make_smelter_row(place, cid="", lookup="Smelter not listed", name="Example Hut")
    return make_smelter_row(place, cid=name)


def tables() -> list[list[Any]]:
    """All that pages read, without the ids that a new count gives; a roll-up that nothing feeds says nothing."""
    heads = Rollup.objects.filter(suppliers__gt=0).order_by("template", "group")
    placed = Placement.objects.order_by("rollup__group", "contribution__declaration")
    answers = RollupAnswer.objects.order_by("rollup__group", "question", "mineral")
    sums = ("suppliers", "named_suppliers", "rows", "recycled_yes", "recycled_no", "origins")
    smelters = RollupSmelter.objects.order_by("rollup__group", "key")
    return [
        list(heads.values_list("template", "group", "suppliers")),
        list(placed.values_list("rollup__group", "contribution__declaration", "whole")),
        list(answers.values_list("rollup__group", "question", "mineral", "words", "examples")),
        list(smelters.values_list("rollup__group", "key", "metal", "smelter", "case", *sums)),
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, min_size=3, max_size=12))
def test_step_by_step_is_the_same_as_all_at_once(story: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        play = Play()
        for name, *facts in story:
            getattr(play, name)(*facts)
        refresh_rollup()
        step_by_step = tables()
        for model in (RollupSmelter, RollupAnswer, Contribution, Rollup):
            model.objects.all().delete()
        Declaration.objects.update(counted=False)
        refresh_rollup()
        assert tables() == step_by_step
        transaction.set_rollback(True)
