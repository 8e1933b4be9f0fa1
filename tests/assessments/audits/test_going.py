"""From the first day on site to the end of the validity: each step, who is told, what is refused, the sweeps."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.audits.enums import AuditState as State
from assessments.audits.models import Audit, AuditAssignment, Feedback
from assessments.audits.services import going, requesting
from assessments.findings.models import Finding, FindingInspector
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import cast, conclude, make_audit, make_membership, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def audit(world):
    """Scheduled, with carol leading, who has declared no conflict."""
    return make_audit(
        world.relationship,
        world.site,
        firm=world.audit_firm,
        auditors=[world.carol],
        state=State.SCHEDULED,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 6),
    )


def told(step):
    """Return who was mailed about a step."""
    return sorted(Mail.objects.filter(context__step=step).values_list("to_email", flat=True))


def take(audit, state, **fields):
    """Put an audit straight into a state."""
    Audit.objects.filter(pk=audit.pk).update(state=state, **fields)
    audit.refresh_from_db()
    return audit


# 1. On site ---------------------------------------------------------------------------------------
def test_start(audit, world):
    going.start_audit(audit=audit, actor=world.carol)
    stored = Audit.objects.get()
    assert (stored.state, stored.started_at is not None) == (State.IN_PROGRESS, True)
    entry = Entry.objects.get(deed="start_audit")
    assert (entry.actor, entry.organisation_id, entry.detail) == (
        world.carol,
        world.buyer.pk,
        {"name": world.site.name},
    )


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda audit: Audit.objects.filter(pk=audit.pk).update(firm=None), "no_firm"),
        (lambda audit: Audit.objects.filter(pk=audit.pk).update(starts_on=None), "no_days"),
        (lambda audit: audit.assignments.all().delete(), "no_lead"),
        (lambda audit: audit.assignments.update(is_lead=False), "no_lead"),
        (lambda audit: audit.assignments.update(has_conflict=True), "no_lead"),
        (lambda audit: audit.assignments.update(has_conflict=None), "undeclared"),
        (lambda audit: Audit.objects.filter(pk=audit.pk).update(state=State.ACCEPTED), "transition"),
    ],
)
def test_start_needs_firm_days_lead_and_every_declaration(audit, world, prepare, code):
    prepare(audit)
    audit.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        going.start_audit(audit=audit, actor=world.carol)
    assert refused.value.code == code
    assert not audit.changes.exists()


def test_present_and_acknowledge(audit, world):
    take(audit, State.IN_PROGRESS)
    with pytest.raises(DomainError) as refused:
        going.present_audit(audit=audit, actor=world.carol)
    assert refused.value.code == "empty"
    with pytest.raises(DomainError) as refused:
        going.acknowledge_audit(audit=audit, name="Alice", actor=world.alice)
    assert refused.value.code == "transition"
    conclude(audit, "priority", only=["A1"], description="Passports are kept")
    conclude(audit, "major", only=["A3"], description="Long weeks")
    going.present_audit(audit=audit, actor=world.carol)
    assert told("presented") == ["alice@test.example"]
    with pytest.raises(ConflictError):
        going.present_audit(audit=audit, actor=world.carol)
    with pytest.raises(DomainError) as refused:
        going.acknowledge_audit(audit=audit, name="  ", actor=world.alice)
    assert refused.value.code == "name"
    going.acknowledge_audit(audit=audit, name=" Alice A. ", actor=world.alice)
    stored = Audit.objects.get()
    assert (stored.state, stored.acknowledged_name, stored.acknowledged_by) == (
        State.ACKNOWLEDGED,
        "Alice A.",
        world.alice,
    )
    assert stored.acknowledged_at == audit.acknowledged_at is not None
    # Only what cannot wait for the report is raised at once.
    finding = Finding.objects.get()
    assert (finding.rule, finding.severity, finding.discovered_on, finding.reported_on) == (
        "A1",
        "priority",
        timezone.localdate(),
        None,
    )


def unsigned(audit, world, reason="The manager left the closing meeting"):
    return going.go_on_unsigned(audit=audit, reason=reason, actor=world.carol)


def test_without_the_signature_of_the_site(audit, world):
    take(audit, State.IN_PROGRESS, presented_at=timezone.now(), ends_on=timezone.localdate())
    conclude(audit, "priority", only=["A1"], description="Passports are kept")
    unsigned(audit, world, " Nobody answered on 5 and 6 May ")
    stored = Audit.objects.get()
    assert (stored.state, stored.acknowledged_name, stored.acknowledged_by, stored.acknowledged_at) == (
        State.ACKNOWLEDGED,
        "",
        None,
        None,
    )
    change = audit.changes.get()
    assert (change.target, change.reason, change.actor) == (
        State.ACKNOWLEDGED,
        "Nobody answered on 5 and 6 May",
        world.carol,
    )
    assert list(Finding.objects.values_list("rule", "severity")) == [("A1", "priority")]
    assert told("unsigned") == ["alice@test.example"]
    assert Entry.objects.get(deed="go_on_unsigned").detail == {"name": world.site.name, "reason": change.reason}
    with pytest.raises(DomainError) as refused:
        going.acknowledge_audit(audit=audit, name="Alice A.", actor=world.alice)
    assert refused.value.code == "transition"


@pytest.mark.parametrize(
    ("state", "fields", "reason", "code"),
    [
        (State.IN_PROGRESS, {}, "  ", "reason"),
        (State.IN_PROGRESS, {"presented_at": None}, "Refused", "transition"),
        (State.IN_PROGRESS, {"ends_on": timezone.localdate() + timedelta(days=1)}, "Refused", "early"),
        (State.IN_PROGRESS, {"ends_on": None}, "Refused", "early"),
        (State.ACKNOWLEDGED, {}, "Refused", "transition"),
        (State.SCHEDULED, {}, "Refused", "transition"),
    ],
)
def test_the_signature_is_waited_for_until_the_last_day(audit, world, state, fields, reason, code):
    today = timezone.localdate()
    take(audit, state, **{"presented_at": timezone.now(), "ends_on": today, **fields})
    with pytest.raises(DomainError) as refused:
        unsigned(audit, world, reason)
    assert refused.value.code == code
    assert (audit.changes.count(), Finding.objects.count(), told("unsigned")) == (0, 0, [])


# 2. The report ------------------------------------------------------------------------------------
def test_the_draft_gate_names_what_is_missing(audit, world):
    take(audit, State.ACKNOWLEDGED)
    conclude(audit)
    audit.conclusions.filter(checkpoint="A1").update(conclusion="major")
    audit.conclusions.filter(checkpoint="B2").update(data_points=["One"])
    with pytest.raises(DomainError) as refused:
        going.finish_draft(audit=audit, actor=world.carol)
    assert (refused.value.code, refused.value.detail) == (
        "draft",
        [{"checkpoint": "A1", "code": "no_description"}, {"checkpoint": "B2", "code": "few_data_points"}],
    )
    assert refused.value.message == "The draft is not whole: 2 things are missing, the first at A1."
    conclude(audit)
    going.finish_draft(audit=audit, actor=world.carol)
    going.hand_to_site(audit=audit, actor=world.carol)
    assert Audit.objects.get().state == State.FEEDBACK
    assert told("feedback") == ["alice@test.example"]


def test_nobody_who_left_the_firm_is_told(audit, world):
    take(audit, State.QUALITY_CHECK)
    world.carol.memberships.all().delete()
    going.return_to_draft(audit=audit, reason="C8 lacks the law", actor=world.frank)
    assert told("returned") == []


def test_feedback_quality_check_and_back(audit, world):
    take(audit, State.FEEDBACK)
    going.finish_feedback(audit=audit, actor=world.alice)
    assert told("quality") == ["carol@test.example", "frank@test.example"]
    with pytest.raises(DomainError) as refused:
        going.return_to_draft(audit=audit, reason=" ", actor=world.frank)
    assert refused.value.code == "reason"
    going.return_to_draft(audit=audit, reason="C8 lacks the law", actor=world.frank)
    assert told("returned") == ["carol@test.example"]
    assert Mail.objects.get(context__step="returned").context["note"] == "C8 lacks the law"
    assert list(audit.changes.order_by("pk").values_list("source", "target", "reason")) == [
        ("feedback", "quality_check", ""),
        ("quality_check", "draft", "C8 lacks the law"),
    ]


def test_release_raises_findings_dates_them_and_tells_both_sides(audit, world):
    take(audit, State.QUALITY_CHECK)
    conclude(audit)
    conclude(audit, "major", only=["A3"], description="Long weeks")
    going.release_audit(audit=audit, actor=world.frank)
    stored = Audit.objects.get()
    assert (stored.state, stored.released_on, stored.valid_until, stored.major, stored.finding_count) == (
        State.ACTIONS_OPEN,
        timezone.localdate(),
        date(2028, 5, 6),
        1,
        1,
    )
    finding = Finding.objects.get()
    assert (finding.source, finding.source_id, finding.rule, finding.reported_on) == (
        "audit",
        audit.pk,
        "A3",
        timezone.localdate(),
    )
    assert [row.user for row in FindingInspector.objects.all()] == [world.carol]
    assert told("released") == ["alice@test.example", "dave@test.example", "erin@test.example"]
    assert list(audit.changes.order_by("pk").values_list("target", "actor")) == [
        ("released", world.frank.pk),
        ("actions_open", None),
    ]


def test_release_without_findings_closes(audit, world):
    take(audit, State.QUALITY_CHECK)
    conclude(audit)
    going.release_audit(audit=audit, actor=world.frank)
    stored = Audit.objects.get()
    assert (stored.state, stored.recognition, Finding.objects.count()) == (State.CLOSED, "platinum", 0)


def test_release_waits_for_answers_to_the_feedback(audit, world):
    take(audit, State.QUALITY_CHECK)
    Feedback.objects.create(audit=audit, checkpoint="A3", text="We disagree", author=world.alice)
    with pytest.raises(DomainError) as refused:
        going.release_audit(audit=audit, actor=world.frank)
    assert (refused.value.code, Audit.objects.get().state) == ("unanswered", State.QUALITY_CHECK)


def test_of_two_releases_one_wins(audit, world):
    take(audit, State.QUALITY_CHECK)
    conclude(audit, "minor", only=["A3"], description="Long weeks")
    stale = Audit.objects.get()
    going.release_audit(audit=audit, actor=world.frank)
    with pytest.raises(ConflictError):
        going.release_audit(audit=stale, actor=world.frank)
    assert Finding.objects.count() == 1


# 3. Closure ---------------------------------------------------------------------------------------
@pytest.fixture
def followed(audit, world):
    """Released, with one finding done and one open, and a closure audit asked for."""
    take(audit, State.QUALITY_CHECK)
    conclude(audit)
    conclude(audit, "major", only=["A3", "B2"], description="Found")
    going.release_audit(audit=audit, actor=world.frank)
    return audit


def plan(audit, actor):
    return requesting.request_audit(
        relationship=audit.relationship,
        site=audit.site,
        programme_code=audit.programme.code,
        kind="closure",
        asked_by="buyer",
        firm=None,
        follows=audit,
        actor=actor,
    )


def test_a_closure_audit_sees_what_it_checks_from_its_first_day(followed, world):
    closure = plan(followed, world.dave)
    assert (closure.follows, closure.programme, Audit.objects.get(pk=followed.pk).state) == (
        followed,
        followed.programme,
        State.CLOSURE_SCHEDULED,
    )
    inspector = make_user("grace@test.example")
    make_membership(inspector, world.audit_firm, Role.AUDITOR)
    AuditAssignment.objects.create(audit=closure, user=inspector, is_lead=True, has_conflict=False)
    take(closure, State.SCHEDULED, firm=world.audit_firm, starts_on=TODAY, ends_on=TODAY)
    assert not FindingInspector.objects.filter(user=inspector).exists()
    going.start_audit(audit=closure, actor=inspector)
    seen = set(FindingInspector.objects.values_list("finding__rule", "user__email"))
    assert seen == {(rule, email) for rule in ("A3", "B2") for email in ("carol@test.example", "grace@test.example")}


@pytest.mark.parametrize(("settled", "state"), [(True, State.CLOSED), (False, State.ACTIONS_OPEN)])
def test_the_release_of_a_closure_audit_ends_the_waiting(followed, world, settled, state):
    closure = plan(followed, world.dave)
    if settled:
        Finding.objects.update(state="verified")
    take(closure, State.QUALITY_CHECK, firm=world.audit_firm, ends_on=TODAY)
    conclude(closure)
    going.release_audit(audit=closure, actor=world.frank)
    assert Audit.objects.get(pk=followed.pk).state == state
    assert (closure.state, closure.valid_until) == (State.CLOSED, None)


@pytest.mark.parametrize("deed", [requesting.cancel_audit, requesting.decline_audit])
def test_without_the_closure_audit_the_actions_are_open_again(followed, world, deed):
    closure = plan(followed, world.dave)
    deed(audit=closure, reason="No date", actor=world.dave)
    assert Audit.objects.get(pk=followed.pk).state == State.ACTIONS_OPEN


# 4. Sweeps ----------------------------------------------------------------------------------------
def test_settle_closes_what_is_settled_and_opens_what_is_not(followed, world):
    assert going.settle_audits() == 0
    Finding.objects.filter(rule="A3").update(state="verified")
    assert going.settle_audits() == 0
    Finding.objects.filter(rule="B2").update(state="no_action")
    assert going.settle_audits() == 1
    assert Audit.objects.get().state == State.CLOSED
    Finding.objects.filter(rule="B2").update(state="open")
    assert going.settle_audits() == 1
    assert (Audit.objects.get().state, going.settle_audits()) == (State.ACTIONS_OPEN, 0)


def test_settle_waits_for_a_closure_audit_that_is_going_on(followed, world):
    closure = plan(followed, world.dave)
    Finding.objects.update(state="verified")
    assert going.settle_audits() == 0
    take(closure, State.CANCELLED)
    assert going.settle_audits() == 1


def test_settle_raises_the_recognition(followed, world):
    Audit.objects.update(score=185)
    followed.refresh_from_db()
    assert followed.recognition == "silver"
    Finding.objects.filter(rule="A3").update(state="verified")
    going.settle_audits()
    assert Audit.objects.get().recognition == "silver"
    Finding.objects.filter(rule="B2").update(state="verified")
    going.settle_audits()
    assert Audit.objects.get().recognition == "gold"


def test_settle_costs_the_same_for_one_and_three(world, django_assert_max_num_queries):
    for _ in range(3):
        audit = make_audit(world.relationship, world.site, state=State.ACTIONS_OPEN, score=100)
        Finding.objects.create(
            site=world.site,
            relationship=world.relationship,
            source="audit",
            source_id=audit.pk,
            rule="A3",
            provision="A3",
            severity="priority",
            opened_at=timezone.now(),
        )
    with django_assert_max_num_queries(4):
        assert going.settle_audits() == 0


@pytest.mark.parametrize("state", [State.ACTIONS_OPEN, State.CLOSURE_SCHEDULED, State.CLOSED])
def test_expire_the_day_after_the_last_valid_one(world, state):
    today = timezone.localdate()
    over = make_audit(world.relationship, world.site, state=state, valid_until=today - timedelta(days=1))
    make_audit(world.relationship, world.site, state=state, valid_until=today)
    make_audit(world.relationship, world.site, state=state)
    assert going.expire_audits() == 1
    assert [audit.pk for audit in Audit.objects.filter(state=State.EXPIRED)] == [over.pk]
    assert going.expire_audits() == 0
