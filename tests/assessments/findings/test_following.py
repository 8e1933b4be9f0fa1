"""What is decided about a finding: every deed, whom it refuses, and what the record keeps."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.findings import services
from assessments.findings.enums import CloseReason
from assessments.findings.models import CorrectiveAction, Finding, FindingChange, FindingInspector
from assessments.findings.permissions import may
from assessments.findings.services.telling import tell
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from portal.notices.queries import render_mail
from portal.trail.models import Entry
from suppliers.organisations.enums import Role
from tests.factories import cast, make_finding, make_membership, make_site, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return cast()


@pytest.fixture
def finding(world):
    return make_finding(world.relationship, world.site, rule="A3-OVER-60", source_id=7)


# 1. Close and reopen -------------------------------------------------------------------------------
def test_close_writes_reason_note_date_and_record(world, finding):
    services.close_finding(finding=finding, reason=CloseReason.MENDED, note="Rotas seen.", actor=world.erin)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.closed_at is not None) == ("closed", "mended", True)
    assert list(FindingChange.objects.values_list("target", "reason", "actor")) == [
        ("closed", "Rotas seen.", world.erin.pk)
    ]
    entry = Entry.objects.get(deed="close_finding")
    assert (entry.actor, entry.organisation_id) == (world.erin, world.buyer.pk)


def test_reopen_clears_reason_and_date(world, finding):
    services.close_finding(finding=finding, reason=CloseReason.NOT_CONFIRMED, note="No.", actor=world.erin)
    services.reopen_finding(finding=finding, note="New facts.", actor=world.dave)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.closed_at) == ("open", "", None)
    assert Entry.objects.filter(deed="reopen_finding", actor=world.dave).count() == 1


def test_second_of_two_who_close_at_once_gets_a_conflict(world, finding):
    same = Finding.objects.get()
    services.close_finding(finding=finding, reason=CloseReason.MENDED, note="First.", actor=world.erin)
    with pytest.raises(ConflictError, match="Reload the page"):
        services.close_finding(finding=same, reason=CloseReason.NOT_CONFIRMED, note="Second.", actor=world.dave)
    assert Finding.objects.get().close_reason == "mended"
    assert FindingChange.objects.count() == 1


# 2. Confirm and dismiss ---------------------------------------------------------------------------
def test_confirming_starts_the_clock_of_the_severity_today(world, finding):
    services.confirm_finding(finding=finding, actor=world.dave)
    stored, today = Finding.objects.get(), timezone.localdate()
    assert (stored.confirmed_by, stored.confirmed_at is not None, stored.discovered_on) == (world.dave, True, today)
    days = (stored.plan_due_on, stored.approval_due_on, stored.done_due_on)
    assert [(day - today).days for day in days] == [14, 42, 180]
    assert (stored.next_due, stored.next_due_on) == ("plan", stored.plan_due_on)
    assert (finding.next_due_on, stored.is_unconfirmed_flag) == (stored.next_due_on, False)
    entry = Entry.objects.get(deed="confirm_finding")
    assert (entry.actor, entry.organisation_id) == (world.dave, world.buyer.pk)


def test_confirming_after_the_plan_was_handed_in_awaits_its_approval(world, finding):
    CorrectiveAction.objects.create(finding=finding, state="submitted", updated_at=timezone.now())
    services.confirm_finding(finding=finding, actor=world.dave)
    assert Finding.objects.get().next_due == "approval"


def test_dismissing_closes_with_the_note(world, finding):
    services.dismiss_finding(finding=finding, note="The unit was wrong.", actor=world.dave)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.confirmed_at) == ("closed", "not_confirmed", None)
    assert list(FindingChange.objects.values_list("target", "reason")) == [("closed", "The unit was wrong.")]
    assert Entry.objects.filter(deed="dismiss_finding", actor=world.dave).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": timezone.now()},
        {"source": "audit", "confirmed_at": timezone.now()},
        {"state": "closed", "close_reason": "newer"},
    ],
)
def test_what_waits_for_nobody_is_neither_confirmed_nor_dismissed(world, fields):
    finding = make_finding(world.relationship, world.site, **fields)
    for deed in (
        lambda: services.confirm_finding(finding=finding, actor=world.dave),
        lambda: services.dismiss_finding(finding=finding, note="No.", actor=world.dave),
    ):
        with pytest.raises(DomainError, match="does not wait to be confirmed") as refused:
            deed()
        assert refused.value.code == "confirmed"
    assert not FindingChange.objects.exists() and not Entry.objects.filter(deed__endswith="_finding").exists()


def test_one_confirms_while_another_dismisses_one_wins(world, finding):
    same = Finding.objects.get()
    services.dismiss_finding(finding=finding, note="No.", actor=world.dave)
    with pytest.raises(ConflictError, match="Reload the page"):
        services.confirm_finding(finding=same, actor=world.erin)
    assert (Finding.objects.get().confirmed_at, Finding.objects.get().plan_due_on) == (None, None)


# 3. Merge -----------------------------------------------------------------------------------------
def test_merging_closes_and_points_at_the_other_with_all_merged_before(world, finding):
    target = make_finding(world.relationship, world.site, source="audit")
    earlier = make_finding(world.relationship, world.site, state="closed", close_reason="merged", merged_into=finding)
    services.merge_finding(finding=finding, into=target, note="Same line.", actor=world.dave)
    stored = Finding.objects.get(pk=finding.pk)
    assert (stored.state, stored.close_reason, stored.merged_into) == ("closed", "merged", target)
    assert Finding.objects.get(pk=earlier.pk).merged_into == target
    entry = Entry.objects.get(deed="merge_finding")
    assert (entry.thing_id, entry.detail) == (str(finding.pk), {"into": target.pk})


def test_a_merged_finding_opened_again_stands_on_its_own(world, finding):
    target = make_finding(world.relationship, world.site)
    services.merge_finding(finding=finding, into=target, note="Same.", actor=world.dave)
    services.reopen_finding(finding=finding, note="It is not.", actor=world.dave)
    stored = Finding.objects.get(pk=finding.pk)
    assert (stored.state, stored.close_reason, stored.merged_into) == ("open", "", None)


@pytest.mark.parametrize(
    ("target", "code"),
    [("itself", "merge_target"), ("settled", "merge_target"), ("elsewhere", "merge_place"), ("audit", "merge_audit")],
)
def test_merging_what_does_not_belong_together_is_refused(world, finding, target, code):
    others = {
        "itself": finding,
        "settled": make_finding(world.relationship, world.site, state="verified"),
        "elsewhere": make_finding(world.relationship, make_site(world.supplier)),
        "audit": make_finding(world.relationship, world.site, source="audit"),
    }
    one, into = (others["audit"], finding) if target == "audit" else (finding, others[target])
    with pytest.raises(DomainError) as refused:
        services.merge_finding(finding=one, into=into, note="Same.", actor=world.dave)
    assert refused.value.code == code and not FindingChange.objects.exists()
    assert not Finding.objects.filter(merged_into__isnull=False).exists()


# 4. Disputes and collaboration --------------------------------------------------------------------
@pytest.fixture
def running(world):
    finding = make_finding(world.relationship, world.site)
    return services.confirm_finding(finding=finding, actor=world.dave)


def test_a_dispute_stops_the_clock_and_a_refused_one_lets_it_run_on(world, running):
    due = running.plan_due_on
    services.dispute_finding(finding=running, note="The hours include travel.", actor=world.alice)
    stored = Finding.objects.get()
    assert (stored.state, stored.next_due, stored.next_due_on) == ("disputed", "", None)
    services.decide_dispute(finding=stored, upheld=False, note="Travel is work.", actor=world.erin)
    stored.refresh_from_db()
    assert (stored.state, stored.next_due, stored.next_due_on) == ("open", "plan", due)
    assert list(FindingChange.objects.order_by("pk").values_list("target", "reason", "actor")) == [
        ("disputed", "The hours include travel.", world.alice.pk),
        ("open", "Travel is work.", world.erin.pk),
    ]
    entry = Entry.objects.get(deed="decide_dispute")
    assert (entry.actor, entry.detail) == (world.erin, {"upheld": False})


def test_an_upheld_dispute_closes_the_finding(world, running):
    services.dispute_finding(finding=running, note="Wrong site.", actor=world.alice)
    services.decide_dispute(finding=running, upheld=True, note="True.", actor=world.erin)
    stored = Finding.objects.get()
    assert (stored.state, stored.close_reason, stored.next_due_on) == ("closed", "not_confirmed", None)


def mails():
    """Who is told what, in the order of the events."""
    return [(mail.to_email.partition("@")[0], mail.context["kind"]) for mail in Mail.objects.order_by("pk")]


def test_every_side_is_told_what_waits_for_it(world, finding):
    services.confirm_finding(finding=finding, actor=world.dave)
    services.dispute_finding(finding=finding, note="Travel.", actor=world.alice)
    services.decide_dispute(finding=finding, upheld=False, note="It is work.", actor=world.erin)
    services.dispute_finding(finding=finding, note="It is not.", actor=world.alice)
    services.decide_dispute(finding=finding, upheld=True, note="True.", actor=world.erin)
    assert mails() == [
        ("alice", "confirmed"),
        ("dave", "disputed"),
        ("alice", "dispute_refused"),
        ("dave", "disputed"),
        ("alice", "dispute_upheld"),
    ]


@pytest.mark.parametrize(
    ("kind", "subject", "sentence"),
    [
        ("confirmed", "A finding at {} needs your plan", "Buyer asks you to mend something at"),
        ("disputed", "{} disputes a finding: please decide", "Alice says that a finding at"),
        ("dispute_upheld", "A finding at {} is closed after your dispute", "Alice agrees with your dispute at"),
        ("dispute_refused", "The finding you disputed at {} stands", "Alice looked at your dispute at"),
    ],
)
def test_mails_say_what_happened_and_link_to_the_finding(world, finding, kind, subject, sentence):
    tell([finding], kind, {finding.pk: [world.erin]}, actor=world.alice, note="Travel is work.")
    words = render_mail(Mail.objects.get(), {})
    assert words.subject == subject.format(finding.site.name) and sentence in words.text
    assert "Travel is work." in words.text and reverse("finding_detail", args=[finding.pk]) in words.text


@pytest.mark.parametrize(("manager", "told"), [("site", ["dave", "erin"]), ("firm", ["carol", "frank"])])
def test_a_dispute_is_told_to_those_who_decide_it(world, manager, told):
    finding = make_finding(world.relationship, world.site, source="audit", manager=manager, firm=world.audit_firm)
    FindingInspector.objects.create(finding=finding, user=world.carol)
    services.dispute_finding(finding=finding, note="Wrong.", actor=world.alice)
    assert sorted(name for name, _subject in mails()) == told


@pytest.mark.parametrize("upheld", [True, False])
def test_nothing_is_decided_where_nobody_disputes(world, running, upheld):
    with pytest.raises(DomainError, match="Nobody disputes") as refused:
        services.decide_dispute(finding=running, upheld=upheld, note="Hm.", actor=world.erin)
    assert refused.value.code == "transition" and Finding.objects.get().state == "open"


def test_a_flag_that_stands_after_a_dispute_is_confirmed_by_it(world, finding):
    services.dispute_finding(finding=finding, note="Typed wrong.", actor=world.alice)
    services.decide_dispute(finding=finding, upheld=False, note="Correct it then.", actor=world.erin)
    stored = Finding.objects.get()
    assert (stored.state, stored.confirmed_by, stored.next_due) == ("open", world.erin, "plan")


def test_collaborative_finding_has_no_due_date_and_is_confirmed(world, finding):
    services.make_collaborative(finding=finding, note="The landlord owns the drains.", actor=world.erin)
    stored = Finding.objects.get()
    assert (stored.state, stored.confirmed_by, stored.next_due, stored.next_due_on) == (
        "collaborative",
        world.erin,
        "",
        None,
    )
    services.reopen_finding(finding=finding, note="They moved out.", actor=world.erin)
    assert Finding.objects.get().next_due == "plan"
    assert Entry.objects.filter(deed="make_collaborative", organisation_id=world.buyer.pk).count() == 1


# 5. Rights ----------------------------------------------------------------------------------------
def test_who_may_decide_about_a_finding(world, finding):
    reader = make_user("reader@test.example")
    make_membership(reader, world.buyer, Role.BUYER_READER)
    elsewhere = make_user("elsewhere@test.example")
    make_membership(elsewhere, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    people = {**world.people, "reader": reader, "elsewhere": elsewhere}
    for deed in ("close", "reopen", "confirm", "dismiss", "merge", "make_collaborative", "decide_dispute"):
        assert {name for name, person in people.items() if may(person, deed, finding)} == {"dave", "erin"}
    assert {name for name, person in people.items() if may(person, "dispute", finding)} == {"alice"}
    with pytest.raises(KeyError):
        may(world.erin, "delete", finding)
