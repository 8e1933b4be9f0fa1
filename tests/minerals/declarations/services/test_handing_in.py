"""Handing in, and entering in a supplier's place."""

import pytest

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration
from minerals.declarations.services import add_edition, enter_declaration, hand_in
from portal.lib.errors import ConflictError, DomainError
from tests.factories import cast
from tests.minerals.world import make_declaration, make_declared, make_smelter, make_smelter_row

pytestmark = pytest.mark.django_db


def test_hand_in_makes_the_edition_stand_with_its_summary():
    people = cast()
    bond = people.relationship
    make_smelter(bond.buyer)
    declaration = make_declaration(bond)
    declared = make_declared(
        smelters=[
            make_smelter_row(5),
            make_smelter_row(6, mines="Another mine"),
            make_smelter_row(
                7, cid="CID999999", lookup="Nobody Knows Works", name="Nobody Knows Works", standard_name=""
            ),
            make_smelter_row(8, cid="", lookup="Smelter not yet identified", name="Unknown", standard_name=""),
        ]
    )

    edition = add_edition(declaration, declared, way=Way.UPLOAD, actor=people.alice)
    hand_in(edition, actor=people.alice)

    row = Declaration.objects.get()
    assert (row.state, row.current_id, row.version, row.scope, str(row.effective_on)) == (
        State.RECEIVED,
        edition.pk,
        "6.5",
        "company",
        "2026-05-10",
    )
    assert (row.missing, row.smelters, row.unknown_smelters) == (0, 2, 1)
    assert row.submitted_at == edition.handed_in_at
    assert row.assessed_at is not None
    ours = row.flags.filter(code__startswith="smelter_")
    assert sorted(ours.values_list("code", "mineral")) == [("smelter_unidentified", "Tin"), ("smelter_unknown", "Tin")]


def test_an_edition_is_handed_in_once():
    declaration = make_declaration()
    edition = add_edition(declaration, make_declared(), way=Way.UPLOAD, actor=None)
    hand_in(edition, actor=None)

    with pytest.raises(ConflictError) as refused:
        hand_in(edition, actor=None)

    assert (refused.value.code, declaration.changes.count()) == ("handed_in", 1)


def test_a_better_edition_takes_the_place_of_one_nobody_has_decided_about():
    declaration = make_declaration()
    hand_in(add_edition(declaration, make_declared(), way=Way.UPLOAD, actor=None), actor=None)
    second = add_edition(declaration, make_declared(("Gold",)), way=Way.UPLOAD, actor=None)

    hand_in(second, actor=None)

    row = Declaration.objects.get()
    assert (row.state, row.current_id) == (State.RECEIVED, second.pk)


def test_entering_hands_in_for_the_oldest_open_request_of_template_and_year():
    people = cast()
    other_year = make_declaration(people.relationship, year=2025)
    asked = make_declaration(people.relationship)
    make_declaration(people.relationship, title="Asked twice")

    entered = enter(people, make_declared())

    assert (entered.pk, entered.state, entered.current.way) == (asked.pk, State.RECEIVED, Way.BUYER)
    assert Declaration.objects.get(pk=other_year.pk).state == State.REQUESTED


def test_entering_without_a_request_makes_a_declaration():
    people = cast()

    entered = enter(people, make_declared())

    assert (entered.title, entered.site, entered.year, entered.state) == (
        "CMRT 2026",
        people.site,
        2026,
        State.RECEIVED,
    )


def test_entering_the_same_twice_is_refused_as_known():
    people = cast()
    enter(people, make_declared())

    with pytest.raises(DomainError) as refused:
        enter(people, make_declared())

    assert (refused.value.code, Declaration.objects.count()) == ("known", 1)


def test_entering_what_the_supplier_has_uploaded_and_not_handed_in_hands_that_in():
    people = cast()
    declaration = make_declaration(people.relationship)
    waiting = add_edition(declaration, make_declared(), way=Way.UPLOAD, actor=people.alice)

    entered = enter(people, make_declared())

    assert (entered.pk, entered.current_id) == (declaration.pk, waiting.pk)


def test_a_supplier_without_an_open_site_is_refused_with_a_sentence():
    people = cast()
    people.supplier.sites.update(closed_on="2026-01-01")

    with pytest.raises(DomainError) as refused:
        enter(people, make_declared())

    assert (refused.value.code, Declaration.objects.count()) == ("site", 0)


def enter(people, declared):
    """Enter a declaration as procurement does."""
    return enter_declaration(
        relationship=people.relationship, declared=declared, file=None, year=2026, way=Way.BUYER, actor=people.dave
    )
