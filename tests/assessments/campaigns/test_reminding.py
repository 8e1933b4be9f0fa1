"""Reminders: by schedule and by hand, never twice, never to those who are done."""

import datetime as dt

import pytest
import time_machine

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignState
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.services import reminding
from assessments.campaigns.tasks import remind_due
from assessments.responses.enums import OPEN_STATES, ResponseState
from assessments.responses.models import Response
from portal.accounts.models import Invitation
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.notices.queries import invitations_of, render_mail
from suppliers.organisations.models import Membership
from suppliers.organisations.services.invitations import hand_on_invitation
from tests.factories import make_membership, make_user

SENT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
DUE = dt.date(2026, 6, 30)


def day(offset: int) -> dt.datetime:
    """A day relative to the due date, at noon."""
    return dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC) + dt.timedelta(days=offset)


@pytest.fixture
def campaign(world, send) -> Campaign:
    """Sent on 1 June, due on 30 June, to A, B (contacts) and C (a manager)."""
    with time_machine.travel(SENT, tick=False):
        campaign = world.draft(due_on=DUE, selection={"vendor_codes": ["A", "B", "C"]})
        send(campaign)
    return campaign


def reminders() -> dict[str, list[str]]:
    """{step: vendor codes reminded}."""
    codes = dict(Request.objects.values_list("pk", "relationship__vendor_code"))
    found: dict[str, list[str]] = {}
    for key in Mail.objects.filter(template="reminder").values_list("key", flat=True):
        _word, pk, step = key.split(":", 2)
        found.setdefault(step, []).append(codes[int(pk)])
    return {step: sorted(names) for step, names in found.items()}


def test_the_ladder_goes_out_day_by_day(campaign):
    for offset in range(-28, 30):
        with time_machine.travel(day(offset), tick=False):
            before = reminders()
            remind_due()
            new = {step: names for step, names in reminders().items() if step not in before}
            expected = {-14: "-14", -3: "-3", 1: "1", 7: "7"}.get(offset)
            assert new == ({expected: ["A", "B", "C"]} if expected else {}), offset


def test_running_twice_reminds_once(campaign):
    with time_machine.travel(day(-14), tick=False):
        assert services.remind_due() == 3
        assert services.remind_due() == 0
    with time_machine.travel(day(-13), tick=False):
        assert services.remind_due() == 0
    assert Mail.objects.filter(template="reminder").count() == 3


@pytest.mark.parametrize("state", ResponseState)
def test_only_open_responses_are_reminded(campaign, state):
    Response.objects.filter(request__relationship__vendor_code="A").update(state=state)
    with time_machine.travel(day(-3), tick=False):
        services.remind_due()
    names = ["A", "B", "C"] if state in OPEN_STATES else ["B", "C"]
    assert reminders() == {"-3": names}


def test_a_stand_still_of_two_days_loses_nothing_and_a_longer_one_sends_nothing_stale(campaign):
    with time_machine.travel(day(-12), tick=False):
        assert services.remind_due() == 3
    Mail.objects.filter(template="reminder").delete()
    with time_machine.travel(day(-11), tick=False):
        assert services.remind_due() == 0


def test_after_a_long_stand_still_only_the_latest_step_goes_out(campaign):
    with time_machine.travel(day(2), tick=False):
        services.remind_due()
    assert reminders() == {"1": ["A", "B", "C"]}


def test_a_step_that_was_past_when_the_campaign_was_sent_never_goes_out(world, send):
    with time_machine.travel(day(-13), tick=False):
        send(world.draft(due_on=DUE, selection={"vendor_codes": ["A"]}))
        assert services.remind_due() == 0
    with time_machine.travel(day(-3), tick=False):
        send(world.draft(due_on=DUE, selection={"vendor_codes": ["B"]}))
        services.remind_due()
    assert reminders() == {"-3": ["A"]}


@pytest.mark.parametrize("state", set(CampaignState) - {CampaignState.SENT})
def test_only_campaigns_that_are_out_remind(campaign, state):
    Campaign.objects.update(state=state)
    with time_machine.travel(day(-3), tick=False):
        assert services.remind_due() == 0


def test_a_later_due_date_of_one_response_moves_its_ladder(campaign):
    Response.objects.filter(request__relationship__vendor_code="A").update(due_on=DUE + dt.timedelta(days=20))
    with time_machine.travel(day(-3), tick=False):
        services.remind_due()
    assert reminders() == {"-3": ["B", "C"]}
    with time_machine.travel(day(7), tick=False):
        services.remind_due()
    assert reminders() == {"-3": ["B", "C"], "-14": ["A"], "7": ["B", "C"]}


def test_a_request_with_nobody_to_write_to_is_passed_by(world, send):
    with time_machine.travel(SENT, tick=False):
        send(world.draft(due_on=DUE, selection={"vendor_codes": ["D"]}))
    with time_machine.travel(day(-3), tick=False):
        assert services.remind_due() == 0


