"""Editions: what is kept of a file, what is refused."""

import msgspec
import pytest

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.enums import Way
from minerals.declarations.models import Declaration, Edition
from minerals.declarations.queries import declared_of
from minerals.declarations.services import add_edition
from minerals.smelters.models import NameCase, SmelterList
from minerals.templates_io.document import Answer, LookupRow, MineRow
from minerals.templates_io.enums import Template
from portal.lib.errors import DomainError
from tests.factories import make_relationship
from tests.minerals.world import (
    make_declaration,
    make_declared,
    make_product,
    make_smelter,
    make_smelter_row,
)

pytestmark = pytest.mark.django_db


def add(declaration, declared=None, **fields):
    """Add an edition as the supplier's upload does."""
    return add_edition(declaration, declared or make_declared(), **{"way": Way.FORM, "actor": None, **fields})


def test_an_edition_keeps_what_was_read_and_gives_it_back():
    declaration = make_declaration()
    declared = make_declared(products=(make_product("P-1"),), scope="B", checker_count=0)

    edition = add(declaration, declared)

    assert declared_of(Edition.objects.get()) == declared
    assert (edition.number, edition.template, edition.version, edition.language, edition.checker_count) == (
        1,
        Template.CMRT,
        "6.5",
        "English",
        0,
    )
    assert (edition.handed_in_at, Declaration.objects.get().state) == (None, State.REQUESTED)
    assert Declaration.objects.get().started_at is not None


def test_rows_are_kept_with_what_they_mean():
    bond = make_relationship()
    smelter = make_smelter(bond.buyer)
    declared = make_declared(
        smelters=[
            make_smelter_row(5, mine_countries="Malaysia; DRC", recycled="No"),
            make_smelter_row(
                6, cid="", lookup="Smelter not listed", name="Nobody Knows Works", country="PERU", standard_name=""
            ),
            make_smelter_row(7, cid="", lookup="Smelter not yet identified", name="", standard_name="", country=""),
        ]
    )

    edition = add(make_declaration(bond), declared)

    rows = edition.smelters.order_by("row")
    case = NameCase.objects.get()
    assert list(
        rows.values_list("row", "metal", "cid", "name", "country_text", "origins", "identified", "smelter", "case")
    ) == [
        (5, "Tin", "CID900001", "Example Tin Works", "MALAYSIA", ["CD", "MY"], True, smelter.pk, None),
        (6, "Tin", "", "Nobody Knows Works", "PERU", [], True, None, case.pk),
        (7, "Tin", "", "", "", [], False, None, None),
    ]


def test_countries_of_the_mine_list_belong_to_the_smelter_they_name():
    declared = make_declared(
        smelters=[make_smelter_row(5)],
        mines=(
            MineRow(row=5, metal="Tin", smelter="EXAMPLE TIN WORKS", name="A mine", country="Rwanda"),
            MineRow(row=6, metal="Gold", smelter="Example Tin Works", name="B mine", country="Peru"),
        ),
    )

    edition = add(make_declaration(), declared)

    assert list(edition.smelters.values_list("origins", flat=True)) == [["RW"]]


def test_a_denial_names_no_country():
    declared = make_declared(
        smelters=[make_smelter_row(mine_countries="Does not source from DRC or covered countries")]
    )

    edition = add(make_declaration(), declared)

    assert list(edition.smelters.values_list("origins", flat=True)) == [[]]


def test_answers_are_kept_in_the_newest_numbering():
    edition = add(make_declaration(), make_declared(("Tin",), answers={"3": "Unknown"}))

    kept = {(row.question, row.mineral): row.word for row in edition.answers.all()}
    assert kept[("1", "Gold")] == "no"
    assert kept[("3", "Tin")] == "unknown"
    assert kept[("6", "Tin")] == "all"
    assert kept[("A", "")] == "yes"


def test_products_are_kept_once_each_folded():
    declared = make_declared(
        products=(make_product("ab 12", 6), make_product("AB12", 7), make_product(" ", 8)), scope="B"
    )

    edition = add(make_declaration(), declared)

    assert list(edition.products.values_list("number", "folded")) == [("ab 12", "ab12")]


def test_a_look_up_list_reaches_the_registry_and_is_not_kept_with_the_edition():
    bond = make_relationship()
    rows = (
        LookupRow(
            metal="Tin", lookup="Example Tin Works", name="Example Tin Works", country="MALAYSIA", cid="CID900001"
        ),
    )

    edition = add(make_declaration(bond), make_declared(lookup=rows))

    assert SmelterList.objects.get().owner == bond.buyer
    assert edition.smelters.get().smelter.cid == "CID900001"
    assert edition.content["lookup"] in ((), [])


def test_the_same_content_twice_is_refused():
    declaration = make_declaration()
    add(declaration)

    with pytest.raises(DomainError) as refused:
        add(declaration)

    assert refused.value.code == "known"
    assert "edition 1" in refused.value.message
    assert Edition.objects.count() == 1


def test_another_template_is_refused_but_the_older_name_of_the_same_is_taken():
    cobalt = make_declaration(template=Template.EMRT)
    with pytest.raises(DomainError) as refused:
        add(cobalt)
    assert refused.value.code == "template"

    crt = make_declared((), template=Template.CRT, version="2.2", minerals=("Cobalt",), smelters=[])
    crt = msgspec.structs.replace(crt, answers={"1": {"Cobalt": Answer("Yes")}})
    assert add(cobalt, crt).template == Template.CRT


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.CANCELLED])
def test_a_closed_declaration_takes_nothing(state):
    with pytest.raises(DomainError) as refused:
        add(make_declaration(state=state))

    assert (refused.value.code, Edition.objects.count()) == ("transition", 0)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.EXPIRED])
def test_an_edition_after_acceptance_begins_a_declaration_that_follows(state):
    old = make_declaration(state=state)

    first = add(old)
    second = add(old, make_declared(("Gold",)))

    assert (old.pk != first.declaration_id, first.declaration_id) == (True, second.declaration_id)
    assert (first.declaration.follows, first.declaration.state, second.number) == (old, State.REQUESTED, 2)
    assert Declaration.objects.get(pk=old.pk).state == state


def test_five_hundred_rows_cost_no_more_queries_than_five(django_assert_max_num_queries):
    bond = make_relationship()
    many = make_declared(
        smelters=[
            make_smelter_row(5 + place, cid=f"CID{910000 + place}", name=f"Works {place}") for place in range(500)
        ]
    )
    declaration = make_declaration(bond)

    with django_assert_max_num_queries(32):
        edition = add(declaration, many)

    assert edition.smelters.count() == 500
