"""Who sees an audit and who may do what with it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments.audits.models import Audit, AuditAssignment
from assessments.audits.permissions import may, may_in
from assessments.audits.queries import visible_audits
from assessments.audits.queries.writing import form_audits
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership
from tests.factories import cast, make_audit, make_membership, make_organisation, make_relationship, make_user

pytestmark = pytest.mark.django_db
DEEDS = {
    "answer": {"alice"},
    "ask_again": {"dave", "erin"},
    "cancel": {"dave", "erin"},
    "choose_firm": {"dave", "erin"},
    "schedule": {"dave", "erin"},
    "plan_closure": {"dave", "erin"},
    "read_as_buyer": {"dave", "erin"},
    "read_as_site": {"alice", "bob"},
    "acknowledge": {"alice"},
    "give_feedback": {"alice"},
    "assign": {"frank"},
    "schedule_as_firm": {"frank"},
    "check_quality": {"frank"},
    "read_as_firm": {"carol", "frank"},
    "write": {"carol", "frank"},
    "start": {"carol", "frank"},
    "hand_over": {"carol", "frank"},
    "answer_feedback": {"carol", "frank"},
    "declare": {"carol"},
    "read_conclusions": {"carol", "frank"},
}
BY_THE_SITE = {
    "answer": {"dave", "erin"},
    "ask_again": {"alice"},
    "cancel": {"alice", "dave", "erin"},
}


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def audit(world):
    return make_audit(world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol])


def doers(world, deed, audit):
    return {name for name, person in world.people.items() if may(person, deed, audit)}


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_by_every_person(world, audit, deed):
    assert doers(world, deed, audit) == DEEDS[deed]


@pytest.mark.parametrize("deed", BY_THE_SITE)
def test_what_the_site_asked_for_is_answered_by_the_buyer(world, audit, deed):
    audit.asked_by = "site"
    assert doers(world, deed, audit) == BY_THE_SITE[deed]


def test_an_unknown_deed_is_a_mistake(world, audit):
    with pytest.raises(KeyError):
        may(world.erin, "burn", audit)


@pytest.mark.parametrize(
    ("fields", "readers"),
    [
        ({"state": "draft"}, {"carol", "frank"}),
        ({"state": "draft", "presented_at": "2026-05-04T10:00Z"}, {"alice", "bob", "carol", "frank"}),
        ({"state": "closed"}, {"alice", "bob", "carol", "frank", "dave", "erin"}),
    ],
)
def test_conclusions_are_read_by_the_firm_then_the_site_then_the_buyer(world, audit, fields, readers):
    Audit.objects.filter(pk=audit.pk).update(**fields)
    audit.refresh_from_db()
    assert doers(world, "read_conclusions", audit) == readers


def seen(person):
    return set(visible_audits(person))


def test_an_auditor_sees_assigned_audits_alone(world, audit):
    grace = make_user("grace@test.example")
    make_membership(grace, world.audit_firm, Role.AUDITOR)
    other = make_audit(world.other_relationship, world.other_site, firm=world.audit_firm)
    foreign = make_audit(world.other_relationship, world.other_site, firm=make_organisation())
    assert {name: seen(person) for name, person in world.people.items()} == {
        "alice": {audit},
        "bob": {audit},
        "carol": {audit},
        "frank": {audit, other},
        "dave": {audit},
        "erin": {audit},
        "mallory": {other, foreign},
        "trent": {other, foreign},
        "anonymous": set(),
    }
    assert seen(grace) == set()


def test_a_conflict_or_leaving_the_firm_ends_the_sight(world, audit):
    mine = audit.assignments.get()
    mine.has_conflict = True
    mine.save()
    assert seen(world.carol) == set()
    mine.has_conflict = None
    mine.save()
    assert seen(world.carol) == {audit}
    Membership.objects.filter(user=world.carol).delete()
    assert seen(world.carol) == set()


def test_nobody_writes_before_declaring_nor_with_a_conflict(world, audit):
    mine = audit.assignments.get()
    mine.has_conflict = None
    mine.save()
    assert (doers(world, "write", audit), doers(world, "declare", audit)) == ({"frank"}, {"carol"})
    AuditAssignment.objects.create(audit=audit, user=world.frank, has_conflict=True)
    assert (doers(world, "write", audit), doers(world, "check_quality", audit)) == (set(), set())
    assert (doers(world, "assign", audit), seen(world.frank)) == ({"frank"}, {audit})


@pytest.mark.parametrize("has_conflict", [None, False, True])
@pytest.mark.parametrize("name", ["carol", "frank", "alice", "erin"])
def test_the_form_asks_the_same_right_in_sql(world, audit, name, has_conflict):
    person = getattr(world, name)
    AuditAssignment.objects.update_or_create(audit=audit, user=person, defaults={"has_conflict": has_conflict})
    found = form_audits(person).filter(pk=audit.pk).first()
    assert (found is not None and found.can_write) == (found is not None and may(person, "write", audit))


def test_a_buyer_narrowed_to_a_region_sees_and_follows_its_audits_alone(world, audit):
    far = make_audit(make_relationship(world.buyer, region="Europe"))
    narrow = make_user("narrow@test.example")
    make_membership(narrow, world.buyer, Role.BUYER_ADMINISTRATOR, scopes={"region": ["Europe"]})
    assert seen(narrow) == {far}
    assert (may(narrow, "cancel", far), may(narrow, "cancel", audit)) == (True, False)
    # What reaches every site is not for somebody who sees a part.
    assert {deed: may_in(narrow, deed, world.buyer) for deed in WHOLE} == {
        "request_audit": True,
        "read_reports": True,
        "manage_firms": False,
        "manage_programmes": False,
        "manage_schedules": False,
    }


WHOLE = {
    "request_audit": {"dave", "erin"},
    "read_reports": {"dave", "erin"},
    "manage_firms": {"erin"},
    "manage_programmes": {"erin"},
    "manage_schedules": {"dave", "erin"},
}


@pytest.mark.parametrize("deed", WHOLE)
def test_deeds_for_all_audits_of_a_buyer(world, deed):
    people = {**world.people, "anonymous": AnonymousUser()}
    assert {name for name, person in people.items() if may_in(person, deed, world.buyer)} == WHOLE[deed]
