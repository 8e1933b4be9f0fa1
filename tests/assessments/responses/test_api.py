"""REST: submissions, column by column and filter by filter."""

import json
from datetime import UTC, datetime

import pytest

from assessments.responses.models import Submission
from assessments.responses.snapshot import canonical_json, hash_of
from tests.factories import cast, make_organisation, make_relationship
from tests.portal.api.world import hand_in, ids, program_of

pytestmark = pytest.mark.django_db


def again(things, **fields):
    """A corrected submission of the same response."""
    text = canonical_json({"answers": {"X": {"value": "日本"}}})
    values = {"number": 2, "snapshot": text, "sha256": hash_of(text), "attested_on": "2026-04-01"}
    return Submission.objects.create(
        response=things.response, submitted_at=datetime(2026, 4, 1, tzinfo=UTC), **{**values, **fields}
    )


def row_of(people, things):
    return {
        "id": things.submission.pk,
        "response_id": things.response.pk,
        "number": 1,
        "latest": True,
        "state": "submitted",
        "title": "Small questionnaire",
        "period": "2026",
        "relationship_id": people.relationship.pk,
        "buyer_id": people.buyer.pk,
        "supplier_id": people.supplier.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "attested_name": "Site manager",
        "attested_on": "2026-03-01",
        "submitted_at": "2026-03-01T09:00:00Z",
        "sha256": things.submission.sha256,
    }


def test_submission_row_has_the_answers_in_detail_only():
    people = cast()
    things = hand_in(people.relationship, people.site)
    client = program_of(people.erin)
    row = row_of(people, things)
    assert client.get("/api/v1/submissions/").json()["results"] == [row]
    detail = client.get(f"/api/v1/submissions/{things.submission.pk}/").json()
    assert detail == {**row, "snapshot": {"answers": {"A3-LONGEST-WEEK": {"value": 66.5}}}}


def test_the_snapshot_can_be_checked_against_its_hash():
    """The way docs/api.md describes."""
    people = cast()
    second = again(hand_in(people.relationship, people.site))
    body = program_of(people.erin).get(f"/api/v1/submissions/{second.pk}/").json()
    text = json.dumps(body["snapshot"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hash_of(text) == body["sha256"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["first", "other", "second"]),
        ("?latest=true", ["other", "second"]),
        ("?latest=false", ["first"]),
        ("?country=TH", ["first", "second"]),
        ("?vendor_code=V-2", ["other"]),
        ("?period=2026", ["first", "other", "second"]),
        ("?period=2025", []),
        ("?state=accepted", ["other"]),
        ("?submitted_since=2026-03-15T00:00:00Z", ["second"]),
        ("?submitted_before=2026-03-15T00:00:00Z", ["first", "other"]),
        ("?ordering=-submitted_at", ["second", "first", "other"]),
    ],
)
def test_filters(query, expected):
    people = cast()
    first = hand_in(people.relationship, people.site)
    other = hand_in(make_relationship(people.buyer, make_organisation(country="VN"), vendor_code="V-2"))
    other.response.state = "accepted"
    other.response.save()
    names = {first.submission.pk: "first", other.submission.pk: "other", again(first).pk: "second"}
    client = program_of(people.erin)
    assert [names[pk] for pk in ids(client, "submissions", query)] == expected
    for name, value in (
        ("campaign", other.campaign.pk),
        ("response", other.response.pk),
        ("relationship", other.response.relationship_id),
        ("site", other.site.pk),
    ):
        assert ids(client, "submissions", f"?{name}={value}") == [other.submission.pk]
