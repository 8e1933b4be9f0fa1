"""From the wish to the team: ask, answer, firm, days, auditors, declarations."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.audits.enums import AuditState as State
from assessments.audits.models import Audit, AuditAssignment, Engagement
from assessments.audits.services import requesting
from assessments.audits.services.telling import tell_people
from assessments.findings.models import FindingInspector
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from portal.notices.queries import render_mail
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Relationship, Site
from tests.factories import cast, make_audit, make_finding, make_membership, make_organisation, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = cast()
    Engagement.objects.create(buyer=world.buyer, firm=world.audit_firm)
    return world


def ask(world, **fields):
    values = {
        "relationship": world.relationship,
        "site": world.site,
        "programme_code": "rba-vap-style",
        "kind": "initial",
        "asked_by": "buyer",
        "actor": world.dave,
    }
    return requesting.request_audit(**{**values, **fields})


def told(step):
    return sorted(Mail.objects.filter(context__step=step).values_list("to_email", flat=True))


def refused(deed, **kwargs):
    """Return the code of the refusal."""
    with pytest.raises(DomainError) as error:
        deed(**kwargs)
    return error.value.code


# 1. Ask and answer --------------------------------------------------------------------------------
def test_the_buyer_asks_and_the_site_is_told(world):
    audit = ask(world, reason=" High risk ", preferred_on=date(2027, 1, 11), payer="shared", firm=world.audit_firm)
    stored = Audit.objects.get()
    assert (stored.state, stored.asked_by, stored.asker, stored.reason, stored.payer, stored.firm) == (
        State.REQUESTED,
        "buyer",
        world.dave,
        "High risk",
        "shared",
        world.audit_firm,
    )
    assert (stored.programme.code, stored.kind, stored.preferred_on) == (
        "rba-vap-style",
        "initial",
        date(2027, 1, 11),
    )
    assert told("requested") == ["alice@test.example"]
    entry = Entry.objects.get(deed="request_audit")
    assert (entry.thing_id, entry.detail) == (str(audit.pk), {"name": world.site.name, "kind": "initial"})


def test_the_site_asks_and_the_buyers_people_are_told_within_their_scopes(world):
    far = make_user("far@test.example")
    make_membership(far, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    near = make_user("near@test.example")
    make_membership(near, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    make_membership(make_user("reader@test.example"), world.buyer, Role.BUYER_READER)
    ask(world, asked_by="site", actor=world.alice)
    assert told("requested") == ["dave@test.example", "erin@test.example", "near@test.example"]


def test_the_mail_speaks_the_readers_language_and_links_to_the_audit(world):
    audit = ask(world)
    words = render_mail(Mail.objects.get(), {})
    assert words.subject == f"Buyer asks for an audit of {world.site.name}"
    assert f"Buyer asks for an audit of {world.site.name}: Initial audit. Please accept it" in words.text
    assert words.text.rstrip().endswith(f"/audits/{audit.pk}/")
    world.alice.language = "ja"
    world.alice.save()
    requesting.decline_audit(audit=audit, reason="Moving", actor=world.alice)
    requesting.ask_again(audit=audit, actor=world.dave)
    assert Mail.objects.latest("pk").context["kind"] == "初回監査"


STEPS = (
    "requested", "accepted", "declined", "firm", "scheduled", "assigned", "conflict", "presented", "unsigned",
    "feedback", "quality", "returned", "released", "cancelled",
)  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_subject_and_a_sentence(world, step):
    tell_people(make_audit(world.relationship, world.site), step, [world.alice], event=1, note="The note")
    words = render_mail(Mail.objects.get(), {})
    assert world.site.name in words.subject
    assert world.site.name in words.text.splitlines()[2] and "The note" in words.text


def test_what_cannot_be_audited_is_refused(world):
    closed = make_site(world.supplier, closed_on=date(2026, 1, 1))
    first = make_audit(world.relationship, make_site(world.supplier), state="actions_open")
    codes = {
        "site": refused(ask, world=world, site=world.other_site),
        "site_closed": refused(ask, world=world, site=closed),
        "programme": refused(ask, world=world, programme_code="unknown"),
        "kind": refused(ask, world=world, kind="surprise"),
        "follows": refused(ask, world=world, kind="closure"),
        "follows of a first one": refused(ask, world=world, follows=first),
        "not_engaged": refused(ask, world=world, firm=make_organisation()),
    }
    assert codes == {**{code: code for code in codes}, "follows of a first one": "follows"}
    ask(world)
    assert refused(ask, world=world) == "going"
    world.relationship.ended_on, world.relationship.end_reason = timezone.localdate(), "closed"
    world.relationship.save()
    assert refused(ask, world=world, site=make_site(world.supplier)) == "ended"
    assert Audit.objects.count() == 2


def test_accept_tells_who_asked_and_the_firm(world):
    audit = ask(world, firm=world.audit_firm)
    requesting.accept_audit(audit=audit, actor=world.alice)
    assert (Audit.objects.get().state, told("accepted")) == (
        State.ACCEPTED,
        ["dave@test.example", "frank@test.example"],
    )


def test_decline_needs_a_reason_and_can_be_asked_again(world):
    audit = ask(world)
    assert refused(requesting.decline_audit, audit=audit, reason=" ", actor=world.alice) == "reason"
    requesting.decline_audit(audit=audit, reason="We move in May", actor=world.alice)
    assert (audit.changes.get().reason, told("declined")) == ("We move in May", ["dave@test.example"])
    requesting.ask_again(audit=audit, actor=world.dave)
    assert (Audit.objects.get().state, told("requested")) == (State.REQUESTED, ["alice@test.example"] * 2)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda world, day: Site.objects.filter(pk=world.site.pk).update(closed_on=day), "site_closed"),
        (lambda world, day: Relationship.objects.update(ended_on=day, end_reason="closed"), "ended"),
    ],
)
def test_what_ended_since_is_not_asked_for_again(world, end, code):
    audit = make_audit(world.relationship, world.site, state="declined")
    end(world, timezone.localdate())
    audit = Audit.objects.get()
    assert refused(requesting.ask_again, audit=audit, actor=world.dave) == code
    assert Audit.objects.get().state == State.DECLINED


def test_an_audit_by_schedule_is_answered_to_everybody_who_follows(world):
    audit = ask(world, asked_by="schedule", actor=None)
    requesting.accept_audit(audit=audit, actor=world.alice)
    assert told("accepted") == ["dave@test.example", "erin@test.example"]


def test_cancel_tells_everybody_on_it_but_who_did_it(world):
    audit = make_audit(
        world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol], state=State.SCHEDULED
    )
    requesting.cancel_audit(audit=audit, reason="The plant burned", actor=world.dave)
    assert (Audit.objects.get().state, told("cancelled")) == (
        State.CANCELLED,
        ["alice@test.example", "carol@test.example", "erin@test.example", "frank@test.example"],
    )


# 2. Firm and days ---------------------------------------------------------------------------------
def test_another_firm_takes_the_audit_over_without_the_first_ones_auditors(world):
    audit = make_audit(
        world.relationship, world.site, firm=make_organisation(), auditors=[make_user()], state="accepted"
    )
    requesting.choose_firm(audit=audit, firm=world.audit_firm, actor=world.dave)
    assert (Audit.objects.get().firm, AuditAssignment.objects.count(), told("firm")) == (
        world.audit_firm,
        0,
        ["frank@test.example"],
    )
    requesting.choose_firm(audit=audit, firm=world.audit_firm, actor=world.dave)
    assert told("firm") == ["frank@test.example"]


def test_a_firm_that_is_not_engaged_or_comes_too_late_is_refused(world):
    audit = make_audit(world.relationship, world.site, state="accepted")
    assert refused(requesting.choose_firm, audit=audit, firm=make_organisation(), actor=world.dave) == "not_engaged"
    Audit.objects.update(state=State.IN_PROGRESS)
    assert refused(requesting.choose_firm, audit=audit, firm=world.audit_firm, actor=world.dave) == "transition"


def test_days_are_set_and_changed_and_everybody_is_told_each_time(world):
    audit = make_audit(world.relationship, world.site, firm=world.audit_firm, auditors=[world.carol], state="accepted")
    first, last = date(2027, 3, 1), date(2027, 3, 3)
    for _twice in range(2):
        requesting.schedule_audit(audit=audit, starts_on=first, ends_on=last, actor=world.frank)
    people = ["alice@test.example", "carol@test.example", "frank@test.example"]
    assert (Audit.objects.get().state, told("scheduled")) == (State.SCHEDULED, people)
    requesting.schedule_audit(audit=audit, starts_on=first, ends_on=first, actor=world.dave)
    assert (Audit.objects.get().ends_on, audit.changes.count()) == (first, 1)
    assert told("scheduled") == sorted(people * 2)


@pytest.mark.parametrize(("length", "code"), [(-1, "order"), (61, "too_long")])
def test_days_in_the_wrong_order_or_too_many(world, length, code):
    audit = make_audit(world.relationship, world.site, state="accepted")
    first = date(2027, 3, 1)
    last = first + timedelta(days=length)
    assert refused(requesting.schedule_audit, audit=audit, starts_on=first, ends_on=last, actor=world.dave) == code


@pytest.mark.parametrize("first", [date(1, 1, 1), date(1999, 12, 31), date(2100, 1, 1), date(9999, 12, 31)])
def test_a_mistyped_year_is_refused(world, first):
    """A report of the year 9999 could never be released: nothing is valid for two years more."""
    audit = make_audit(world.relationship, world.site, state="accepted")
    assert refused(requesting.schedule_audit, audit=audit, starts_on=first, ends_on=first, actor=world.dave) == "year"


# 3. The team --------------------------------------------------------------------------------------
@pytest.fixture
def accepted(world):
    return make_audit(world.relationship, world.site, firm=world.audit_firm, state="accepted")


@pytest.fixture
def grace(world):
    user = make_user("grace@test.example")
    make_membership(user, world.audit_firm, Role.AUDITOR)
    return user


def test_auditors_are_assigned_and_asked_to_declare(world, accepted, grace):
    requesting.assign_auditors(audit=accepted, users=[world.carol, grace], lead=grace, actor=world.frank)
    rows = AuditAssignment.objects.order_by("pk").values_list("user__email", "is_lead", "has_conflict")
    assert list(rows) == [("carol@test.example", False, None), ("grace@test.example", True, None)]
    assert told("assigned") == ["carol@test.example", "grace@test.example"]
    requesting.declare_interest(assignment=accepted.assignments.get(user=grace), has_conflict=False, actor=grace)
    # Who stays keeps the declaration and gets no second mail; who is left out leaves.
    requesting.assign_auditors(audit=accepted, users=[grace], lead=grace, actor=world.frank)
    rows = AuditAssignment.objects.values_list("user__email", "is_lead", "has_conflict")
    assert (list(rows), len(told("assigned"))) == ([("grace@test.example", True, False)], 2)


def test_a_team_of_strangers_or_without_its_lead_is_refused(world, accepted, grace):
    def assign(audit, users, lead):
        return refused(requesting.assign_auditors, audit=audit, users=users, lead=lead, actor=world.frank)

    homeless = make_audit(world.relationship, make_site(world.supplier), state="accepted")
    assert assign(accepted, [world.carol], grace) == "lead"
    assert assign(accepted, [world.carol, world.dave], world.carol) == "stranger"
    assert assign(homeless, [world.carol], world.carol) == "no_firm"
    Audit.objects.update(state="requested")
    assert assign(accepted, [world.carol], world.carol) == "transition"


def test_a_conflict_takes_the_auditor_off_and_tells_the_manager(world, accepted, grace):
    requesting.assign_auditors(audit=accepted, users=[world.carol, grace], lead=world.carol, actor=world.frank)
    finding = make_finding(world.relationship, world.site, source="audit", source_id=accepted.pk, rule="A3")
    FindingInspector.objects.create(finding=finding, user=world.carol)
    mine = accepted.assignments.get(user=world.carol)
    with pytest.raises(DomainError) as error:
        requesting.declare_interest(assignment=mine, has_conflict=True, actor=world.carol)
    assert error.value.code == "reason"
    requesting.declare_interest(
        assignment=mine, has_conflict=True, statement="I worked there until 2024", actor=world.carol
    )
    mine.refresh_from_db()
    assert (mine.has_conflict, mine.is_lead, mine.declared_at is not None) == (True, False, True)
    assert [row.user for row in FindingInspector.objects.all()] == [grace]
    mail = Mail.objects.get(context__step="conflict")
    assert (mail.to_email, mail.context["note"]) == ("frank@test.example", "Carol: I worked there until 2024")
    again = {"audit": accepted, "users": [world.carol], "lead": world.carol, "actor": world.frank}
    assert refused(requesting.assign_auditors, **again) == "conflict"
    # The record of it stays when the team changes.
    requesting.assign_auditors(audit=accepted, users=[grace], lead=grace, actor=world.frank)
    assert AuditAssignment.objects.filter(user=world.carol, has_conflict=True).exists()


def test_a_declaration_is_ones_own_and_given_once(world, accepted, grace):
    requesting.assign_auditors(audit=accepted, users=[grace], lead=grace, actor=world.frank)
    mine = accepted.assignments.get()
    assert refused(requesting.declare_interest, assignment=mine, has_conflict=False, actor=world.frank) == "not_own"
    requesting.declare_interest(assignment=mine, has_conflict=False, actor=grace)
    with pytest.raises(ConflictError):
        requesting.declare_interest(assignment=mine, has_conflict=False, actor=grace)
    requesting.declare_interest(assignment=mine, has_conflict=True, statement="A cousin works there", actor=grace)
    with pytest.raises(ConflictError):
        requesting.declare_interest(assignment=mine, has_conflict=True, statement="Again", actor=grace)
