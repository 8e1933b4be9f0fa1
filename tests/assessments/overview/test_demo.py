"""The audits of the demo: as many, as old and as far as the story says, on whatever day of the week it is told."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.audits.models import Audit
from assessments.audits.services.going import expire_audits
from assessments.findings.models import ActionComment, ActionFile, CorrectiveAction, Extension, Finding
from assessments.overview.management.demo.audit_cases import ALICE, CASES, SOMCHAI
from assessments.overview.management.demo.auditing import Auditing
from assessments.overview.management.demo.clock import at_moment
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db

LANGUAGES = {"CN": "zh-hans", "JP": "ja", "TH": "th"}
MANAGERS = {"JP-01": ALICE, "TH-01": SOMCHAI}


def make_suppliers(buyer):
    """A supplier with one site and a manager for every case that has a site of its own."""
    for case in CASES:
        if case.at_site_of:
            continue
        supplier = factories.make_organisation(f"Supplier {case.code}", country=case.country)
        site = factories.make_site(supplier, country=case.country, workers=300)
        bond = factories.make_relationship(buyer, supplier)
        if case.asked_by == "schedule":
            when = timezone.now() - timedelta(days=100)
            factories.make_response(bond, site, score=30, band="high", state="submitted", submitted_at=when)
        email = MANAGERS.get(case.code, f"{case.code.lower()}@test.example")
        manager = factories.make_user(email, language=LANGUAGES.get(case.country, "en"))
        factories.make_membership(manager, supplier, Role.SUPPLIER_MANAGER)


@pytest.fixture
def people():
    buyer = factories.make_organisation("Aozora")
    dave, erin = factories.make_user("dave@aozora.example"), factories.make_user("erin@aozora.example")
    factories.make_membership(dave, buyer, Role.BUYER_PROCUREMENT)
    factories.make_membership(erin, buyer, Role.BUYER_ADMINISTRATOR)
    make_suppliers(buyer)
    return buyer, dave, erin


def tell(people, now):
    """Tell the story up to a day, as the command does."""
    auditing = Auditing(now, *people, fits=lambda _site, _case: True)
    with at_moment(now - timedelta(days=766)):
        auditing.prepare()
    auditing.tell_until(now)
    with at_moment(now):
        expire_audits()


@pytest.mark.parametrize("weekday", [0, 5, 6])  # days on site are moved off weekends
def test_story_comes_to_the_same_end_whatever_the_day(people, weekday):
    today = timezone.now()
    now = today - timedelta(days=(today.weekday() - weekday) % 7)

    tell(people, now)

    assert Counter(Audit.objects.values_list("state", flat=True)) == {
        "actions_open": 9,
        "closed": 4,
        "expired": 2,
        "requested": 1,
        "scheduled": 1,
        "in_progress": 1,
        "feedback": 1,
    }
    in_china = Finding.objects.filter(source="audit", site__country="CN")
    assert Audit.objects.filter(site__country="CN").count() == 12
    assert Counter(in_china.values_list("provision", flat=True)) == {"A3": 8, "E6": 4, "B2": 3, "C1": 1}


def test_story_shows_actions_in_every_state(people):
    tell(people, timezone.now())

    findings = Finding.objects.filter(source="audit")
    assert Counter(findings.values_list("state", flat=True)) == {
        "open": 4,
        "disputed": 1,
        "action_agreed": 3,
        "in_progress": 5,
        "done": 1,
        "verified": 4,
        "closed": 5,
        "no_action": 1,
        "collaborative": 1,
    }
    assert set(CorrectiveAction.objects.values_list("state", flat=True)) == {
        "draft",
        "submitted",
        "accepted",
        "rejected",
    }
    assert set(CorrectiveAction.objects.values_list("verified_how", flat=True)) == {"", "desk", "on_site"}
    assert set(Extension.objects.values_list("state", flat=True)) == {"asked", "granted", "refused"}
    assert findings.filter(next_due="plan", next_due_on__lt=timezone.localdate()).count() == 1
    assert findings.exclude(recurrence_of=None).count() == 2
    assert ActionFile.objects.count() > 20
    assert ActionComment.objects.count() == 8
    assert set(Finding.objects.exclude(source="audit").values_list("source", flat=True)) == {"grievance", "document"}


def test_story_leaves_out_what_a_small_demo_has_no_site_for(people):
    buyer, dave, erin = people
    auditing = Auditing(timezone.now(), buyer, dave, erin, fits=lambda site, _case: site.country != "CN")
    auditing.prepare()
    auditing.tell_until(auditing.now)

    by_hand = {case.code for case in CASES if case.country != "CN" and case.asked_by != "schedule"}
    assert set(auditing.audits) == by_hand
    assert Entry.objects.filter(deed="request_audit").count() == len(auditing.audits) + 1
