"""REST: findings, column by column and filter by filter."""

from datetime import UTC, datetime

import pytest

from assessments.findings.enums import CloseReason
from assessments.findings.services import close_finding
from tests.factories import cast, make_organisation, make_relationship, make_site
from tests.portal.api.world import hand_in, ids, program_of

pytestmark = pytest.mark.django_db


def test_finding_row():
    people = cast()
    things = hand_in(people.relationship, people.site)
    assert program_of(people.erin).get(f"/api/v1/findings/{things.finding.pk}/").json() == {
        "id": things.finding.pk,
        "relationship_id": people.relationship.pk,
        "buyer_id": people.buyer.pk,
        "supplier_id": people.supplier.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "source": "flag",
        "source_id": things.response.pk,
        "rule": "A3-OVER-60",
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "severity": "major",
        "text": {"en": "Longest week 66.5; the limit is 60."},
        "advice": {"en": "Plan the work so that weeks stay short."},
        "state": "open",
        "opened_at": "2026-03-01T09:00:00Z",
        "closed_at": None,
        "close_reason": "",
    }


@pytest.fixture
def world():
    """Three findings of one buyer: an old major one, a closed minor one in Viet Nam, a new priority one."""
    people = cast()
    bond = make_relationship(people.buyer, make_organisation(country="VN"), vendor_code="V-2")
    old = hand_in(people.relationship, people.site).finding
    closed = hand_in(bond, make_site(bond.supplier)).finding
    closed.severity, closed.provision, closed.code_of_conduct = "minor", "B2", "own-1"
    closed.rule = "B2-NO-DRILL"
    closed.save()
    close_finding(finding=closed, reason=CloseReason.MENDED, note="Seen", actor=people.dave)
    new = hand_in(people.relationship, make_site(people.supplier)).finding
    new.severity, new.opened_at = "priority", datetime(2026, 5, 1, tzinfo=UTC)
    new.save()
    return people, {"old": old, "closed": closed, "new": new}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["old", "closed", "new"]),
        ("?state=open", ["old", "new"]),
        ("?state=closed", ["closed"]),
        ("?close_reason=mended", ["closed"]),
        ("?severity=priority", ["new"]),
        ("?provision=B2", ["closed"]),
        ("?provision=B", []),
        ("?code_of_conduct=own-1", ["closed"]),
        ("?rule=B2-NO-DRILL", ["closed"]),
        ("?source=flag", ["old", "closed", "new"]),
        ("?country=VN", ["closed"]),
        ("?vendor_code=V-2", ["closed"]),
        ("?vendor_code=V-1&severity=major", ["old"]),
        ("?opened_since=2026-04-01T00:00:00Z", ["new"]),
        ("?opened_since=2026-04-01", ["new"]),
        ("?updated_since=2026-04-01T00:00:00Z", ["closed", "new"]),
        ("?ordering=severity", ["new", "old", "closed"]),
        ("?ordering=-severity", ["closed", "old", "new"]),
        ("?ordering=-opened_at", ["new", "old", "closed"]),
        ("?ordering=provision,-opened_at", ["new", "old", "closed"]),
    ],
)
def test_filters(world, query, expected):
    people, findings = world
    names = {finding.pk: name for name, finding in findings.items()}
    assert [names[pk] for pk in ids(program_of(people.erin), "findings", query)] == expected


def test_filters_by_id(world):
    people, findings = world
    client = program_of(people.erin)
    closed = findings["closed"]
    for name in ("site", "relationship", "source_id"):
        value = getattr(closed, name if name == "source_id" else f"{name}_id")
        assert ids(client, "findings", f"?{name}={value}") == [closed.pk]
