"""How a site stands: one definition, as a row, a count, a condition and an annotation alike."""

from datetime import date, timedelta

import pytest

from assessments.audits.enums import AuditStatus
from assessments.audits.models import Audit
from assessments.audits.queries.status import audits_of_sites, count_statuses, site_case, site_statuses, status_clause
from suppliers.organisations.models import Site
from tests.factories import cast, make_audit, make_site

pytestmark = pytest.mark.django_db
TODAY = date.today()
NEVER, PLANNED, VALID, EXPIRING, EXPIRED = "never", "planned", "valid", "expiring", "expired"


def released(days, state="closed", **fields):
    return {"state": state, "valid_until": TODAY + timedelta(days=days), **fields}


CASES = {
    "no audit": ([], NEVER),
    "declined": ([{"state": "declined"}], NEVER),
    "called off": ([{"state": "cancelled"}], NEVER),
    "asked for": ([{"state": "requested"}], PLANNED),
    "a draft is going on": ([{"state": "draft"}], PLANNED),
    "valid for 91 days": ([released(91)], VALID),
    "valid for 90 days": ([released(90)], EXPIRING),
    "valid until today": ([released(0)], EXPIRING),
    "valid until yesterday": ([released(-1)], EXPIRED),
    "in state expired": ([released(-1, "expired")], EXPIRED),
    "actions still open": ([released(400, "actions_open")], VALID),
    "the newest counts": ([released(-300), released(400)], VALID),
    "a valid one leads over one that is planned": ([released(400), {"state": "scheduled"}], VALID),
    "expiring though one is planned": ([released(20), {"state": "scheduled"}], EXPIRING),
    "expired, the next is planned": ([released(-20), {"state": "accepted"}], PLANNED),
    "not released yet": ([{"state": "quality_check", "valid_until": TODAY + timedelta(days=500)}], PLANNED),
    "without an end": ([{"state": "closed", "valid_until": None}], VALID),
}


@pytest.fixture
def world():
    return cast()


@pytest.mark.parametrize("case", CASES)
def test_every_reader_says_the_same(world, case):
    audits, status = CASES[case]
    for fields in audits:
        make_audit(world.relationship, world.site, firm=world.audit_firm, **fields)
    everything = Audit.objects.filter(relationship=world.relationship)
    sites = Site.objects.filter(pk=world.site.pk)
    counted = count_statuses(everything, sites=1)
    assert {name for name, count in counted.items() if count} == {status} and sum(counted.values()) == 1
    assert [name for name in AuditStatus.values if sites.filter(status_clause(everything, name))] == [status]
    numbers = {one: number for number, one in enumerate(AuditStatus)}
    assert sites.annotate(number=site_case(everything, numbers)).get().number == numbers[AuditStatus(status)]
    standing = audits_of_sites(everything, [world.site.pk]).get(world.site.pk)
    assert (standing.status if standing else NEVER) == status


def test_closure_audit_without_validity_does_not_make_an_expired_one_valid(world):
    first = make_audit(world.relationship, world.site, **released(-5))
    make_audit(world.relationship, world.site, kind="closure", follows=first, state="closed")
    assert [row["status"] for row in site_statuses(Audit.objects.all())] == [EXPIRED]


def test_audit_of_another_buyer_says_nothing(world):
    make_audit(world.other_relationship, world.site, **released(300))
    mine = Audit.objects.filter(relationship=world.relationship)
    assert count_statuses(mine, sites=1) == {NEVER: 1, VALID: 0, EXPIRING: 0, EXPIRED: 0, PLANNED: 0}


def test_line_of_a_site_names_its_last_and_its_next_audit(world):
    old = make_audit(world.relationship, world.site, **released(-300, ends_on=TODAY - timedelta(days=1030)))
    last = make_audit(world.relationship, world.site, **released(10, ends_on=TODAY - timedelta(days=720)))
    going = make_audit(world.relationship, world.site, state="scheduled", starts_on=TODAY + timedelta(days=9))
    standing = audits_of_sites(Audit.objects.all(), [world.site.pk])[world.site.pk]
    assert (standing.status, standing.until, standing.last, standing.going) == (
        EXPIRING, TODAY + timedelta(days=10), last, going,
    )  # fmt: skip
    assert old != last


@pytest.mark.parametrize("sites", [1, 3])
def test_a_page_of_sites_costs_two_queries(world, sites, django_assert_num_queries):
    places = [make_site(world.supplier) for _ in range(sites)]
    for place in places:
        make_audit(world.relationship, place, firm=world.audit_firm, **released(300))
    with django_assert_num_queries(2):
        found = audits_of_sites(Audit.objects.all(), [place.pk for place in places])
        assert {standing.last.firm.name for standing in found.values()} == {"Audit firm"}
    with django_assert_num_queries(1):
        assert count_statuses(Audit.objects.all(), sites=5)[VALID] == sites
