"""REST: declarations, column by column and filter by filter; posting a supplier's file."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from minerals.declarations.models import Declaration, Edition
from minerals.templates_io.workbook import build_workbook
from portal.api.enums import Scope
from portal.api.models import Post
from portal.files.models import StoredFile
from suppliers.organisations.enums import Role
from tests.factories import cast, make_membership, make_organisation, make_relationship, make_user
from tests.minerals.world import (
    build_accepted,
    make_declaration,
    make_declared,
    make_product,
    make_smelter,
    make_smelter_row,
)
from tests.portal.api.world import ids, moment, program_of

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/declarations/"


@pytest.fixture
def people():
    return cast()


# 1. Reading ---------------------------------------------------------------------------------------
def row_of(people, declaration):
    """What a list says of the accepted declaration below."""
    return {
        "id": declaration.pk,
        "relationship_id": people.relationship.pk,
        "buyer_id": people.buyer.pk,
        "supplier_id": people.supplier.pk,
        "supplier_name": people.supplier.name,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "country": "TH",
        "template": "CMRT",
        "minerals": [],
        "year": 2026,
        "title": "Conflict minerals 2026",
        "state": "accepted",
        "due_on": None,
        "created_at": moment(declaration.created_at),
        "opened_at": None,
        "started_at": None,
        "submitted_at": None,
        "accepted_at": None,
        "version": "6.5",
        "scope": "products",
        "effective_on": "2026-05-10",
        "missing": 0,
        "errors": 0,
        "smelters": 1,
        "red_flags": 2,
        "unknown_smelters": 0,
    }


def test_declaration_row_and_what_it_says(people):
    smelter = make_smelter(people.buyer)
    said = make_declared(scope="B", products=(make_product("P-1"),), smelters=[make_smelter_row(mines="Hill mine")])
    declaration = build_accepted(people.relationship, said, origins=["MY"], red_flags=2, smelters=1)
    edition = declaration.current
    row = row_of(people, declaration)
    client = program_of(people.erin)
    assert client.get(ADDRESS).json()["results"] == [row]
    detail = client.get(f"{ADDRESS}{declaration.pk}/").json()
    told = detail.pop("edition")
    assert detail == row
    answers = told.pop("answers")
    assert {"question": "3", "mineral": "Tin", "word": "no", "text": "No"} in answers
    assert len(answers) == 11
    assert told == {
        "number": 1,
        "way": "upload",
        "template": "CMRT",
        "version": "6.5",
        "language": "",
        "sha256": edition.sha256,
        "handed_in_at": moment(edition.handed_in_at),
        "smelters": [
            {
                "row": 5,
                "metal": "Tin",
                "cid": "CID900001",
                "name": "Example Tin Works",
                "country_text": "MALAYSIA",
                "mines": "Hill mine",
                "mine_countries": "",
                "origins": ["MY"],
                "recycled": "No",
                "identified": True,
                "smelter_id": smelter.pk,
            }
        ],
        "products": [{"number": "P-1", "name": "Part P-1"}],
        "missing": [],
        "issues": [],
    }


def test_the_supplier_does_not_read_what_the_buyer_knows(people):
    make_smelter(people.buyer)
    declaration = build_accepted(people.relationship, red_flags=2, unknown_smelters=1)
    row = program_of(people.alice).get(f"{ADDRESS}{declaration.pk}/").json()
    assert (row["red_flags"], row["unknown_smelters"]) == (None, None)
    assert [smelter["smelter_id"] for smelter in row["edition"]["smelters"]] == [None]


def test_before_a_file_is_handed_in_there_is_no_edition(people):
    declaration = make_declaration(people.relationship, site=people.site)
    assert program_of(people.erin).get(f"{ADDRESS}{declaration.pk}/").json()["edition"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["first", "second"]),
        ("?state=returned", ["second"]),
        ("?template=EMRT", ["second"]),
        ("?year=2025", ["second"]),
        ("?vendor_code=V-2", ["second"]),
        ("?country=th", ["first", "second"]),
        ("?scope=company", []),
        ("?submitted_since=2026-01-01T00:00:00Z", ["second"]),
        ("?accepted_since=2026-01-01T00:00:00Z", []),
        ("?created_since=2099-01-01T00:00:00Z", []),
        ("?ordering=-id", ["second", "first"]),
        ("?ordering=year", ["second", "first"]),
    ],
)
def test_filters(people, query, expected):
    other = make_relationship(people.buyer, make_organisation(country="TH"), vendor_code="V-2")
    first = make_declaration(people.relationship, site=people.site, due_on=date(2026, 6, 30))
    fields = {"template": "EMRT", "year": 2025, "state": "returned", "submitted_at": "2026-02-01T09:00:00Z"}
    second = make_declaration(other, **fields)
    names = {first.pk: "first", second.pk: "second"}
    assert [names[pk] for pk in ids(program_of(people.erin), "declarations", query)] == expected


def test_filters_by_id(people):
    other = make_declaration(make_relationship(people.buyer))
    make_declaration(people.relationship, site=people.site)
    client = program_of(people.erin)
    assert ids(client, "declarations", f"?relationship={other.relationship_id}") == [other.pk]
    assert ids(client, "declarations", f"?site={other.site_id}") == [other.pk]
    assert len(ids(client, "declarations", f"?buyer={people.buyer.pk}")) == 2


# 2. Posting ---------------------------------------------------------------------------------------
def workbook(**fields):
    return SimpleUploadedFile("cmrt.xlsx", build_workbook(make_declared(**fields)))


def post(client, key="k-1", **fields):
    values = {"vendor_code": "V-1", "year": "2026", "file": workbook()}
    given = {name: value for name, value in {**values, **fields}.items() if value is not None}
    return client.post(ADDRESS, given, headers={"Idempotency-Key": key} if key else {})


def test_a_file_is_handed_in_for_the_open_request(people):
    asked = make_declaration(people.relationship, site=people.site)
    answer = post(program_of(people.dave))
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "declaration_id": asked.pk,
            "state": "received",
            "edition": 1,
            "template": "CMRT",
            "version": "6.5",
            "missing": 0,
            "errors": 0,
            "red_flags": Declaration.objects.get().red_flags,
            "smelters": 1,
            "unknown_smelters": Declaration.objects.get().unknown_smelters,
        },
    )
    edition = Edition.objects.get()
    assert (edition.way, edition.created_by, edition.file.name) == ("api", people.dave, "cmrt.xlsx")


def test_without_a_request_a_declaration_is_made(people):
    answer = post(program_of(people.erin), year="2024")
    declaration = Declaration.objects.get()
    assert (answer.json()["declaration_id"], declaration.year, declaration.relationship) == (
        declaration.pk,
        2024,
        people.relationship,
    )


def test_the_same_key_gives_the_first_answer_again(people):
    client = program_of(people.erin)
    first, again = post(client), post(client)
    assert (again.status_code, again.json(), again.headers["Idempotent-Replay"]) == (201, first.json(), "true")
    assert "Idempotent-Replay" not in first.headers
    assert Edition.objects.count() == Declaration.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(people):
    client = program_of(people.erin)
    post(client)
    refused = post(client, year="2025")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "key_used")
    assert Declaration.objects.count() == 1


def test_the_same_file_under_another_key_is_known(people):
    client = program_of(people.erin)
    post(client)
    refused = post(client, key="k-2")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "known")
    assert Post.objects.count() == 1  # the refused key is free again


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"key": ""}, 400, "invalid"),
        ({"vendor_code": None}, 400, "invalid"),
        ({"year": "1999"}, 400, "invalid"),
        ({"file": None}, 400, "invalid"),
        ({"colour": "red"}, 400, "invalid"),
        ({"vendor_code": "V-404"}, 404, "not_found"),
    ],
)
def test_a_wrong_post_leaves_nothing(people, fields, status, code):
    refused = post(program_of(people.erin), **fields)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    assert not Declaration.objects.exists() and not Post.objects.exists() and not StoredFile.objects.exists()


def test_what_is_no_template_is_refused_with_a_sentence(people):
    refused = post(program_of(people.erin), file=SimpleUploadedFile("cmrt.xlsx", b"\xff\xd8\xff\xe0 a picture"))
    assert refused.status_code == 422
    assert refused.json()["error"]["message"].endswith(".")
    assert not Declaration.objects.exists() and not Post.objects.exists()


def test_json_is_no_file(people):
    refused = program_of(people.erin).post(
        ADDRESS, {"vendor_code": "V-1"}, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert refused.status_code == 415


def test_who_may_post(people):
    """The other buyer has a supplier of the same code: its own. Readers and suppliers enter nothing."""
    reader = make_user("rita@test.example")
    make_membership(reader, people.buyer, Role.BUYER_READER)
    found = {
        name: post(program_of(user), key=name).status_code
        for name, user in {"alice": people.alice, "mallory": people.mallory, "trent": people.trent}.items()
    }
    assert found == {"alice": 404, "mallory": 404, "trent": 201}
    assert Declaration.objects.get().relationship == people.other_relationship
    client = program_of(people.erin, Scope.DECLARATIONS)
    refused = post(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert post(program_of(people.erin, Scope.WRITE_DECLARATIONS)).status_code == 201


def test_a_person_who_buys_for_two_companies_names_the_one(people):
    make_membership(people.erin, people.other_buyer, Role.BUYER_ADMINISTRATOR)
    client = program_of(people.erin)
    refused = post(client)
    assert (refused.status_code, list(refused.json()["error"]["detail"])) == (400, ["buyer"])
    assert post(client, buyer=str(people.other_buyer.pk)).status_code == 201
    assert Declaration.objects.get().relationship == people.other_relationship
