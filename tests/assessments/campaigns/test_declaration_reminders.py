"""Reminders and invitations of campaigns that ask for declarations: they stop by themselves."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from assessments.campaigns import services
from assessments.campaigns.models import Campaign
from assessments.campaigns.services import reminding
from assessments.campaigns.tasks import remind_due
from minerals.declarations.enums import DeclarationState
from minerals.declarations.models import Declaration
from portal.jobs.services import run_job
from portal.notices.models import Mail
from portal.notices.queries import invitations_of, render_mail

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 6, 30)


def day(offset: int) -> dt.datetime:
    return dt.datetime(DUE.year, DUE.month, DUE.day, 12, tzinfo=dt.UTC) + dt.timedelta(days=offset)


def test_the_ladder_reminds_who_has_not_handed_in(world, sent):
    Declaration.objects.filter(relationship=world.bonds["A"]).update(state=DeclarationState.RECEIVED)
    Declaration.objects.filter(relationship=world.bonds["C"]).update(state=DeclarationState.RETURNED)
    with time_machine.travel(day(-3), tick=False):
        remind_due()
        remind_due()
    mails = {mail.to_email: mail for mail in Mail.objects.filter(template="declaration_reminder")}
    assert set(mails) == {"b@test.example", "manager@test.example"}
    words = render_mail(mails["b@test.example"], invitations_of(mails.values()))
    assert words.subject == "Reminder: the CMRT of Supplier B for Buyer is due by 30 Jun 2026"
    assert "Nothing has been entered yet." in words.text
    assert mails["manager@test.example"].context["returned"] is True


def test_they_are_reminded_by_hand_too(client, world, sent):
    client.force_login(world.erin)
    ids = [sent.requests.get(relationship__vendor_code=code).pk for code in "BD"]
    with time_machine.travel(day(2), tick=False):
        page = client.post(reverse("campaign_remind", args=[sent.pk]), {"requests": ids}, follow=True)
        assert "1 supplier is reminded." in page.content.decode()
        job = services.start_reminding(campaign=sent, params={}, actor=world.erin)
        run_job(str(job.pk))
    late = Mail.objects.get(template="declaration_reminder", to_email="b@test.example")
    assert render_mail(late, invitations_of([late])).subject == "Overdue: the CMRT of Supplier B for Buyer"
    assert Mail.objects.filter(template="declaration_reminder").count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_of_reminders_takes_the_same_queries(world, sent, django_assert_num_queries, count):
    ids = list(sent.requests.exclude(relationship__vendor_code__in="CD").order_by("pk").values_list("pk", flat=True))
    letter = reminding.Letter(Campaign.objects.select_related("buyer").get(pk=sent.pk))
    with time_machine.travel(day(-3), tick=False), django_assert_num_queries(9):
        reminding.remind_batch(letter, ids[:count], step="-3")


def test_the_request_is_sent_again_and_to_another_person(client, world, sent):
    client.force_login(world.erin)
    request = sent.requests.get(relationship__vendor_code="D")
    args = [sent.pk, request.pk]
    assert "Supplier D" in client.get(reverse("campaign_request", args=args)).content.decode()
    person = {"name": "New person", "email": "new@test.example", "language": "en"}
    client.post(reverse("request_invite", args=args), person)
    request.refresh_from_db()
    assert request.invitation.next_path == reverse("declaration_detail", args=[request.declaration_id])
    mail = Mail.objects.get(to_email="new@test.example")
    assert mail.template == "declaration_request"
    Declaration.objects.filter(pk=request.declaration_id).update(state=DeclarationState.RECEIVED)
    refused = client.post(reverse("request_again", args=args))
    assert refused.status_code == 422
    assert "handed in its declaration already" in refused.content.decode()
