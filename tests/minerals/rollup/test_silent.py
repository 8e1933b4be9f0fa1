"""Who has not answered about which mineral, where a template lets one choose minerals."""

import msgspec
import pytest

from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from minerals.rollup.queries.figures import read_figures
from minerals.rollup.queries.silent import silent_about, silent_suppliers
from minerals.rollup.services import refresh_rollup
from minerals.templates_io.document import Answer, Declared
from suppliers.organisations.models import Organisation, Relationship
from tests.factories import make_organisation, make_relationship
from tests.minerals.world import build_accepted, make_declaration, make_declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> Organisation:
    return make_organisation()


@pytest.fixture
def bond(buyer: Organisation) -> Relationship:
    return make_relationship(buyer)


def unused(*minerals: str) -> Declared:
    declared = make_declared((), template="EMRT", version="2.1", minerals=minerals, smelters=())
    return msgspec.structs.replace(declared, answers={"1": {mineral: Answer("No") for mineral in minerals}})


def words_of(buyer: Organisation, *minerals: str) -> dict[str, tuple[str, int, int]]:
    table = read_figures(buyer, "EMRT").table
    figures = {mineral: table["1", mineral] for mineral in minerals}
    return {mineral: (one.word, one.answered, one.relevant) for mineral, one in figures.items()}


def test_a_mineral_that_was_asked_for_and_left_out_is_not_answered(buyer: Organisation, bond: Relationship) -> None:
    left = build_accepted(bond, unused("Cobalt"), minerals=["Cobalt", "Mica"])
    build_accepted(make_relationship(buyer), unused("Cobalt", "Mica"), minerals=["Cobalt", "Mica"])
    refresh_rollup()
    assert words_of(buyer, "Cobalt", "Mica") == {"Cobalt": ("no", 2, 2), "Mica": ("open", 1, 2)}
    assert list(silent_about(buyer.pk, "EMRT", "Mica")) == [left]
    assert not silent_about(buyer.pk, "EMRT", "Cobalt").exists()


def test_a_second_request_for_another_mineral_is_owed(buyer: Organisation, bond: Relationship) -> None:
    build_accepted(bond, unused("Cobalt"), minerals=["Cobalt"])
    refresh_rollup()
    asked = make_declaration(bond, template="EMRT", minerals=["Mica", "Cobalt"])
    assert words_of(buyer, "Cobalt", "Mica") == {"Cobalt": ("no", 1, 1), "Mica": ("open", 0, 1)}
    assert list(silent_about(buyer.pk, "EMRT", "Mica")) == [asked]


def test_declarations_on_different_minerals_stand_together(buyer: Organisation, bond: Relationship) -> None:
    build_accepted(bond, unused("Cobalt"), minerals=["Cobalt"])
    build_accepted(bond, unused("Mica"), minerals=["Mica"])
    refresh_rollup()
    assert words_of(buyer, "Cobalt", "Mica") == {"Cobalt": ("no", 1, 1), "Mica": ("no", 1, 1)}


def test_what_is_accepted_and_not_counted_yet_is_not_a_no(buyer: Organisation, bond: Relationship) -> None:
    build_accepted(bond, unused("Cobalt"))
    refresh_rollup()
    build_accepted(make_relationship(buyer), unused("Cobalt"))
    assert words_of(buyer, "Cobalt") == {"Cobalt": ("open", 1, 2)}
    refresh_rollup()
    assert words_of(buyer, "Cobalt") == {"Cobalt": ("no", 2, 2)}


@pytest.mark.parametrize(
    ("state", "silent"),
    [
        (DeclarationState.REQUESTED, 1),
        (DeclarationState.RECEIVED, 1),
        (DeclarationState.RETURNED, 1),
        (DeclarationState.ACCEPTED, 1),
        (DeclarationState.EXPIRED, 1),
        (DeclarationState.SUPERSEDED, 0),
        (DeclarationState.CANCELLED, 0),
    ],
)
def test_each_state_before_anything_is_counted(
    buyer: Organisation, bond: Relationship, state: DeclarationState, silent: int
) -> None:
    Declaration.objects.filter(pk=make_declaration(bond, template="EMRT", minerals=["Mica"]).pk).update(state=state)
    count = silent_suppliers(buyer.pk, "EMRT")
    assert (count("Mica"), count("Cobalt")) == (silent, 0)


def test_two_requests_of_one_supplier_are_one_supplier(buyer: Organisation, bond: Relationship) -> None:
    make_declaration(bond, template="EMRT", minerals=["Mica"])
    make_declaration(bond, template="EMRT", minerals=[])
    make_declaration(make_relationship(buyer), template="EMRT", minerals=["Cobalt"])
    count = silent_suppliers(buyer.pk, "EMRT")
    assert [count(mineral) for mineral in ("Mica", "Cobalt", "Nickel")] == [1, 2, 1]
