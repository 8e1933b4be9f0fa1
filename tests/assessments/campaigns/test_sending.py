"""Sending: who is asked, who is written to, and what a crash in the middle leaves."""

import datetime as dt

import pytest

from assessments.campaigns import services
from assessments.campaigns.enums import CampaignState as State
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.services import sending
from assessments.questionnaires.services import retire_version
from assessments.responses.models import Response
from portal.accounts.models import Invitation
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import run_job
from portal.lib.errors import ConflictError, DomainError
from portal.notices.models import Mail
from suppliers.organisations.enums import Role
from suppliers.organisations.models import MembershipOffer
from tests.factories import make_membership, make_relationship, make_site, make_user

DUE = dt.date(2026, 12, 31)


def test_everybody_chosen_is_asked_once(world, send):
    campaign = world.draft(due_on=DUE, message={"en": "Hello", "ja": "こんにちは"})
    job = send(campaign)
    assert (job.state, job.done, job.total, job.result["requests"]) == (JobState.DONE, 4, 4, 4)
    assert campaign.state == State.SENT
    requests = {request.relationship.vendor_code: request for request in campaign.requests.select_related("response")}
    assert {code: (r.country, r.tier, r.region, r.contact_email) for code, r in requests.items()} == {
        "A": ("JP", 1, "Asia", "a@test.example"),
        "B": ("TH", 2, "South", "b@test.example"),
        "C": ("CN", 1, "Asia", "manager@test.example"),
        "D": ("VN", 1, "Asia", ""),
    }
    response = requests["A"].response
    assert (response.title, response.period, response.due_on, response.state) == (
        "Annual assessment",
        "2026",
        DUE,
        "waiting",
    )
    assert response.asked > 0
    assert campaign.facets["country"] == ["CN", "JP", "TH", "VN"]


def test_mails_go_to_members_else_to_the_contact_by_invitation(world, send):
    campaign = world.draft(due_on=DUE, message={"en": "Hello", "ja": "こんにちは"})
    send(campaign)
    mails = {mail.to_email: mail for mail in Mail.objects.all()}
    assert set(mails) == {"a@test.example", "b@test.example", "manager@test.example"}
    # A contact's language, English for a language the campaign does not speak, a member's own language.
    assert [mails[address].language for address in sorted(mails)] == ["ja", "en", "ja"]
    assert mails["a@test.example"].context["message"] == "こんにちは"
    assert mails["a@test.example"].context["due"] == "2026年12月31日"
    assert mails["b@test.example"].context["due"] == "31 Dec 2026"
    member = mails["manager@test.example"]
    request = Request.objects.get(relationship__vendor_code="C")
    assert member.key == f"request:{request.pk}"
    assert "invitation_id" not in member.context
    assert str(request.response_id) in member.context["path"]
    assert request.invitation is None
    invited = Request.objects.get(relationship__vendor_code="A")
    assert mails["a@test.example"].context["invitation_id"] == invited.invitation_id
    offer = MembershipOffer.objects.get(invitation=invited.invitation)
    assert (offer.organisation, offer.role) == (invited.site.organisation, Role.SUPPLIER_MANAGER)
    assert str(invited.response_id) in invited.invitation.next_path


def test_managers_come_before_editors_and_readers_get_nothing(world, send):
    supplier = world.sites["A"].organisation
    make_membership(make_user("reader@test.example"), supplier, Role.SUPPLIER_READER)
    make_membership(make_user("editor@test.example"), supplier, Role.SUPPLIER_EDITOR)
    make_membership(make_user("second@test.example"), world.sites["C"].organisation, Role.SUPPLIER_MANAGER)
    make_membership(make_user("editor2@test.example"), world.sites["C"].organisation, Role.SUPPLIER_EDITOR)
    make_membership(make_user("gone@test.example", is_active=False), world.sites["B"].organisation)
    campaign = world.draft(due_on=DUE)
    send(campaign)
    by_code = {}
    for request in campaign.requests.select_related("relationship"):
        mails = Mail.objects.filter(context__request_id=request.pk).order_by("key")
        by_code[request.relationship.vendor_code] = [mail.to_email for mail in mails]
    assert by_code == {
        "A": ["editor@test.example"],
        "B": ["b@test.example"],
        "C": ["manager@test.example", "second@test.example"],
        "D": [],
    }


def test_one_contact_of_one_company_gets_one_invitation_for_all_sites(world, send):
    first = world.sites["A"]
    make_site(first.organisation, contact_email="A@test.example")
    campaign = world.draft(due_on=DUE, selection={"vendor_codes": ["A"]})
    send(campaign)
    assert campaign.requests.count() == 2
    assert Invitation.objects.count() == 1
    assert set(Mail.objects.values_list("context__invitation_id", flat=True)) == {Invitation.objects.get().pk}
    assert Mail.objects.count() == 2


def test_the_same_contact_in_two_batches_still_gets_one_invitation(world, send, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 1)
    make_site(world.sites["A"].organisation, contact_email="a@test.example")
    send(world.draft(due_on=DUE, selection={"vendor_codes": ["A"]}))
    assert (Request.objects.count(), Invitation.objects.count()) == (2, 1)


def test_sending_happens_only_once(world):
    campaign = world.draft(due_on=DUE)
    stale = Campaign.objects.get(pk=campaign.pk)
    services.send_campaign(campaign=campaign, actor=world.erin)
    with pytest.raises(ConflictError):
        services.send_campaign(campaign=stale, actor=world.erin)
    with pytest.raises(DomainError):
        services.send_campaign(campaign=campaign, actor=world.erin)
    assert Job.objects.count() == 1


