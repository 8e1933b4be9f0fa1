"""What sources say becomes findings: flags, conclusions of audits, what a buyer enters by hand."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.findings import services
from assessments.findings.clocks import Dates
from assessments.findings.enums import Severity, Source
from assessments.findings.models import CorrectiveAction, Finding, FindingChange, FindingInspector
from portal.lib.errors import DomainError
from portal.trail.models import Entry
from tests.factories import cast, make_finding, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_finding(world.relationship, world.site, rule="A3-OVER-60", source_id=7)


def raised(world, **fields):
    values = {
        "site_id": world.site.pk,
        "relationship_id": world.relationship.pk,
        "source": Source.FLAG,
        "source_id": 7,
        "rule": "A3-OVER-60",
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "severity": "major",
        "text": {"en": "Too long."},
        "advice": {"en": "Plan."},
    }
    return services.Raised(**{**values, **fields})


def say(world, *items, checked=("A3-OVER-60",), source_id=7):
    keys = frozenset((world.site.pk, world.relationship.pk, rule) for rule in checked)
    return services.raise_findings(items, checked={source_id: keys}, source=Source.FLAG)


# 1. Flags ------------------------------------------------------------------------------
def test_new_flag_opens_one_finding_with_its_history(world):
    found = say(world, raised(world))
    finding = Finding.objects.get()
    assert found == {(world.site.pk, world.relationship.pk, "A3-OVER-60"): finding}
    assert list(FindingChange.objects.values_list("source", "target")) == [("", "open")]


def test_same_flag_again_writes_nothing(world):
    say(world, raised(world))
    before = list(Finding.objects.values())
    with CaptureQueriesContext(connection) as captured:
        say(world, raised(world))
    assert [entry["sql"][:6] for entry in captured if "SAVEPOINT" not in entry["sql"]] == ["SELECT"]
    assert list(Finding.objects.values()) == before


def test_same_flag_with_other_words_is_refreshed(world):
    say(world, raised(world))
    say(world, raised(world, severity="priority", text={"en": "90 hours."}))
    finding = Finding.objects.get()
    assert (finding.severity, finding.text) == ("priority", {"en": "90 hours."})


@pytest.mark.parametrize(
    ("checked", "source_id", "state", "reason"),
    [
        (["A3-OVER-60"], 7, "closed", "corrected"),
        (["A3-OVER-60"], 8, "closed", "newer"),
        (["B2-NO-DRILL"], 7, "open", ""),
        (["B2-NO-DRILL"], 8, "open", ""),
    ],
)
def test_flag_no_longer_said_closes_only_what_was_checked(world, finding, checked, source_id, state, reason):
    say(world, checked=checked, source_id=source_id)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason) == (state, reason)


@pytest.mark.parametrize(
    ("reason", "source_id", "expected"),
    [
        ("corrected", 7, ["open"]),
        ("mended", 7, ["closed"]),
        ("not_confirmed", 7, ["closed"]),
        ("mended", 8, ["closed", "open"]),
        ("newer", 8, ["closed", "open"]),
    ],
)
def test_flag_said_again_after_closing(world, finding, reason, source_id, expected):
    Finding.objects.update(state="closed", close_reason=reason)
    say(world, raised(world, source_id=source_id), source_id=source_id)
    assert list(Finding.objects.order_by("pk").values_list("state", flat=True)) == expected


# 2. Flags somebody has taken up -------------------------------------------------------------------
UNSETTLED = ("open", "disputed", "action_agreed", "in_progress", "done", "collaborative")


@pytest.mark.parametrize("state", UNSETTLED)
def test_unsettled_finding_is_kept_and_pointed_at_the_newest_source(world, finding, state):
    Finding.objects.update(state=state)
    say(world, raised(world, source_id=8), source_id=8)
    assert list(Finding.objects.values_list("state", "source_id")) == [(state, 8)]


@pytest.mark.parametrize("state", ["verified", "no_action", "closed"])
@pytest.mark.parametrize(("source_id", "count"), [(7, 1), (8, 2)])
def test_settled_finding_comes_back_only_by_a_new_source(world, finding, state, source_id, count):
    Finding.objects.update(state=state, close_reason="mended" if state == "closed" else "")
    say(world, raised(world, source_id=source_id), source_id=source_id)
    assert Finding.objects.count() == count
    assert Finding.objects.filter(recurrence_of=finding).count() == count - 1


@pytest.mark.parametrize(
    ("fields", "closes"),
    [
        ({}, True),
        ({"state": "disputed"}, True),
        ({"confirmed_at": timezone.now()}, False),
        ({"confirmed_at": timezone.now(), "state": "in_progress"}, False),
        ({"confirmed_at": timezone.now(), "state": "collaborative"}, False),
    ],
)
@pytest.mark.parametrize(("source_id", "reason"), [(7, "corrected"), (8, "newer")])
def test_flag_no_longer_said_leaves_what_a_person_confirmed(world, finding, fields, closes, source_id, reason):
    Finding.objects.update(**fields)
    say(world, checked=["A3-OVER-60"], source_id=source_id)
    expected = ("closed", reason) if closes else (fields.get("state", "open"), "")
    assert list(Finding.objects.values_list("state", "close_reason")) == [expected]


@pytest.mark.parametrize(("submitted_at", "state"), [(None, "closed"), (timezone.now(), "open")])
def test_flag_no_longer_said_leaves_one_whose_plan_was_handed_in(world, finding, submitted_at, state):
    CorrectiveAction.objects.create(finding=finding, updated_at=timezone.now(), submitted_at=submitted_at)
    say(world, checked=["A3-OVER-60"])
    assert Finding.objects.get().state == state


@pytest.mark.parametrize(
    ("target_state", "source_id", "count"), [("open", 7, 1), ("open", 8, 1), ("closed", 7, 1), ("closed", 8, 2)]
)
def test_merged_flag_stays_merged_while_the_other_finding_is_unsettled(world, finding, target_state, source_id, count):
    target = make_finding(world.relationship, world.site, source="audit", provision="A4", state=target_state)
    Finding.objects.filter(pk=finding.pk).update(state="closed", close_reason="merged", merged_into=target)
    found = say(world, raised(world, source_id=source_id), source_id=source_id)
    merged = Finding.objects.get(pk=finding.pk)
    assert (merged.state, merged.merged_into) == ("closed", target)
    assert Finding.objects.filter(source="flag").count() == count
    assert [found_one.pk == finding.pk for found_one in found.values()] == [count == 1]


@pytest.mark.parametrize(
    ("fields", "repeats"),
    [
        ({"state": "closed", "close_reason": "mended"}, True),
        ({"state": "closed", "close_reason": "newer"}, True),
        ({"state": "verified"}, True),
        ({"state": "no_action"}, True),
        ({"state": "verified", "source": "audit", "rule": "A3.1"}, True),
        ({"state": "closed", "close_reason": "not_confirmed"}, False),
        ({"state": "closed", "close_reason": "corrected"}, False),
        ({"state": "closed", "close_reason": "merged"}, False),
        ({"state": "verified", "provision": "A4"}, False),
        ({"state": "open", "source": "audit", "rule": "A3.1"}, False),
    ],
)
def test_new_flag_repeats_what_was_settled_at_its_provision(world, fields, repeats):
    before = make_finding(world.relationship, world.site, **{"rule": "A3-OVER-60", "source_id": 7, **fields})
    say(world, raised(world, source_id=8), source_id=8)
    newest = Finding.objects.latest("pk")
    assert newest.recurrence_of == (before if repeats else None) and newest.pk != before.pk


def test_recurrence_is_the_newest_of_this_site_and_this_buyer(world):
    older = {"state": "verified", "source": "grievance", "rule": "", "source_id": None}
    make_finding(world.relationship, world.site, opened_at=timezone.now() - timedelta(days=900), **older)
    newest = make_finding(world.relationship, world.site, opened_at=timezone.now() - timedelta(days=90), **older)
    make_finding(world.relationship, make_site(world.supplier), **older)
    make_finding(world.other_relationship, world.site, **older)
    (found,) = say(world, raised(world)).values()
    assert found.recurrence_of == newest


def test_a_batch_of_new_flags_takes_the_same_queries_for_one_and_thirty_sites(world):
    counts = []
    for sites in (1, 30):
        places = [make_site(world.supplier) for _ in range(sites)]
        items = [raised(world, site_id=site.pk) for site in places]
        keys = frozenset(item.key for item in items)
        with CaptureQueriesContext(connection) as captured:
            services.raise_findings(items, checked={7: keys}, source=Source.FLAG)
        counts.append([sql[:6] for sql in (entry["sql"] for entry in captured) if "SAVEPOINT" not in sql])
    assert counts == [["SELECT", "SELECT", "INSERT", "INSERT"]] * 2


# 3. Audits ----------------------------------------------------------------------------------------
DISCOVERED, REPORTED = date(2026, 11, 2), date(2026, 11, 20)
SOON = Dates(plan=date(2026, 11, 9), approval=date(2026, 11, 12), done=date(2026, 12, 2))
LATER = Dates(plan=date(2026, 12, 4), approval=date(2027, 1, 1), done=date(2027, 5, 19))


def concluded(world, rule="A3.1", **fields):
    values = {
        "source": Source.AUDIT,
        "source_id": 3,
        "rule": rule,
        "severity": "priority",
        "topic": "hours",
        "law": "Labour law, section 23",
        "firm_id": world.audit_firm.pk,
        "manager": "firm",
        "discovered_on": DISCOVERED,
        "dates": SOON,
    }
    return raised(world, **{**values, **fields})


def report(world, *items, inspectors=None):
    people = [world.carol] if inspectors is None else inspectors
    return services.raise_audit_findings(items, audit_id=3, inspectors=people)


def test_audit_finding_is_confirmed_at_birth_and_its_clock_runs(world):
    found = report(world, concluded(world))
    finding = Finding.objects.get()
    assert found == {"A3.1": finding}
    assert (finding.state, finding.confirmed_at is not None, finding.confirmed_by) == ("open", True, None)
    assert (finding.topic, finding.law, finding.manager) == ("hours", "Labour law, section 23", "firm")
    assert (finding.firm, finding.discovered_on, finding.reported_on) == (world.audit_firm, DISCOVERED, None)
    assert Dates(finding.plan_due_on, finding.approval_due_on, finding.done_due_on) == SOON
    assert (finding.next_due, finding.next_due_on) == ("plan", SOON.plan)
    assert list(FindingChange.objects.values_list("source", "target")) == [("", "open")]
    assert list(FindingInspector.objects.values_list("finding", "user")) == [(finding.pk, world.carol.pk)]


def test_release_reports_the_earlier_findings_and_raises_the_others(world):
    first = report(world, concluded(world))["A3.1"]
    found = report(
        world, concluded(world, reported_on=REPORTED), concluded(world, "B2.1", severity="minor", dates=LATER)
    )
    assert found["A3.1"] == first and Finding.objects.count() == 2
    stored = Finding.objects.get(pk=first.pk)
    assert (stored.reported_on, stored.next_due_on) == (REPORTED, SOON.plan)
    assert (found["B2.1"].next_due_on, found["B2.1"].recurrence_of) == (LATER.plan, None)


def test_raising_the_same_twice_writes_nothing(world):
    report(world, concluded(world))
    before = list(Finding.objects.values())
    report(world, concluded(world))
    assert list(Finding.objects.values()) == before and FindingChange.objects.count() == 1


def test_report_fills_dates_that_wait_for_it_and_leaves_extended_ones(world):
    finding = report(world, concluded(world, dates=Dates(plan=SOON.plan)))["A3.1"]
    Finding.objects.update(plan_due_on=date(2026, 11, 30))
    report(world, concluded(world, reported_on=REPORTED, dates=LATER))
    finding.refresh_from_db()
    assert (finding.plan_due_on, finding.done_due_on) == (date(2026, 11, 30), LATER.done)
    assert finding.next_due_on == date(2026, 11, 30)


def test_report_of_another_severity_sets_the_dates_anew(world):
    finding = report(world, concluded(world))["A3.1"]
    report(world, concluded(world, severity="major", reported_on=REPORTED, dates=LATER))
    finding.refresh_from_db()
    assert (finding.severity, finding.plan_due_on, finding.next_due_on) == ("major", LATER.plan, LATER.plan)


def test_report_keeps_the_clock_of_a_plan_that_was_handed_in(world):
    finding = report(world, concluded(world))["A3.1"]
    CorrectiveAction.objects.create(finding=finding, state="submitted", updated_at=timezone.now())
    report(world, concluded(world, severity="major", reported_on=REPORTED, dates=LATER))
    finding.refresh_from_db()
    assert (finding.next_due, finding.next_due_on) == ("approval", LATER.approval)


@pytest.mark.parametrize(
    ("state", "expected"), [("open", "not_confirmed"), ("disputed", "not_confirmed"), ("verified", "")]
)
def test_conclusion_that_did_not_stand_closes_its_finding(world, state, expected):
    finding = report(world, concluded(world))["A3.1"]
    Finding.objects.update(state=state)
    report(world, concluded(world, "B2.1"))
    finding.refresh_from_db()
    assert finding.close_reason == expected


@pytest.mark.parametrize(
    ("fields", "repeats"),
    [
        ({"source": "audit", "source_id": 2, "rule": "A3.1"}, True),
        ({"source": "audit", "source_id": 2, "rule": "A3.1", "state": "verified"}, True),
        ({"source": "audit", "source_id": 3, "rule": "A3.2"}, False),
        ({"confirmed_at": timezone.now()}, True),
        ({"confirmed_at": timezone.now(), "state": "closed", "close_reason": "not_confirmed"}, False),
        ({"provision": "A4", "confirmed_at": timezone.now()}, False),
        ({}, False),
    ],
)
def test_audit_finding_repeats_an_earlier_one_of_its_provision(world, fields, repeats):
    before = make_finding(world.relationship, world.site, **fields)
    found = report(world, concluded(world), *([concluded(world, "A3.2")] if fields.get("rule") == "A3.2" else []))
    assert found["A3.1"].recurrence_of_id == (before.pk if repeats else None)


def test_inspectors_are_those_named_and_nobody_else(world):
    new = make_user("new@test.example")
    report(world, concluded(world), concluded(world, "B2.1"))
    services.set_inspectors(source=Source.AUDIT, source_id=3, users=[new, world.carol])
    services.set_inspectors(source=Source.AUDIT, source_id=3, users=[new])
    assert list(FindingInspector.objects.values_list("finding__rule", "user").order_by("pk")) == [
        ("A3.1", new.pk),
        ("B2.1", new.pk),
    ]


# 4. By hand ---------------------------------------------------------------------------------------
def enter(world, **fields):
    values = {
        "relationship": world.relationship,
        "site": world.site,
        "source": Source.GRIEVANCE,
        "code_of_conduct": "rba-8.0",
        "provision": "A3",
        "severity": Severity.MAJOR,
        "text": "三人から長時間労働の訴え。",
        "actor": world.erin,
    }
    return services.enter_finding(**{**values, **fields})


def test_entered_finding_speaks_the_language_of_the_writer_and_its_clock_starts_today(world):
    world.erin.language = "ja"
    finding = Finding.objects.get(pk=enter(world).pk)
    today = timezone.localdate()
    assert (finding.text, finding.source_id, finding.rule) == ({"ja": "三人から長時間労働の訴え。"}, None, "")
    assert (finding.confirmed_by, finding.discovered_on, finding.manager) == (world.erin, today, "buyer")
    days = (finding.plan_due_on, finding.approval_due_on, finding.done_due_on)
    assert [(day - today).days for day in days] == [14, 42, 180]
    assert (finding.next_due, finding.next_due_on) == ("plan", finding.plan_due_on)
    assert list(FindingChange.objects.values_list("target", "actor")) == [("open", world.erin.pk)]
    entry = Entry.objects.get(deed="enter_finding")
    assert (entry.organisation_id, entry.detail) == (world.buyer.pk, {"kind": "grievance"})


def test_two_grievances_of_one_provision_are_two_findings_and_the_second_repeats(world):
    first, second = enter(world), enter(world)
    assert (first.recurrence_of, second.recurrence_of) == (None, first)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"source": Source.FLAG}, "source"),
        ({"source": Source.AUDIT}, "source"),
        ({"provision": "Z9"}, "provision"),
        ({"code_of_conduct": "nobody-1.0"}, "provision"),
    ],
)
def test_entered_finding_is_refused_with_a_sentence(world, fields, code):
    with pytest.raises(DomainError, match="Choose") as refused:
        enter(world, **fields)
    assert refused.value.code == code and not Finding.objects.exists()


def test_finding_at_a_site_of_another_supplier_is_refused(world):
    with pytest.raises(DomainError, match="does not belong to this supplier") as refused:
        enter(world, site=world.other_site)
    assert refused.value.code == "site" and not Entry.objects.filter(deed="enter_finding").exists()
