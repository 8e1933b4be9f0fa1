"""Conflict minerals on the dashboard and the supplier card: counted by hand, and behind every figure its list."""

import pytest
from django.urls import reverse

from assessments.overview.queries.minerals import MineralFigures, declarations_of, mineral_figures
from minerals.declarations.enums import DeclarationState
from minerals.rollup.queries.overview import Answered, MetalRow
from minerals.rollup.services import refresh_rollup
from minerals.smelters.enums import Light, Status
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_site, make_user
from tests.minerals.world import make_accepted, make_declaration, make_declared, make_received, make_smelter

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Three suppliers asked in 2026: one accepted, one received with a red flag, one silent; an older year beside."""
    people = cast()
    buyer = people.buyer
    make_smelter(buyer, status=Status.NON_CONFORMANT)
    bonds = []
    for _number in range(3):
        bond = make_relationship(buyer, make_organisation())
        make_site(bond.supplier)
        bonds.append(bond)
    make_accepted(bonds[0], make_declared())
    make_received(bonds[1], make_declared())
    make_declaration(bonds[2], due_on="2026-01-31")
    make_declaration(bonds[2], year=2025, title="Conflict minerals 2025", state=DeclarationState.CANCELLED)
    refresh_rollup()
    return people, bonds


def test_figures_are_those_of_the_newest_template_and_year(world):
    people, _bonds = world
    found = mineral_figures(people.erin, people.buyer)
    states = [("requested", 1), ("received", 1), ("accepted", 1)]
    tin = MetalRow("Tin")
    tin.lights[Light.RED] = 1
    assert found == MineralFigures(
        template="CMRT",
        year=2026,
        answered=Answered(asked=3, handed_in=2, late=1, states=states),
        to_review=1,
        flagged=2,
        standing=2,
        metals=[tin],
    )
    assert (found.smelters, found.not_conformant, found.kept) == (1, 1, "template=CMRT&year=2026")


def test_a_reader_of_a_part_is_not_told_of_smelters_that_rest_on_all(world):
    people, _bonds = world
    narrowed = make_user()
    make_membership(narrowed, people.buyer, Role.BUYER_READER, scopes={"region": ["Asia"]})
    found = mineral_figures(narrowed, people.buyer)
    assert found is not None and found.metals is None and found.answered.asked == 3


def test_nothing_is_shown_where_nothing_was_asked(client):
    people = cast()
    assert mineral_figures(people.erin, people.buyer) is None
    client.force_login(people.erin)
    assert "minerals-head" not in client.get(reverse("dashboard")).content.decode()


def test_card_shows_what_was_declared_and_leads_to_it(client, world):
    people, bonds = world
    client.force_login(people.dave)
    page = client.get(reverse("supplier_card", args=[bonds[0].pk])).content.decode()
    accepted = declarations_of(bonds[0])[0]
    assert reverse("declaration_detail", args=[accepted.pk]) in page
    assert [row.year for row in declarations_of(bonds[2])] == [2026]
