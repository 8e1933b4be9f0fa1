"""Mails about corrective actions: who is written to, when, how often, in which language."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.findings import services
from assessments.findings.clocks import read_clocks
from assessments.findings.enums import Due, Verification
from assessments.findings.models import CorrectiveAction, Finding, FindingInspector
from assessments.findings.services.reminding import remind_actions
from portal.notices.models import Mail
from portal.notices.queries import render_mail
from suppliers.organisations.enums import Role
from tests.factories import cast, make_finding, make_membership, make_relationship, make_site, make_user

pytestmark = pytest.mark.django_db


def day(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def world():
    return cast()


def due(world, days, kind="plan", **fields):
    return make_finding(
        world.relationship,
        world.site,
        **{"confirmed_at": timezone.now(), "next_due": kind, "next_due_on": day(days), **fields},
    )


def told(template="action_reminder"):
    rows = Mail.objects.filter(template=template).order_by("to_email")
    return [(mail.to_email.partition("@")[0], mail.context["kind"], mail.context["count"]) for mail in rows]


# 1. The ladder -------------------------------------------------------------------------------------
def test_the_table_of_this_room_is_what_these_tests_believe():
    assert (read_clocks().reminders, read_clocks().escalations) == ((-7, -1), (1, 14))


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (8, ""),
        (7, "reminder"),
        (5, "reminder"),  # two days late still goes out
        (4, ""),
        (1, "reminder"),
        (0, "reminder"),  # the day after the step: late by one
        (-1, "escalation"),
        (-3, "escalation"),
        (-4, ""),
        (-14, "escalation"),
        (-17, ""),
    ],
)
def test_a_step_goes_out_on_its_day_and_up_to_two_days_late(world, days, kind):
    due(world, days)
    remind_actions()
    assert {said for _name, said, _count in told()} == ({kind} if kind else set())


def test_reminders_go_to_the_side_that_acts_and_escalations_to_those_who_follow(world):
    due(world, 7)
    remind_actions()
    assert told() == [("alice", "reminder", 1)]
    Mail.objects.all().delete()
    Finding.objects.update(next_due_on=day(-1))
    remind_actions()
    assert told() == [("alice", "escalation", 1), ("dave", "escalation", 1), ("erin", "escalation", 1)]


def test_an_approval_reminds_the_manager_of_the_action(world):
    finding = due(world, 1, "approval", manager="firm", firm=world.audit_firm)
    FindingInspector.objects.create(finding=finding, user=world.carol)
    remind_actions()
    assert told() == [("carol", "reminder", 1), ("frank", "reminder", 1)]


def test_one_mail_per_person_relationship_day_and_kind_however_many_findings(world):
    for _number in range(25):
        due(world, 7)
    trents = make_relationship(world.other_buyer, world.supplier)
    make_finding(trents, world.site, confirmed_at=timezone.now(), next_due="plan", next_due_on=day(7))
    remind_actions()
    remind_actions()
    assert sorted(told()) == [("alice", "reminder", 1), ("alice", "reminder", 25)]
    mail = Mail.objects.get(context__count=25)
    assert (len(mail.context["lines"]), mail.context["more"]) == (20, 5)


def test_a_step_that_went_out_yesterday_is_not_sent_again_today(world):
    due(world, 6)
    remind_actions()
    key = Mail.objects.get().key
    assert key.split(":")[2] == day(-1).isoformat()
    remind_actions()
    assert Mail.objects.count() == 1


def test_the_owner_is_reminded_where_it_is_a_member_and_readers_are_not(world):
    finding = due(world, 1, "done", state="in_progress")
    CorrectiveAction.objects.create(
        finding=finding, owner_email="BOB@test.example", state="accepted", updated_at=timezone.now()
    )
    remind_actions()
    assert told() == [("alice", "reminder", 1), ("bob", "reminder", 1)]


def test_a_narrowed_buyer_is_told_only_of_their_region(world):
    make_membership(make_user("grace@test.example"), world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Europe"]})
    make_membership(make_user("hana@test.example"), world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["Asia"]})
    due(world, -1)
    remind_actions()
    assert [name for name, _kind, _count in told()] == ["alice", "dave", "erin", "hana"]


@pytest.mark.parametrize(
    "fields",
    [{"state": "closed"}, {"state": "verified"}, {"next_due": "", "next_due_on": None}, {"state": "no_action"}],
)
def test_what_waits_for_nothing_reminds_nobody(world, fields):
    due(world, 7, **fields)
    assert (remind_actions(), told()) == (0, [])


def test_reminders_cost_the_same_for_one_and_three_relationships(world, django_assert_num_queries):
    def fill(count):
        Mail.objects.all().delete()
        for _number in range(count):
            bond = make_relationship(world.buyer)
            make_membership(organisation=bond.supplier)
            make_finding(
                bond, make_site(bond.supplier), confirmed_at=timezone.now(), next_due="plan", next_due_on=day(7)
            )

    for count in (1, 2):  # one relationship, then three
        fill(count)
        with django_assert_num_queries(32):
            remind_actions()
    assert Mail.objects.count() == 3


# 2. Events -----------------------------------------------------------------------------------------
@pytest.fixture
def finding(world):
    found = due(world, 20, plan_due_on=day(20), approval_due_on=day(40), done_due_on=day(90))
    services.save_plan(
        finding=found,
        base_version=0,
        actor=world.alice,
        root_cause="Nobody counted",
        corrective="Count",
        preventive="List",
        owner_name="Somchai",
        planned_on=day(60),
    )
    return found


def events():
    return told("action_event")


def test_every_event_is_told_to_those_who_act_or_wait_and_to_nobody_else(world, finding):
    ivan = make_user("ivan@test.example")
    make_membership(ivan, world.supplier, Role.SUPPLIER_EDITOR)
    steps = [
        (lambda: services.submit_plan(finding=finding, actor=world.alice), ["dave", "erin"], "submitted"),
        (
            lambda: services.reject_plan(finding=finding, reason="Vague", actor=world.dave),
            ["alice", "ivan"],
            "rejected",
        ),
        (
            lambda: services.save_plan(finding=finding, base_version=1, actor=ivan, preventive="A list"),
            [],
            "",
        ),
        (lambda: services.submit_plan(finding=finding, actor=world.alice), ["dave", "erin"], "submitted"),
        (lambda: services.accept_plan(finding=finding, note="", actor=world.dave), ["alice", "ivan"], "accepted"),
        (lambda: services.start_action(finding=finding, actor=world.alice), [], ""),
        (lambda: services.finish_action(finding=finding, note="Done", actor=ivan), ["dave", "erin"], "finished"),
        (
            lambda: services.send_back_action(finding=finding, reason="No list", actor=world.erin),
            ["alice", "ivan"],
            "sent_back",
        ),
        (lambda: services.finish_action(finding=finding, note="Now", actor=world.alice), ["dave", "erin"], "finished"),
        (
            lambda: services.verify_action(finding=finding, how=Verification.DESK, note="", actor=world.dave),
            ["alice", "ivan"],
            "verified",
        ),
    ]
    for deed, people, kind in steps:
        Mail.objects.all().delete()
        deed()
        assert events() == [(name, kind, 1) for name in people]


def test_a_later_date_is_told_when_it_is_asked_for_and_when_it_is_decided(world, finding):
    wish = services.ask_extension(finding=finding, due=Due.DONE, wanted_on=day(99), reason="Ill", actor=world.alice)
    assert events() == [("dave", "extension_asked", 1), ("erin", "extension_asked", 1)]
    Mail.objects.all().delete()
    services.decide_extension(extension=wish, granted=True, note="", actor=world.dave)
    assert events() == [("alice", "extension_granted", 1)]


def test_who_confirmed_a_finding_is_told_of_its_plan_alone(world, finding):
    finding.confirmed_by = world.erin
    finding.save()
    services.submit_plan(finding=finding, actor=world.alice)
    assert events() == [("erin", "submitted", 1)]


def test_several_plans_at_once_are_one_mail(world, finding):
    other = due(world, 20, done_due_on=day(90))
    services.save_plan(
        finding=other,
        base_version=0,
        actor=world.alice,
        no_action=True,
        no_action_reason="The line was sold",
    )
    services.submit_plans(findings=[finding, other], actor=world.alice)
    assert events() == [("dave", "submitted", 2), ("erin", "submitted", 2)]


@pytest.mark.parametrize("language", ["en", "ja", "zh-hans", "th"])
def test_every_mail_can_be_read_in_every_language(world, finding, language):
    for user in (world.alice, world.dave):
        user.language = language
        user.save()
    test_every_event_is_told_to_those_who_act_or_wait_and_to_nobody_else(world, finding)
    due(world, -1)
    due(world, -1)
    remind_actions()
    for mail in Mail.objects.all():
        words = render_mail(mail, {})
        assert words.subject
        assert "{{" not in words.text + words.subject
        assert all(f"/findings/{line['path'].split('/')[-2]}/" in words.text for line in mail.context["lines"])


def test_a_reminder_lists_the_findings_with_their_links(world, settings):
    settings.BASE_URL = "https://sanpo.test.example"
    first = due(world, -1)
    remind_actions()
    words = render_mail(Mail.objects.get(to_email="alice@test.example"), {})
    assert words.subject == "Overdue: 1 finding at Supplier"
    assert f"A3 Working Hours, Major, {world.site.name}. Plan: " in words.text
    assert "1 day late" in words.text
    assert f"\nhttps://sanpo.test.example/findings/{first.pk}/\n" in words.text