def test_nobody_chosen_is_refused(world):
    campaign = world.draft(due_on=DUE, selection={"countries": ["BR"]})
    with pytest.raises(DomainError) as refused:
        services.send_campaign(campaign=campaign, actor=world.erin)
    assert refused.value.code == "empty"
    assert Campaign.objects.get(pk=campaign.pk).state == State.DRAFT


def test_last_years_response_is_tied(world, send):
    version = make_version_of(world)
    old = Response.objects.create(
        relationship=world.bonds["A"],
        site=world.sites["A"],
        version=version,
        title="2025",
        period="2025",
        due_on=dt.date(2025, 12, 31),
        state="accepted",
        submitted_at=dt.datetime(2025, 11, 1, tzinfo=dt.UTC),
    )
    campaign = world.draft(due_on=DUE, version=version)
    send(campaign)
    found = dict(campaign.requests.values_list("relationship__vendor_code", "response__previous_id"))
    assert found == {"A": old.pk, "B": None, "C": None, "D": None}


def make_version_of(world):
    from tests.factories import make_version

    return make_version()


@pytest.mark.parametrize("step", ["create_responses", "carry_over", "open_doors", "queue_mails"])
@pytest.mark.parametrize("batch", [1, 2, 4])
def test_a_crash_in_the_middle_leaves_whole_batches_and_the_rest_is_sent_later(world, monkeypatch, step, batch):
    """The services that are called are the real ones; the crash stands before or after them."""
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    calls = []
    real = getattr(sending, step)

    def crash(*args, **kwargs):
        calls.append(1)
        done = real(*args, **kwargs)
        if len(calls) == batch:
            raise RuntimeError("the power went off")
        return done

    monkeypatch.setattr(sending, "BATCH", 1)
    monkeypatch.setattr(sending, step, crash)
    run_job(str(job.pk))
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED
    asked = campaign.requests.count()
    assert asked == batch - 1
    assert Response.objects.count() == asked
    campaign.refresh_from_db()
    assert campaign.state == State.SENDING

    again = services.resume_sending(campaign=campaign, actor=world.erin)
    run_job(str(again.pk))
    campaign.refresh_from_db()
    assert campaign.state == State.SENT
    assert campaign.requests.count() == Response.objects.count() == 4
    assert Mail.objects.count() == 3
    assert Invitation.objects.count() == MembershipOffer.objects.count() == 2
    assert Job.objects.get(pk=again.pk).result["requests"] == 4


def test_a_worker_that_was_killed_is_followed_by_another_one(world, monkeypatch):
    """SIGKILL leaves the job as running with an old heartbeat; the sweep hands the same job to another worker."""
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    sites = sending.sites_to_ask(campaign)[0]
    sending.send_batch(sending.Letter(campaign), sites[:2])
    long_ago = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, heartbeat_at=long_ago, attempts=1)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)
    assert campaign.requests.count() == 4
    assert Mail.objects.count() == len(set(Mail.objects.values_list("key", flat=True))) == 3


def test_two_workers_on_one_campaign_do_no_harm(world):
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=world.erin)
    letter = sending.Letter(campaign)
    sites = sending.sites_to_ask(campaign)[0]
    assert sending.send_batch(letter, sites) == 4
    assert sending.send_batch(letter, sites) == 0
    sending.finish_sending(campaign)
    sending.finish_sending(campaign)
    run_job(str(job.pk))
    assert campaign.requests.count() == 4
    assert campaign.changes.count() == 2


def test_a_running_job_cannot_be_resumed(world):
    campaign = world.draft(due_on=DUE)
    services.send_campaign(campaign=campaign, actor=world.erin)
    with pytest.raises(DomainError):
        services.resume_sending(campaign=campaign, actor=world.erin)


def test_a_narrowed_sender_asks_only_within_the_scope(world):
    dave = make_user("dave@test.example")
    make_membership(dave, world.buyer, Role.BUYER_PROCUREMENT, scopes={"region": ["South"]})
    campaign = world.draft(due_on=DUE)
    job = services.send_campaign(campaign=campaign, actor=dave)
    run_job(str(job.pk))
    assert list(campaign.requests.values_list("relationship__vendor_code", flat=True)) == ["B"]


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_the_same_queries_whatever_its_size(world, django_assert_num_queries, count):
    for number in range(count):
        world.add(f"N{number}")
    codes = [f"N{number}" for number in range(count)]
    campaign = world.draft(due_on=DUE, selection={"vendor_codes": codes})
    services.send_campaign(campaign=campaign, actor=world.erin)
    sites, _done = sending.sites_to_ask(campaign)
    letter = sending.Letter(campaign)
    with django_assert_num_queries(QUERIES_OF_A_BATCH):
        sending.send_batch(letter, sites)


QUERIES_OF_A_BATCH = 16


def test_own_sites_are_asked_like_others(world, send):
    make_relationship(world.buyer, world.buyer, vendor_code="OWN")
    own = make_site(world.buyer, contact_email="plant@test.example")
    campaign = world.draft(due_on=DUE, selection={"own_sites": "only"})
    send(campaign)
    assert list(campaign.requests.values_list("site_id", flat=True)) == [own.pk]


def test_what_was_taken_out_of_use_is_not_sent_and_what_was_sent_goes_on(world, send):
    sent = world.draft(due_on=DUE, selection={"vendor_codes": ["A"]})
    send(sent)
    waiting = world.draft(due_on=DUE, version=sent.version)
    retire_version(sent.version, actor=world.erin)
    with pytest.raises(DomainError) as refused:
        services.send_campaign(campaign=waiting, actor=world.erin)
    assert (refused.value.code, waiting.requests.count(), Job.objects.count()) == ("version", 0, 1)
    waiting.refresh_from_db()
    assert (waiting.state, sent.requests.get().response.state) == (State.DRAFT, "waiting")
