"""Who may read and write questionnaires."""

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments.questionnaires.permissions import READING, WRITING, may, may_in
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_user, make_version

pytestmark = pytest.mark.django_db
PEOPLE = ("alice", "bob", "carol", "frank", "dave", "erin", "mallory", "trent")


@pytest.fixture
def people():
    return cast()


def who(people, *args):
    return {name for name in PEOPLE if may_in(getattr(people, name), *args)}


@pytest.mark.parametrize("deed", sorted(WRITING))
def test_only_administrators_write(people, deed):
    assert who(people, deed, people.buyer) == {"erin"}
    assert not may_in(AnonymousUser(), deed, people.buyer)


@pytest.mark.parametrize("deed", sorted(READING))
def test_everybody_who_buys_reads(people, deed):
    assert who(people, deed, people.buyer) == {"dave", "erin"}


def test_an_administrator_of_a_part_writes_nothing(people):
    narrowed = make_user()
    make_membership(narrowed, people.buyer, Role.BUYER_ADMINISTRATOR, scopes={"region": ["Asia"]})
    assert not may_in(narrowed, "upload", people.buyer)
    assert may_in(narrowed, "read", people.buyer)


def test_standard_versions_are_written_by_nobody(people):
    standard, own = make_version(), make_version(owner=people.buyer)
    assert [may(people.erin, "publish", version) for version in (standard, own)] == [False, True]
    assert not may(people.trent, "publish", own)


def test_an_unknown_deed_is_an_error(people):
    with pytest.raises(KeyError):
        may_in(people.erin, "paint", people.buyer)
