"""REST: audits, column by column, filter by filter, and figures only for those who may read them."""

from datetime import UTC, date, datetime

import pytest

from assessments.audits.enums import AuditState
from assessments.audits.lifecycle import advance
from assessments.audits.models import Audit
from assessments.audits.permissions import may
from assessments.audits.queries import visible_audits
from assessments.audits.queries.audits import readable_clause
from tests.factories import cast, conclude, make_audit, make_organisation, make_relationship, make_site
from tests.portal.api.world import HANDED_IN, ids, moment, program_of

pytestmark = pytest.mark.django_db
FIGURES = ("recognition", "reviewed", "applicable", "conform", "priority", "major", "minor", "score")


@pytest.fixture
def people():
    return cast()


def test_audit_row_and_its_conclusions(people):
    audit = make_audit(
        people.relationship, people.site, firm=people.audit_firm, state="actions_open", score="170.5", major=1,
        reviewed=1, applicable=40, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 4),
        released_on=date(2026, 4, 1), valid_until=date(2028, 3, 4), recognition="silver",
    )  # fmt: skip
    conclude(audit, "major", only=["A3"], description="Weeks over 60 hours.", law="LPA s.23", topic="hours_insurance",
             updated_at=HANDED_IN)  # fmt: skip
    expected = {
        "id": audit.pk,
        "relationship_id": people.relationship.pk,
        "buyer_id": people.buyer.pk,
        "supplier_id": people.supplier.pk,
        "vendor_code": "V-1",
        "site_id": people.site.pk,
        "site_name": people.site.name,
        "country": "TH",
        "programme": "rba-vap-style",
        "programme_version": audit.programme.version,
        "kind": "initial",
        "state": "actions_open",
        "asked_by": "buyer",
        "asked_at": moment(audit.asked_at),
        "firm_id": people.audit_firm.pk,
        "firm_name": "Audit firm",
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-04",
        "released_on": "2026-04-01",
        "valid_until": "2028-03-04",
        "recognition": "silver",
        "reviewed": 1,
        "applicable": 40,
        "conform": 0,
        "priority": 0,
        "major": 1,
        "minor": 0,
        "score": 170.5,
    }
    client = program_of(people.erin)
    assert client.get("/api/v1/audits/").json()["results"] == [expected]
    assert client.get(f"/api/v1/audits/{audit.pk}/").json() == {
        **expected,
        "conclusions": [
            {
                "checkpoint": "A3",
                "conclusion": "major",
                "data_points": ["Interview with four workers", "Time records of March", "Walk through line 2"],
                "description": "Weeks over 60 hours.",
                "law": "LPA s.23",
                "evidence": "",
                "root_cause": "",
                "topic": "hours_insurance",
                "version": 1,
                "updated_at": moment(HANDED_IN),
                "finding_id": None,
            }
        ],
    }


@pytest.mark.parametrize("presented", [False, True], ids=["", "presented"])
@pytest.mark.parametrize("state", AuditState)
def test_lists_say_the_same_as_the_table_of_rights(people, state, presented):
    audit = make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state=state,
        presented_at=HANDED_IN if presented else None,
    )  # fmt: skip
    for name, person in people.people.items():
        readable = visible_audits(person).filter(readable_clause(person)).exists()
        assert (name, readable) == (name, may(person, "read_conclusions", audit))


@pytest.mark.parametrize(
    ("name", "reads"), [("carol", True), ("frank", True), ("alice", False), ("dave", False), ("erin", False)]
)
def test_figures_are_null_until_the_reader_may_read_them(people, name, reads):
    audit = make_audit(
        people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol], state="draft", major=1
    )
    conclude(audit, "major", only=["A3"], description="Secret")
    client = program_of(people.people[name])
    row = client.get("/api/v1/audits/").json()["results"][0]
    detail = client.get(f"/api/v1/audits/{audit.pk}/").json()
    assert {row[figure] is None for figure in FIGURES if figure != "score"} == {not reads}
    assert (detail["conclusions"] is not None, "Secret" in str(detail)) == (reads, reads)


