"""Audits by schedule: which sites are due, the number per month, two sweeps at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assessments.audits.models import Audit, AuditSchedule, Engagement
from assessments.audits.queries.schedules import due_sites, room_of, visible_schedules
from assessments.audits.services.scheduling import request_due_audits, save_schedule
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.trail.models import Entry
from tests.factories import (
    cast,
    make_audit,
    make_organisation,
    make_relationship,
    make_response,
    make_site,
)


@pytest.fixture
def world(db):
    return cast()


def make_schedule(buyer, **fields):
    values = {
        "name": "Every two years",
        "programme_code": "rba-vap-style",
        "kind": "initial",
        "months": 24,
        "lead_days": 60,
        "most_a_month": 20,
    }
    return AuditSchedule.objects.create(buyer=buyer, **{**values, **fields})


def ago(days):
    return timezone.localdate() - timedelta(days=days)


# 1. Which sites -----------------------------------------------------------------------------------
def test_open_sites_of_active_relationships_are_due_the_greatest_spend_first(world):
    rich = make_relationship(world.buyer, spend=900)
    first, second = make_site(rich.supplier), make_site(rich.supplier)
    make_site(rich.supplier, closed_on=ago(1))
    ended = make_relationship(world.buyer, ended_on=ago(1), end_reason="closed")
    make_site(ended.supplier)
    ending = make_site(make_relationship(world.buyer, ended_on=ago(-1), end_reason="closed").supplier)
    schedule = make_schedule(world.buyer)
    assert list(due_sites(schedule)) == [first, second, world.site, ending]


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({"state": "requested"}, False),
        ({"state": "quality_check"}, False),
        ({"state": "closed", "ends_on": ago(729)}, False),
        ({"state": "expired", "ends_on": ago(740)}, True),
        ({"state": "closed", "released_on": ago(10)}, False),
        ({"state": "declined"}, True),
        ({"state": "declined", "asked_by": "schedule"}, False),
        ({"state": "cancelled", "asked_by": "schedule"}, False),
    ],
)
def test_an_audit_that_goes_on_or_is_late_enough_or_was_refused_keeps_a_site_off(world, fields, is_due):
    make_audit(world.relationship, world.site, **fields)
    assert list(due_sites(make_schedule(world.buyer))) == ([world.site] if is_due else [])


def test_another_buyers_audit_and_a_closure_audit_do_not_count(world):
    other = make_relationship(world.other_buyer, world.supplier)
    make_audit(other, world.site, state="scheduled")
    first = make_audit(world.relationship, world.site, state="expired", ends_on=ago(900))
    make_audit(world.relationship, world.site, kind="closure", follows=first, state="closed", ends_on=ago(30))
    assert list(due_sites(make_schedule(world.buyer))) == [world.site]


def test_spend_and_band_of_the_newest_score_narrow(world):
    plain = make_site(make_relationship(world.buyer, spend=100).supplier)
    schedule = make_schedule(world.buyer, least_spend=100)
    assert list(due_sites(schedule)) == [plain]
    schedule = make_schedule(world.buyer, bands=["high"])
    earlier, later = timezone.now() - timedelta(days=300), timezone.now()
    make_response(world.relationship, world.site, state="accepted", score=50, band="high", submitted_at=earlier)
    assert list(due_sites(schedule)) == [world.site]
    make_response(world.relationship, world.site, state="accepted", score=90, band="low", submitted_at=later)
    make_response(world.relationship, world.site)
    assert list(due_sites(schedule)) == []


# 2. The sweep -------------------------------------------------------------------------------------
def test_the_sweep_asks_once_and_tells_the_site(world):
    Engagement.objects.create(buyer=world.buyer, firm=world.audit_firm)
    schedule = make_schedule(world.buyer, firm=world.audit_firm, payer="site")
    assert request_due_audits() == 1
    audit = Audit.objects.get()
    assert (audit.site, audit.relationship, audit.asked_by, audit.asker, audit.schedule) == (
        world.site,
        world.relationship,
        "schedule",
        None,
        schedule,
    )
    assert (audit.kind, audit.firm, audit.payer, audit.preferred_on) == (
        "initial",
        world.audit_firm,
        "site",
        ago(-60),
    )
    assert [mail.to_email for mail in Mail.objects.all()] == ["alice@test.example"]
    assert (request_due_audits(), Audit.objects.count()) == (0, 1)


def test_at_most_so_many_a_month(world):
    make_site(world.supplier)
    make_site(world.supplier)
    schedule = make_schedule(world.buyer, most_a_month=2)
    assert (request_due_audits(), room_of(schedule)) == (2, 0)
    assert request_due_audits() == 0
    Audit.objects.update(asked_at=timezone.now() - timedelta(days=40))
    assert (room_of(schedule), request_due_audits()) == (2, 1)


def test_a_resting_schedule_asks_for_nothing(world):
    make_schedule(world.buyer, is_active=False)
    assert request_due_audits() == 0


def test_a_firm_that_no_longer_works_for_the_buyer_stops_only_its_schedule(world):
    make_schedule(world.buyer, firm=world.audit_firm)
    make_schedule(world.other_buyer)
    assert request_due_audits() == 1
    assert Audit.objects.get().relationship == world.other_relationship


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ask_once():
    world, gate, found = cast(), threading.Barrier(2), []
    make_schedule(world.buyer)

    def sweep():
        try:
            gate.wait()
            found.append(request_due_audits())
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(found), Audit.objects.count()) == ([0, 1], 1)


def test_the_cost_of_looking_does_not_grow(world, django_assert_num_queries):
    schedule = make_schedule(world.buyer)
    for _ in range(3):
        make_site(make_relationship(world.buyer, make_organisation()).supplier)
    with django_assert_num_queries(1):
        assert len(due_sites(schedule)) == 4


# 3. Saving ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"programme_code": "unknown"}, "kind"),
        ({"kind": "closure"}, "kind"),
        ({"months": None}, "months"),
        ({"firm": True}, "not_engaged"),
    ],
)
def test_a_schedule_that_cannot_work_is_refused(world, fields, code):
    if "firm" in fields:
        fields = {"firm": world.audit_firm}
    values = {"programme_code": "rba-vap-style", "kind": "initial", "months": 12, **fields}
    with pytest.raises(DomainError) as refused:
        save_schedule(schedule=AuditSchedule(buyer=world.buyer, name="New", **values), actor=world.dave)
    assert (refused.value.code, AuditSchedule.objects.count()) == (code, 0)


def test_saving_is_recorded(world):
    schedule = AuditSchedule(
        buyer=world.buyer, name="New", programme_code="rba-vap-style", kind="initial", months=12, bands=["high"]
    )
    save_schedule(schedule=schedule, actor=world.dave)
    assert AuditSchedule.objects.get().created_by == world.dave
    assert Entry.objects.get(deed="save_schedule").detail == {"name": "New", "active": True}


def test_schedules_are_seen_by_their_buyer_alone(world):
    mine, foreign = make_schedule(world.buyer), make_schedule(world.other_buyer)
    seen = {name: set(visible_schedules(person)) for name, person in world.people.items()}
    assert seen == {
        **{name: set() for name in world.people},
        "dave": {mine},
        "erin": {mine},
        "trent": {foreign},
    }
