"""REST: the roll-up, its figures and smelters."""

import pytest

from minerals.rollup.models import Rollup
from minerals.rollup.services import refresh_rollup
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_user
from tests.minerals.world import build_accepted, make_declared, make_smelter, make_smelter_row
from tests.portal.api.world import ids, moment, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """One supplier has declared: tin of one smelter that is known, and of one that is not."""
    people = cast()
    make_smelter(people.buyer)
    unknown = make_smelter_row(6, cid="", name="Example Unheard Of", lookup="Smelter not listed", country="CHINA")
    said = make_declared(smelters=[make_smelter_row(recycled="Yes"), unknown])
    build_accepted(people.relationship, said, origins=["MY"])
    refresh_rollup()
    return people


def test_rollup_row_and_its_figures(people):
    rollup = Rollup.objects.get(owner=people.buyer)
    row = {
        "id": rollup.pk,
        "owner_id": people.buyer.pk,
        "template": "CMRT",
        "group_id": None,
        "group_name": None,
        "suppliers": 1,
        "refreshed_at": moment(rollup.refreshed_at),
    }
    client = program_of(people.erin)
    assert client.get("/api/v1/rollup/").json()["results"] == [row]
    detail = client.get(f"/api/v1/rollup/{rollup.pk}/").json()
    figures, smelters = detail.pop("figures"), detail.pop("smelters")
    assert detail == {**row, "minerals": ["Tantalum", "Tin", "Gold", "Tungsten"]}
    assert len(figures) == 32
    tin = next(one for one in figures if (one["question"], one["mineral"]) == ("1", "Tin"))
    assert (tin["word"], tin["answered"], tin["relevant"], tin["words"]) == ("yes", 1, 1, {"yes": 1})
    assert tin["comment"]
    assert [
        {name: one[name] for name in ("metal", "cid", "name", "country", "light", "decision", "suppliers", "recycled")}
        for one in sorted(smelters, key=lambda one: one["cid"], reverse=True)
    ] == [
        {
            "metal": "Tin",
            "cid": "CID900001",
            "name": "Example Tin Works",
            "country": "MY",
            "light": "green",
            "decision": "",
            "suppliers": 1,
            "recycled": "yes",
        },
        {
            "metal": "Tin",
            "cid": "",
            "name": "Example Unheard Of",
            "country": "",
            "light": "",
            "decision": "open",
            "suppliers": 1,
            "recycled": "no",
        },
    ]


@pytest.mark.parametrize(
    ("query", "count"), [("", 1), ("?template=CMRT", 1), ("?template=EMRT", 0), ("?group=1", 0), ("?ordering=-id", 1)]
)
def test_filters(people, query, count):
    assert len(ids(program_of(people.erin), "rollup", query)) == count


def test_nobody_narrowed_to_a_part_reads_it(people):
    narrowed = make_user("narrowed@test.example")
    make_membership(narrowed, people.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    assert {name: ids(program_of(user), "rollup") for name, user in {"n": narrowed, "a": people.alice}.items()} == {
        "n": [],
        "a": [],
    }