def test_a_crash_between_batches_is_mended_by_the_next_run(campaign, monkeypatch):
    real, calls = reminding.queue_mails, []

    def crash(mails):
        calls.append(1)
        done = real(mails)
        if len(calls) == 2:
            raise RuntimeError("the power went off")
        return done

    monkeypatch.setattr(reminding, "BATCH", 1)
    monkeypatch.setattr(reminding, "queue_mails", crash)
    with time_machine.travel(day(-3), tick=False):
        with pytest.raises(RuntimeError):
            services.remind_due()
        assert len(reminders()["-3"]) == 1
        assert services.remind_due() == 2
    assert reminders() == {"-3": ["A", "B", "C"]}


def test_the_words_say_how_far_and_how_late(campaign):
    Response.objects.filter(request__relationship__vendor_code="B").update(answered=3, asked=5)
    with time_machine.travel(day(7), tick=False):
        services.remind_due()
    mail = Mail.objects.get(to_email="b@test.example", template="reminder")
    words = render_mail(mail, invitations_of([mail]))
    assert words.subject == "Overdue: the answers of Plant B for Buyer"
    assert "was due on 30 Jun 2026, 7 days ago. You can still answer it." in words.text
    assert "You have answered 3 of 5 questions." in words.text
    assert words.html.count('class="button"') == 1


def test_reminders_follow_the_person_a_request_was_handed_on_to(campaign):
    invitation = Request.objects.get(relationship__vendor_code="A").invitation
    with time_machine.travel(SENT + dt.timedelta(days=1), tick=False):
        following = hand_on_invitation(invitation=invitation, email="colleague@test.example", name="Colleague")
    with time_machine.travel(day(-3), tick=False):
        services.remind_due()
    mail = Mail.objects.get(template="reminder", context__invitation_id=following.pk)
    assert (mail.to_email, mail.to_name) == ("colleague@test.example", "Colleague")
    assert not Mail.objects.filter(template="reminder", to_email="a@test.example").exists()


def test_a_person_who_came_by_the_invitation_is_reminded_as_a_member(campaign):
    request = Request.objects.get(relationship__vendor_code="A")
    Invitation.objects.filter(pk=request.invitation_id).update(accepted_at=SENT)
    make_membership(make_user("new@test.example"), request.site.organisation)
    with time_machine.travel(day(-3), tick=False):
        services.remind_due()
    mail = Mail.objects.get(key=f"reminder:{request.pk}:-3")
    assert mail.to_email == "new@test.example"
    assert "invitation_id" not in mail.context


def test_a_reminder_brings_a_link_that_works(campaign):
    with time_machine.travel(day(7), tick=False):
        services.remind_due()
        invitation = Request.objects.get(relationship__vendor_code="A").invitation
        assert invitation.is_usable
        assert invitation.expires_at > day(30)


def test_a_withdrawn_invitation_is_not_mailed(campaign):
    Invitation.objects.filter(email="a@test.example").update(revoked_at=SENT)
    with time_machine.travel(day(-3), tick=False):
        services.remind_due()
    assert reminders() == {"-3": ["B", "C"]}


# By hand -------------------------------------------------------------------------------------------


def test_ticked_sites_are_reminded_once_a_day(campaign, world):
    requests = Request.objects.filter(relationship__vendor_code__in=["A", "C"])
    with time_machine.travel(day(-20), tick=False):
        assert services.remind_requests(campaign=campaign, requests=requests, actor=world.erin) == 2
        assert services.remind_requests(campaign=campaign, requests=requests, actor=world.erin) == 0
    with time_machine.travel(day(-19), tick=False):
        assert services.remind_requests(campaign=campaign, requests=requests, actor=world.erin) == 2
    assert reminders() == {"2026-06-10": ["A", "C"], "2026-06-11": ["A", "C"]}


def test_ticked_sites_that_have_answered_are_left_in_peace(campaign, world):
    Response.objects.update(state=ResponseState.SUBMITTED)
    with time_machine.travel(day(-20), tick=False):
        assert services.remind_requests(campaign=campaign, requests=Request.objects.all(), actor=world.erin) == 0


def test_a_closed_campaign_cannot_remind(campaign, world):
    services.close_campaign(campaign=campaign, actor=world.erin)
    with pytest.raises(DomainError):
        services.remind_requests(campaign=campaign, requests=Request.objects.all(), actor=world.erin)


def test_all_of_a_list_is_reminded_in_a_worker(campaign, world):
    Response.objects.filter(request__relationship__vendor_code="A").update(state=ResponseState.DECLINED)
    with time_machine.travel(day(-20), tick=False):
        job = services.start_reminding(campaign=campaign, params={"tier": "1"}, actor=world.erin)
        run_job(str(job.pk))
        run_job(str(job.pk))
    assert reminders() == {"2026-06-10": ["C"]}
    assert Job.objects.get(pk=job.pk).result["reminded"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_of_reminders_takes_the_same_queries(campaign, django_assert_num_queries, count):
    Membership.objects.filter(user__email="manager@test.example").delete()
    ids = list(Request.objects.order_by("pk").values_list("pk", flat=True)[:count])
    letter = reminding.Letter(Campaign.objects.select_related("version").get(pk=campaign.pk))
    with time_machine.travel(day(-3), tick=False), django_assert_num_queries(QUERIES_OF_A_BATCH):
        reminding.remind_batch(letter, ids, step="-3")


QUERIES_OF_A_BATCH = 10
