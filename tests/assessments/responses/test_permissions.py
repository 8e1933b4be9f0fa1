"""Who may do what with a response: the whole table."""

import pytest

from assessments.responses.permissions import BUYER_DEEDS, SUPPLIER_DEEDS, may
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_response, make_user

pytestmark = pytest.mark.django_db

SUPPLIER = {"read_answers", "answer", "assign_section", "submit", "withdraw", "decline"}
BUYER = {"read_submission", "review", "reopen"}
ALLOWED = {
    "alice": SUPPLIER,
    "bob": {"read_answers"},
    "editor": {"read_answers", "answer", "assign_section"},
    "dave": BUYER,
    "erin": BUYER,
    "buyer_reader": {"read_submission"},
    "other_region": set(),
    "carol": set(),
    "mallory": set(),
    "trent": set(),
    "anonymous": set(),
}


@pytest.mark.parametrize("who", ALLOWED)
def test_may(who):
    world = cast()
    people = world.people
    for name, organisation, role, scopes in (
        ("editor", world.supplier, Role.SUPPLIER_EDITOR, None),
        ("buyer_reader", world.buyer, Role.BUYER_READER, None),
        ("other_region", world.buyer, Role.BUYER_PROCUREMENT, {"region": ["Europe"]}),
    ):
        people[name] = make_user()
        make_membership(people[name], organisation, role, scopes=scopes)
    response = make_response(world.relationship, world.site)
    assert {*SUPPLIER_DEEDS, *BUYER_DEEDS} == SUPPLIER | BUYER
    assert {deed for deed in SUPPLIER | BUYER if may(people[who], deed, response)} == ALLOWED[who]


def test_an_unknown_deed_is_an_error():
    world = cast()
    with pytest.raises(KeyError):
        may(world.alice, "burn", make_response(world.relationship, world.site))
