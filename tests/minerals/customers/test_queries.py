"""Reads of customers' requests: rights, filters, order, the blank that fits."""

import datetime

import pytest
from django.utils import timezone

from minerals.customers.permissions import may_in
from minerals.customers.queries import best_blank, listed_requests, visible_requests, wanted_requests
from minerals.customers.queries.blanks import same_version, version_key
from suppliers.organisations.enums import Role, ScopeKind
from suppliers.organisations.models import MembershipScope
from tests.factories import cast, make_membership, make_organisation, make_user
from tests.minerals.world import make_blank, make_customer_request

pytestmark = pytest.mark.django_db


def test_only_people_of_the_company_see_a_request():
    people = cast()
    asked = make_customer_request(people.buyer)
    seen = {
        name: list(visible_requests(getattr(people, name)))
        for name in ("alice", "bob", "carol", "dave", "erin", "mallory", "trent")
    }
    assert seen == {
        "alice": [],
        "bob": [],
        "carol": [],
        "dave": [asked],
        "erin": [asked],
        "mallory": [],
        "trent": [],
    }


def test_who_may_do_what():
    people = cast()
    reader, narrowed = make_user(), make_user()
    make_membership(reader, people.buyer, Role.BUYER_READER)
    scope = make_membership(narrowed, people.buyer, Role.BUYER_PROCUREMENT)
    MembershipScope.objects.create(membership=scope, kind=ScopeKind.REGION, value="EU")
    table = {
        deed: [may_in(user, deed, people.buyer) for user in (people.erin, people.dave, reader, narrowed, people.trent)]
        for deed in ("read", "enter", "answer", "keep_blanks")
    }
    assert table == {
        "read": [True, True, True, True, False],
        "enter": [True, True, False, False, False],
        "answer": [True, True, False, False, False],
        "keep_blanks": [True, True, False, False, False],
    }
    with pytest.raises(KeyError):
        may_in(people.erin, "dance", people.buyer)


def test_open_requests_come_first_by_their_due_date():
    people = cast()
    day = datetime.date(2026, 12, 1)
    names = {
        make_customer_request(people.buyer, "No date", due_on=None): "No date",
        make_customer_request(people.buyer, "Answered", due_on=datetime.date(2026, 1, 1), state="answered"): "Answered",
        make_customer_request(people.buyer, "Later", due_on=day + datetime.timedelta(days=9)): "Later",
        make_customer_request(people.buyer, "Soon", due_on=day): "Soon",
    }
    rows = wanted_requests(listed_requests(people.erin, people.buyer), {})
    assert [names[row] for row in rows] == ["Soon", "Later", "No date", "Answered"]
    by_name = wanted_requests(listed_requests(people.erin, people.buyer), {"sort": "-customer"})
    assert [names[row] for row in by_name] == ["Soon", "No date", "Later", "Answered"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"due": "late"}, ["late"]),
        ({"due": "soon"}, ["today", "week"]),
        ({"due": "later"}, ["month"]),
        ({"due": "none"}, ["none"]),
        ({"state": "declined"}, ["declined"]),
        ({"template": "EMRT"}, ["week"]),
        ({"q": "declin"}, ["declined"]),
        ({"due": "nonsense"}, ["declined", "late", "month", "none", "today", "week"]),
    ],
)
def test_filters(params, expected):
    people, today = cast(), timezone.localdate()
    days = {"late": -1, "today": 0, "week": 7, "month": 8}
    for name, away in days.items():
        due = today + datetime.timedelta(days=away)
        make_customer_request(people.buyer, name, due_on=due, template="EMRT" if name == "week" else "CMRT")
    make_customer_request(people.buyer, "none", due_on=None)
    make_customer_request(people.buyer, "declined", due_on=today, state="declined")
    rows = wanted_requests(listed_requests(people.erin, people.buyer), params)
    assert sorted(row.customer for row in rows) == expected


def test_versions_are_ordered_as_they_were_released():
    released = ["2.00", "2.03", "2.03a", "3.01", "5.12", "6.01", "6.1", "6.22", "6.31", "6.4", "6.5", "6.6", "6.6.1"]
    keys = [version_key(version) for version in released]
    assert keys == sorted(keys)
    assert same_version("6.1", "6.10")
    assert not same_version("6.1", "6.01")
    assert version_key("newest") == (0, 0, "newest")


def test_the_version_asked_for_is_chosen_else_the_newest():
    owner = make_organisation()
    old, new = make_blank(owner, "6.22"), make_blank(owner, "6.5")
    make_blank(make_organisation(), "6.6")
    assert best_blank(owner.pk, "CMRT") == new
    assert best_blank(owner.pk, "CMRT", "6.22") == old
    assert best_blank(owner.pk, "CMRT", "6.4") == new
    assert best_blank(owner.pk, "EMRT") is None
    again = make_blank(owner, "6.5")
    assert best_blank(owner.pk, "CMRT", "6.5") == again
