"""The sender: at most once, whatever dies in between."""

import smtplib
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from portal.accounts.models import Invitation
from portal.notices import services
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails, send_due_mails, sweep_mails

pytestmark = pytest.mark.django_db
SUBMITTED = {"title": "Q", "site": "S", "buyer": "B", "attested_name": "A", "sha256": "0", "path": "/x/"}


class Line(BaseEmailBackend):
    """A mail server whose answers a test writes down: one per mail, `None` takes it."""

    answers: list = []
    reachable = True
    taken: list = []
    opened = 0

    def open(self):
        if not self.reachable:
            raise ConnectionRefusedError("nobody there")
        type(self).opened += 1
        return True

    def send_messages(self, messages):
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.extend(messages)
        return len(messages)


@pytest.fixture
def line(settings):
    settings.EMAIL_BACKEND = "tests.portal.notices.test_sending.Line"
    Line.answers, Line.taken, Line.reachable, Line.opened = [], [], True, 0
    return Line


def make_mail(number=1, **fields):
    values = {
        "to_email": f"p{number}@test.example",
        "template": "response_submitted",
        "context": SUBMITTED,
        "language": "en",
    }
    return build_mail(f"key:{number}", **{**values, **fields})


def queue(count=1, **fields):
    queue_mails(make_mail(number, **fields) for number in range(1, count + 1))


def states():
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def test_key_makes_a_second_copy_impossible():
    queue()
    queue()
    assert Mail.objects.count() == 1
    send_due_mails()
    queue()
    send_due_mails()
    assert len(django_mail.outbox) == 1


def test_mail_is_text_and_html_in_the_readers_language_with_a_stable_id(settings):
    settings.BASE_URL = "https://sanpo.example"
    queue(to_name="安藤", language="ja")
    send_due_mails()
    message = django_mail.outbox[0]
    assert message.to == ["=?utf-8?b?5a6J6Jek?= <p1@test.example>"]
    assert "https://sanpo.example/x/" in message.body
    html = message.alternatives[0][0]
    assert '<html lang="ja">' in html and 'href="https://sanpo.example/x/"' in html
    first = message.extra_headers["Message-ID"]
    Mail.objects.all().delete()
    queue(language="ja")
    send_due_mails()
    assert django_mail.outbox[1].extra_headers["Message-ID"] == first
    assert first.endswith("@sanpo.example>")


def test_html_says_the_same_and_escapes():
    queue(context={**SUBMITTED, "site": "<script>alert(1)</script>"})
    send_due_mails()
    html = django_mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in django_mail.outbox[0].body


def test_invitation_link_is_made_when_the_mail_is_sent():
    invitation = Invitation.objects.create(email="p1@test.example")
    queue(
        template="invitation",
        context={"invitation_id": invitation.pk, "organisation": "Acme", "role": "Reader", "inviter": "Ann"},
    )
    Invitation.objects.filter(pk=invitation.pk).update(nonce="newer")
    send_due_mails()
    assert ".newer." in django_mail.outbox[0].body


def test_mail_that_cannot_be_rendered_fails_alone(line):
    queue_mails(
        [
            make_mail(1, template="no_such"),
            make_mail(2, context={"invitation_id": 99}, template="invitation"),
            make_mail(3),
        ]
    )
    send_due_mails()
    assert states() == ["failed", "failed", "sent"]
    assert len(line.taken) == 1


# Refusals ------------------------------------------------------------------------------------------


def test_refused_mail_waits_longer_each_time_and_fails_after_the_fifth(line):
    queue()
    waits = []
    for _attempt in range(5):
        line.answers = [smtplib.SMTPResponseException(451, b"later")]
        before = timezone.now()
        send_due_mails()
        found = Mail.objects.get()
        waits.append(round((found.due_at - before).total_seconds() / 60) if found.state == "waiting" else found.state)
        Mail.objects.filter(state="waiting").update(due_at=timezone.now())
    assert waits == [1, 5, 30, 120, "failed"]
    assert Mail.objects.get().attempts == 5 and "451" in Mail.objects.get().error


def test_mail_not_due_is_left_alone(line):
    queue()
    Mail.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert send_due_mails() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert send_due_mails() == 1


