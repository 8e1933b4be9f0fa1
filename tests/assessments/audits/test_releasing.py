"""From conclusions to findings: at the acknowledgement, at release, in a closure audit; validity and recognition."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assessments.audits.models import Audit
from assessments.audits.services.releasing import date_validity, raise_from_audit, refresh_recognition
from assessments.findings.models import Finding
from portal.trail.models import Entry
from tests.factories import cast, conclude, make_audit, make_finding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def audit(world, today):
    """An audit of the site whose last day was five days ago, with one finding of each severity."""
    audit = make_audit(
        world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol], state="in_progress",
        starts_on=today - 7 * DAY, ends_on=today - 5 * DAY,
    )  # fmt: skip
    conclude(audit)
    conclude(
        audit, "priority", only=["A3"], description="84 hours in week 12.", law="Labour act 23", updated_by=world.carol
    )
    conclude(audit, "major", only=["B2"], description="No drill since May.", root_cause="Nobody is in charge.")
    conclude(audit, "minor", only=["E6"])
    return audit


def told(finding):
    """What a finding says and when it is due."""
    return (
        finding.rule, finding.severity, finding.state, finding.manager, finding.discovered_on, finding.reported_on,
        finding.plan_due_on, finding.approval_due_on, finding.done_due_on,
    )  # fmt: skip


def release(audit):
    """Mark the audit as released today, as the lifecycle does."""
    audit.released_on = timezone.localdate()
    Audit.objects.filter(pk=audit.pk).update(state="released", released_on=audit.released_on)


def test_acknowledgement_raises_the_priority_findings_with_clocks_from_today(world, audit, today):
    found = raise_from_audit(audit, only_priority=True, actor=world.alice)

    assert [told(one) for one in found.values()] == [
        ("A3", "priority", "open", "firm", today, None, today + 7 * DAY, today + 10 * DAY, today + 90 * DAY)
    ]
    finding = Finding.objects.get()
    assert (finding.source, finding.source_id, finding.site, finding.relationship) == (
        "audit", audit.pk, world.site, world.relationship,
    )  # fmt: skip
    assert (finding.code_of_conduct, finding.provision, finding.topic) == ("rba-8.0", "A3", "")
    assert (finding.text, finding.advice, finding.law) == ({"en": "84 hours in week 12."}, {}, "Labour act 23")
    assert finding.firm == world.audit_firm
    assert list(finding.inspectors.values_list("user", flat=True)) == [world.carol.pk]
    assert audit.conclusions.get(finding=finding).checkpoint == "A3"
    entry = Entry.objects.get(deed="raise_audit_findings")
    assert (entry.actor, entry.organisation_id) == (world.alice, world.buyer.pk)
    assert entry.detail == {"count": 1, "only_priority": True}


def test_release_raises_the_others_and_tells_the_earlier_of_the_report(world, audit, today):
    raise_from_audit(audit, only_priority=True, actor=world.alice)
    release(audit)

    found = raise_from_audit(audit, only_priority=False, actor=world.frank)

    assert {rule: told(one) for rule, one in found.items()} == {
        "A3": ("A3", "priority", "open", "firm", today, today, today + 7 * DAY, today + 10 * DAY, today + 90 * DAY),
        "B2": (
            "B2", "major", "open", "buyer", today - 5 * DAY, today,
            today + 14 * DAY, today + 42 * DAY, today + 180 * DAY,
        ),
        "E6": (
            "E6", "minor", "open", "buyer", today - 5 * DAY, today,
            today + 14 * DAY, today + 42 * DAY, today + 270 * DAY,
        ),
    }  # fmt: skip
    assert found["B2"].topic == "safety_environment"
    assert (found["B2"].text, found["B2"].advice) == (
        {"en": "No drill since May."},
        {"en": "Nobody is in charge."},
    )
    assert sorted(found["E6"].text) == ["en", "ja", "th", "zh-hans"]  # not described: the title of the checkpoint
    assert raise_from_audit(audit, only_priority=False, actor=None).keys() == found.keys()
    assert Finding.objects.count() == 3


def test_words_of_a_finding_are_in_the_language_of_their_writer(world, audit):
    world.carol.language = "ja"
    world.carol.save()
    conclude(
        audit, "priority", only=["A3"], description="週84時間。", root_cause="計画がない。", updated_by=world.carol
    )

    finding = raise_from_audit(audit, only_priority=True, actor=None)["A3"]

    assert (finding.text, finding.advice) == ({"ja": "週84時間。"}, {"ja": "計画がない。"})


def test_a_topic_the_auditor_chose_has_its_own_clock(world, audit, today):
    conclude(audit, "priority", only=["A3"], topic="hours_insurance")

    early = raise_from_audit(audit, only_priority=True, actor=None)["A3"]
    release(audit)
    late = raise_from_audit(audit, only_priority=False, actor=None)["A3"]

    assert told(early)[6:] == (None, None, None)  # it runs from the report, which is not out
    assert told(late)[6:] == (today + 14 * DAY, today + 42 * DAY, today + 180 * DAY)


def test_a_priority_finding_that_did_not_stand_is_closed_at_release(world, audit):
    finding = raise_from_audit(audit, only_priority=True, actor=None)["A3"]
    conclude(audit, "conform", only=["A3"])
    release(audit)

    found = raise_from_audit(audit, only_priority=False, actor=world.frank)

    finding.refresh_from_db()
    assert (finding.state, finding.close_reason, sorted(found)) == ("closed", "not_confirmed", ["B2", "E6"])


def test_an_audit_without_a_firm_leaves_its_actions_to_the_buyer(world, audit):
    audit.firm = None
    assert raise_from_audit(audit, only_priority=True, actor=None)["A3"].manager == "buyer"


def test_a_closure_audit_repeats_what_it_finds_again(world, audit, today):
    release(audit)
    first = raise_from_audit(audit, only_priority=False, actor=None)
    other = make_finding(world.relationship, world.site, provision="A4", confirmed_at=timezone.now())
    closure = make_audit(
        world.relationship,
        world.site,
        kind="closure",
        follows=audit,
        ends_on=today,
        state="released",
        released_on=today,
    )
    conclude(closure, "not_reviewed")
    conclude(closure, "major", only=["A3"])
    conclude(closure, "minor", only=["A4", "C1"])
    conclude(closure, "conform", only=["B2", "E6"])

    again = raise_from_audit(closure, only_priority=False, actor=None)

    assert {rule: one.recurrence_of_id for rule, one in again.items()} == {
        "A3": first["A3"].pk,
        "A4": other.pk,
        "C1": None,
    }


@pytest.mark.parametrize(
    ("kind", "ends_on", "valid_until"),
    [
        ("initial", date(2026, 3, 31), date(2028, 3, 31)),
        ("initial", date(2024, 2, 29), date(2026, 2, 28)),
        ("closure", date(2026, 3, 31), None),
    ],
)
def test_validity_runs_from_the_last_day_on_site(kind, ends_on, valid_until):
    audit = make_audit(kind=kind, ends_on=ends_on)
    date_validity(audit)
    assert audit.valid_until == Audit.objects.get().valid_until == valid_until


def test_recognition_rises_as_findings_are_settled(world, audit):
    audit.score = Decimal("185.0")
    release(audit)
    found = raise_from_audit(audit, only_priority=False, actor=None)

    levels = [refresh_recognition(audit)]
    for rule, state in (("A3", "verified"), ("B2", "no_action"), ("E6", "closed")):
        Finding.objects.filter(pk=found[rule].pk).update(state=state)
        levels.append(refresh_recognition(audit))

    assert levels == ["", "silver", "gold", "gold"]
    assert Audit.objects.get().recognition == "gold"
