"""REST: smelters, column by column and filter by filter."""

from datetime import date

import pytest

from minerals.smelters.enums import Status
from tests.factories import cast
from tests.minerals.world import make_smelter
from tests.portal.api.world import ids, moment, program_of

pytestmark = pytest.mark.django_db


def test_smelter_row_and_its_names():
    people = cast()
    smelter = make_smelter(
        people.buyer, status=Status.ACTIVE, status_text="Active", status_as_of=date(2026, 4, 1), city="Penang"
    )
    row = {
        "id": smelter.pk,
        "owner_id": people.buyer.pk,
        "metal": "Tin",
        "cid": "CID900001",
        "name": "Example Tin Works",
        "country": "MY",
        "city": "Penang",
        "status": "active",
        "status_text": "Active",
        "status_as_of": "2026-04-01",
        "light": "amber",
        "created_at": moment(smelter.created_at),
    }
    client = program_of(people.erin)
    assert client.get("/api/v1/smelters/").json()["results"] == [row]
    names = [{"name": "Example Tin Works", "kind": "standard", "source": ""}]
    assert client.get(f"/api/v1/smelters/{smelter.pk}/").json() == {**row, "names": names}
    assert ids(program_of(people.alice), "smelters") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["tin", "gold"]),
        ("?metal=Gold", ["gold"]),
        ("?cid=CID900001", ["tin"]),
        ("?country=my", ["tin"]),
        ("?status=suspended", ["gold"]),
        ("?light=green", ["tin"]),
        ("?light=red", ["gold"]),
        ("?light=grey", []),
        ("?created_since=2099-01-01T00:00:00Z", []),
        ("?ordering=metal", ["gold", "tin"]),
    ],
)
def test_filters(query, expected):
    people = cast()
    tin = make_smelter(people.buyer)
    gold = make_smelter(people.buyer, "Gold", "CID900002", status=Status.SUSPENDED, country="JP")
    names = {tin.pk: "tin", gold.pk: "gold"}
    client = program_of(people.erin)
    assert [names[pk] for pk in ids(client, "smelters", query)] == expected
    assert ids(client, "smelters", f"?owner={people.other_buyer.pk}") == []