def test_one_bad_address_does_not_hold_up_the_others(line):
    queue(3)
    line.answers = [None, smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), None]
    send_due_mails()
    assert states() == ["sent", "waiting", "sent"]


def test_name_cannot_add_a_header(line):
    queue(to_name="A\r\nBcc: eve@test.example")
    send_due_mails()
    message = line.taken[0].message()
    assert message["Bcc"] is None and line.taken[0].recipients() == ['"A Bcc: eve@test.example" <p1@test.example>']


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow"), ConnectionResetError("cut")]
)
def test_broken_line_leaves_it_open_and_is_never_tried_again(line, error):
    queue()
    line.answers = [error]
    send_due_mails()
    assert states() == ["uncertain"]
    Mail.objects.update(claimed_at=timezone.now() - timedelta(days=1))
    sweep_mails()
    send_due_mails()
    assert states() == ["uncertain"] and line.taken == []


def test_server_that_cannot_be_reached_costs_nothing(line):
    queue(3)
    line.reachable = False
    assert send_due_mails() == 0
    assert states() == ["waiting"] * 3
    assert set(Mail.objects.values_list("attempts", flat=True)) == {0}
    line.reachable = True
    send_due_mails()
    assert states() == ["sent"] * 3


# Workers -------------------------------------------------------------------------------------------


def test_mail_of_a_dead_worker_becomes_uncertain_after_five_minutes(line):
    queue(2)
    for mail in Mail.objects.all():
        assert services.claim_mail(mail)
    Mail.objects.filter(key="key:1").update(claimed_at=timezone.now() - timedelta(minutes=6))
    assert sweep_mails() == 1
    assert states() == ["uncertain", "sending"]
    send_due_mails()
    assert line.taken == []


def test_claim_is_won_once(line):
    queue()
    first, second = Mail.objects.get(), Mail.objects.get()
    assert services.claim_mail(first) and not services.claim_mail(second)


def test_late_word_of_a_slow_worker_does_not_overwrite_the_sweep(line):
    queue()
    mail = Mail.objects.get()
    services.claim_mail(mail)
    Mail.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    sweep_mails()
    services.end_mail(mail, services.MailState.SENT, was=services.MailState.SENDING)
    assert states() == ["uncertain"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_mail_once(line):
    queue(40)
    barrier = threading.Barrier(2)

    def run():
        barrier.wait()
        try:
            send_due_mails()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states() == ["sent"] * 40
    assert sorted(message.to[0] for message in line.taken) == sorted(f"p{n}@test.example" for n in range(1, 41))


def test_a_run_ends_at_its_limit_and_one_connection_serves_a_batch(line):
    queue(120)
    assert send_due_mails(limit=110) == 110
    assert states().count("sent") == 110
    assert line.opened == 3


def test_codes_and_resets_go_before_a_campaign(line):
    queue(3)
    EmailMultiAlternatives(
        "Code: 1", "1", to=["ann@test.example"], connection=get_connection("portal.notices.services.QueueBackend")
    ).send()
    send_due_mails(limit=1)
    assert line.taken[0].to == ["ann@test.example"]


# Mailbox -------------------------------------------------------------------------------------------


def test_mailbox_keeps_mails_as_sent_and_speaks_to_nobody(line, settings):
    settings.MAILBOX = True
    queue(3)
    assert send_due_mails() == 3
    assert states() == ["sent"] * 3 and line.opened == 0
    kept = Mail.objects.first()
    assert kept.subject == "Received: the answers of S for B" and "/x/" in kept.text and "<html" in kept.html


def test_mailbox_page_exists_only_in_a_demo(client, settings):
    assert client.get("/mailbox/").status_code == 404
    settings.MAILBOX = True
    assert client.get("/mailbox/").status_code == 404


def test_mailbox_page_lists_and_searches(client, settings):
    settings.MAILBOX = settings.DEBUG = True
    assert "No mail was sent yet" in client.get("/mailbox/").content.decode()
    queue(2)
    send_due_mails()
    text = client.get("/mailbox/", {"q": "p2@"}).content.decode()
    assert "p2@test.example" in text and "p1@test.example" not in text
    assert f'<a href="{settings.BASE_URL}/x/"' in text
    assert "No mail went to such an address" in client.get("/mailbox/", {"q": "nobody"}).content.decode()
