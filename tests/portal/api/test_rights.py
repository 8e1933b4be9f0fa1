"""Nobody reads another organisation's rows, in no resource, in no way."""

import pytest
from django.test import Client

from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, MembershipScope
from tests.factories import cast, make_organisation, make_relationship
from tests.portal.api.world import SCOPES, hand_in, ids, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    people = cast()
    people.__dict__["ours"] = hand_in(people.relationship, people.site)
    people.__dict__["theirs"] = hand_in(people.other_relationship, people.other_site)
    return people


def rows_of(world):
    """By resource: (rows of the buyer's side, rows of the other buyer's side)."""
    found = {
        name: ([getattr(world.ours, name[:-1]).pk], [getattr(world.theirs, name[:-1]).pk])
        for name in (
            "campaigns",
            "requests",
            "submissions",
            "scores",
            "flags",
            "findings",
            "actions",
            "audits",
            "declarations",
            "smelters",
        )
    }
    return found | {
        "rollup": ([world.ours.rollup.pk], [world.theirs.rollup.pk]),
        "organisations": ([world.buyer.pk, world.supplier.pk], [world.other_buyer.pk, world.other_supplier.pk]),
        "sites": ([world.site.pk], [world.other_site.pk]),
        "relationships": ([world.relationship.pk], [world.other_relationship.pk]),
    }


BUYER_ONLY = {"relationships", "campaigns", "requests", "smelters", "rollup"}


@pytest.mark.parametrize("resource", SCOPES)
@pytest.mark.parametrize("name", ["alice", "dave", "erin", "mallory", "trent"])
def test_programs_read_their_own_side_only(world, resource, name):
    ours, theirs = rows_of(world)[resource]
    side, other = (theirs, ours) if name in ("mallory", "trent") else (ours, theirs)
    if resource in BUYER_ONLY and name in ("alice", "mallory"):
        side = []
    client = program_of(getattr(world, name))
    assert sorted(ids(client, resource)) == sorted(side)
    assert [client.get(f"/api/v1/{resource}/{pk}/").status_code for pk in side] == [200] * len(side)
    assert [client.get(f"/api/v1/{resource}/{pk}/").status_code for pk in other] == [404] * len(other)


@pytest.mark.parametrize("resource", SCOPES)
@pytest.mark.parametrize(("name", "sees"), [("bob", True), ("carol", False), ("trent", False)])
def test_people_in_the_browser_read_what_their_pages_show(world, resource, name, sees):
    client = Client()
    client.force_login(getattr(world, name))
    ours = rows_of(world)[resource][0] if sees and resource not in BUYER_ONLY else []
    assert set(ids(client, resource)) & set(rows_of(world)[resource][0]) == set(ours)


def test_a_reader_narrowed_to_a_region_sees_that_region(world):
    second = hand_in(make_relationship(world.buyer, make_organisation("Second"), region="Europe"))
    membership = Membership.objects.get(user=world.dave, role=Role.BUYER_PROCUREMENT)
    MembershipScope.objects.create(membership=membership, kind="region", value="Europe")
    client = program_of(world.dave)
    names = ("requests", "submissions", "scores", "flags", "findings", "actions", "audits", "declarations", "rollup")
    assert {name: ids(client, name) for name in names} == {
        "requests": [second.request.pk],
        "submissions": [second.submission.pk],
        "scores": [second.score.pk],
        "flags": [second.flag.pk],
        "findings": [second.finding.pk],
        "actions": [second.action.pk],
        "audits": [second.audit.pk],
        "declarations": [second.declaration.pk],
        "rollup": [],  # its figures rest on all suppliers
    }


def test_filters_do_not_reach_other_rows(world):
    """The other buyer uses the same vendor code."""
    client = program_of(world.erin)
    code = world.other_relationship.vendor_code
    assert code == world.relationship.vendor_code
    for resource in SCOPES:
        if resource not in ("organisations", "campaigns", "smelters", "rollup"):
            ours, _ = rows_of(world)[resource]
            assert ids(client, resource, f"?vendor_code={code}") == ours
    assert ids(client, "organisations", f"?vendor_code={code}") == [world.supplier.pk]
    assert ids(client, "findings", f"?site={world.other_site.pk}") == []
    assert ids(client, "scores", f"?campaign={world.theirs.campaign.pk}") == []


def test_a_person_with_two_organisations_reads_both(world):
    Membership.objects.create(user=world.erin, organisation=world.other_buyer, role=Role.BUYER_READER)
    ours, theirs = rows_of(world)["findings"]
    assert ids(program_of(world.erin), "findings") == sorted(ours + theirs)


# Query counts: the token with its person, its organisations, the note of its use (a write and a
# trail entry in a transaction), the count and the rows.
LIST_QUERIES = 8
# What the page of one row has besides: conclusions of an audit; answers, smelters and products of a declaration; names.
OF_ONE = {"audits": 1, "declarations": 3, "smelters": 1, "rollup": 5}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("resource", SCOPES)
def test_lists_cost_the_same_for_any_number_of_rows(resource, rows, django_assert_num_queries):
    people = cast()
    hand_in(people.relationship, people.site)
    for _ in range(rows - 1):
        hand_in(make_relationship(people.buyer, make_organisation()))
    client = program_of(people.erin)
    told = int(resource in ("findings", "actions", "audits"))  # for whom the reader works: drafts and vendor codes
    with django_assert_num_queries(LIST_QUERIES + told):
        found = ids(client, resource)
    assert len(found) == (rows + 1 if resource == "organisations" else rows)
    with django_assert_num_queries(4 + told):  # its use was noted a moment ago
        ids(client, resource)
    with django_assert_num_queries(3 + OF_ONE.get(resource, 0) + told):
        assert client.get(f"/api/v1/{resource}/{found[0]}/").status_code == 200


def test_pages(world):
    for _ in range(4):
        hand_in(make_relationship(world.buyer, make_organisation()))
    client = program_of(world.erin)
    seen, address = [], "/api/v1/findings/?page_size=2&ordering=-opened_at"
    while address:
        body = client.get(address).json()
        seen.append((body["count"], body["previous"] is None, [row["id"] for row in body["results"]]))
        address = body["next"]
    assert [(count, first, len(rows)) for count, first, rows in seen] == [(5, True, 2), (5, False, 2), (5, False, 1)]
    every = [pk for _, _, rows in seen for pk in rows]
    assert every == sorted(set(every))  # all opened at one moment: the id breaks the tie


def test_the_start_names_every_resource_and_its_scope(world):
    found = program_of(world.erin, "read:nothing").get("/api/v1/").json()
    assert found == {
        name: {"url": f"http://testserver/api/v1/{name}/", "scope": scope.value} for name, scope in SCOPES.items()
    }