def test_an_audit_firm_reads_no_vendor_code_and_cannot_ask_by_one(people):
    audit = make_audit(people.relationship, people.site, firm=people.audit_firm, auditors=[people.carol])
    found = {}
    for name in ("alice", "carol", "frank", "erin"):
        client = program_of(getattr(people, name))
        row = client.get(f"/api/v1/audits/{audit.pk}/").json()
        found[name] = (row["vendor_code"], ids(client, "audits", "?vendor_code=V-1"))
    assert found == {"alice": ("V-1", [audit.pk]), "carol": ("", []), "frank": ("", []), "erin": ("V-1", [audit.pk])}


def test_of_auditors_only_those_on_the_audit_read_it(people):
    audit = make_audit(people.relationship, people.site, firm=people.audit_firm, state="draft")
    assert ids(program_of(people.carol), "audits") == []
    assert ids(program_of(people.frank), "audits") == [audit.pk]


@pytest.fixture
def world(people):
    """Three audits of one buyer: an old one released, one planned in Viet Nam, one on site asked for by the site."""
    bond = make_relationship(people.buyer, make_organisation(country="VN"), vendor_code="V-2")
    old = make_audit(
        people.relationship, people.site, state="closed", starts_on=date(2025, 3, 1), released_on=date(2025, 4, 1),
        valid_until=date(2027, 3, 1), firm=people.audit_firm,
    )  # fmt: skip
    planned = make_audit(bond, make_site(bond.supplier), state="scheduled", starts_on=date(2026, 12, 1), kind="closure")
    going = make_audit(people.relationship, people.site, state="scheduled", asked_by="site", starts_on=date(2026, 5, 1))
    Audit.objects.update(asked_at=datetime(2026, 1, 1, tzinfo=UTC))
    advance(going, AuditState.IN_PROGRESS, actor=people.carol)
    return people, {"old": old, "planned": planned, "going": going}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["old", "planned", "going"]),
        ("?state=closed", ["old"]),
        ("?state=in_progress", ["going"]),
        ("?asked_by=site", ["going"]),
        ("?programme=rba-vap-style", ["old", "planned", "going"]),
        ("?programme=smeta-style", []),
        ("?kind=closure", ["planned"]),
        ("?country=VN", ["planned"]),
        ("?vendor_code=V-1", ["old", "going"]),
        ("?starts_from=2026-05-01", ["planned", "going"]),
        ("?starts_until=2026-05-01", ["old", "going"]),
        ("?released_from=2025-04-01", ["old"]),
        ("?released_until=2025-03-31", []),
        ("?valid_until=2027-03-01", ["old"]),
        ("?valid_from=2027-03-02", []),
        ("?updated_since=2026-02-01T00:00:00Z", ["going"]),
        ("?updated_since=2025-12-01T00:00:00Z", ["old", "planned", "going"]),
        ("?ordering=-starts_on", ["planned", "going", "old"]),
    ],
)
def test_filters(world, query, expected):
    people, audits = world
    names = {audit.pk: name for name, audit in audits.items()}
    assert [names[pk] for pk in ids(program_of(people.erin), "audits", query)] == expected


def test_filters_by_id(world):
    people, audits = world
    client, planned = program_of(people.erin), audits["planned"]
    for name in ("site", "relationship"):
        assert ids(client, "audits", f"?{name}={getattr(planned, f'{name}_id')}") == [planned.pk]
    assert ids(client, "audits", f"?firm={people.audit_firm.pk}") == [audits["old"].pk]


def test_a_day_is_read_strictly(people):
    answer = program_of(people.erin).get("/api/v1/audits/?starts_from=01/05/2026")
    assert answer.json()["error"]["message"] == "starts_from: Write the day as 2026-01-31."
