"""REST: campaigns and requests, column by column and filter by filter."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories import cast, make_campaign, make_organisation, make_relationship
from tests.minerals.world import make_declaration, make_declaration_campaign
from tests.portal.api.world import hand_in, ids, moment, program_of

pytestmark = pytest.mark.django_db


def test_campaign_row():
    people = cast()
    campaign = make_campaign(people.buyer, name="Round 2026", due_on=date(2026, 6, 30))
    assert program_of(people.erin).get(f"/api/v1/campaigns/{campaign.pk}/").json() == {
        "id": campaign.pk,
        "buyer_id": people.buyer.pk,
        "name": "Round 2026",
        "year": 2026,
        "kind": "questionnaire",
        "questionnaire": "small",
        "questionnaire_version": campaign.version.version,
        "template": "",
        "minerals": [],
        "due_on": "2026-06-30",
        "languages": ["en"],
        "state": "draft",
        "created_at": moment(campaign.created_at),
        "sent_at": None,
    }


def test_request_row():
    people = cast()
    things = hand_in(people.relationship, people.site)
    assert program_of(people.erin).get(f"/api/v1/requests/{things.request.pk}/").json() == {
        "id": things.request.pk,
        "campaign_id": things.campaign.pk,
        "campaign_name": things.campaign.name,
        "relationship_id": people.relationship.pk,
        "supplier_id": people.supplier.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "business_unit": "Imaging",
        "region": "Asia",
        "category": "Parts",
        "tier": 1,
        "response_id": things.response.pk,
        "declaration_id": None,
        "state": "submitted",
        "late": False,
        "due_on": things.response.due_on.isoformat(),
        "opened_at": None,
        "started_at": None,
        "submitted_at": "2026-03-01T09:00:00Z",
        "answered": 4,
        "asked": 5,
        "score": 72.5,
        "band": "medium",
        "created_at": moment(things.request.created_at),
    }


def test_rows_of_a_campaign_that_asks_for_declarations():
    people = cast()
    declaration = make_declaration(
        people.relationship, site=people.site, state="returned", template="EMRT", due_on=date(2026, 6, 30)
    )
    campaign = make_declaration_campaign(people.buyer, declaration, template="EMRT", minerals=["Cobalt"])
    client = program_of(people.erin)
    row = client.get(f"/api/v1/campaigns/{campaign.pk}/").json()
    names = ("kind", "questionnaire", "questionnaire_version", "template", "minerals")
    assert [row[name] for name in names] == ["declaration", None, None, "EMRT", ["Cobalt"]]
    request = campaign.requests.get()
    row = client.get(f"/api/v1/requests/{request.pk}/").json()
    names = ("response_id", "declaration_id", "state", "late", "due_on", "answered", "asked", "score", "band")
    assert [row[name] for name in names] == [
        None,
        declaration.pk,
        "returned",
        timezone.localdate() > date(2026, 6, 30),
        "2026-06-30",
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["asked", "declared"]),
        ("?kind=declaration", ["declared"]),
        ("?kind=questionnaire", ["asked"]),
        ("?state=received", ["declared"]),
        ("?state=submitted", ["asked"]),
        ("?late=false", ["asked", "declared"]),
        ("?late=true", []),
        ("?ordering=due_on", ["declared", "asked"]),
        ("?submitted_since=2026-02-01T00:00:00Z", ["asked", "declared"]),
        ("?submitted_since=2026-04-01T00:00:00Z", ["declared"]),
    ],
)
def test_filters_mean_both_kinds(query, expected):
    people = cast()
    done = hand_in(people.relationship, people.site)
    declaration = make_declaration(
        people.relationship, state="received", due_on=date(2020, 6, 30), submitted_at="2026-05-01T09:00:00Z"
    )
    names = {done.request.pk: "asked"}
    names[make_declaration_campaign(people.buyer, declaration).requests.get().pk] = "declared"
    assert [names[pk] for pk in ids(program_of(people.erin), "requests", query)] == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["first", "second"]),
        ("?year=2025", ["first"]),
        ("?state=closed", ["first"]),
        ("?questionnaire=small", ["first", "second"]),
        ("?questionnaire=other", []),
        ("?created_since=2099-01-01T00:00:00Z", []),
        ("?ordering=-year", ["second", "first"]),
    ],
)
def test_campaign_filters(query, expected):
    people = cast()
    first = make_campaign(people.buyer, year=2025, state="closed")
    second = make_campaign(people.buyer)
    names = {first.pk: "first", second.pk: "second"}
    client = program_of(people.erin)
    assert [names[pk] for pk in ids(client, "campaigns", query)] == expected
    assert ids(client, "campaigns", f"?buyer={people.other_buyer.pk}") == []


@pytest.fixture
def world():
    """A request handed in, and one that is late."""
    people = cast()
    done = hand_in(people.relationship, people.site)
    bond = make_relationship(
        people.buyer,
        make_organisation(country="VN"),
        vendor_code="V-2",
        business_unit="Printing",
        region="South",
        category="Resin",
        tier=2,
    )
    late = hand_in(bond)
    response = late.response
    response.state, response.submitted_at, response.score, response.band = "in_progress", None, None, ""
    response.due_on = timezone.localdate() - timedelta(days=1)
    response.save()
    return people, done, late


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["done", "late"]),
        ("?late=true", ["late"]),
        ("?late=false", ["done"]),
        ("?state=submitted", ["done"]),
        ("?band=medium", ["done"]),
        ("?country=vn", ["late"]),
        ("?vendor_code=V-2", ["late"]),
        ("?business_unit=Printing", ["late"]),
        ("?region=South", ["late"]),
        ("?category=Resin", ["late"]),
        ("?tier=2", ["late"]),
        ("?submitted_since=2026-01-01T00:00:00Z", ["done"]),
        ("?created_since=2099-01-01", []),
        ("?ordering=due_on", ["late", "done"]),
        ("?ordering=-id", ["late", "done"]),
    ],
)
def test_request_filters(world, query, expected):
    people, done, late = world
    names = {done.request.pk: "done", late.request.pk: "late"}
    assert [names[pk] for pk in ids(program_of(people.erin), "requests", query)] == expected


def test_request_filters_by_id(world):
    people, _done, late = world
    client = program_of(people.erin)
    for name in ("campaign", "relationship", "response", "site"):
        value = getattr(late.request, f"{name}_id")
        assert ids(client, "requests", f"?{name}={value}") == [late.request.pk]


def test_a_late_request_says_so(world):
    people, _done, late = world
    row = program_of(people.erin).get(f"/api/v1/requests/{late.request.pk}/").json()
    assert (row["late"], row["score"], row["band"]) == (True, None, "")
