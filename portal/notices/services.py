"""Mails: queue as rows, send by a worker, never decide state."""

import hashlib
import logging
import smtplib
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from portal.accounts.models import Invitation, User
from portal.lib.queue import enqueue
from portal.notices.enums import MailState
from portal.notices.models import Mail
from portal.notices.queries import Words, due_mails, invitations_of, render_html, render_mail

logger = logging.getLogger(__name__)

BATCH = 50
RUN_LIMIT = 500
RUN_SECONDS = 5.0  # a worker that sends for minutes would keep a submission waiting for its score
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]
ATTEMPTS = len(PAUSES) + 1
LEASE = timedelta(minutes=5)
HEAD_START = timedelta(days=1)
# The mail server said no in words: nothing was sent. Anything else leaves open whether it was.
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError, ValueError)


def build_mail(
    key: str,
    *,
    to_email: str,
    template: str,
    context: dict[str, Any],
    language: str,
    to_name: str = "",
    user: User | None = None,
    organisation_id: int | None = None,
) -> Mail:
    """Return an unsaved mail. `template` names templates/emails/<template>.{subject.txt,txt,html}."""
    return Mail(
        key=key,
        to_email=to_email,
        to_name=to_name,
        template=template,
        context=context,
        language=language,
        user=user,
        organisation_id=organisation_id,
    )


@transaction.atomic
def queue_mails(mails: Iterable[Mail]) -> int:
    """Save mails and wake the sender after commit; a key that exists is skipped. Returns how many were given."""
    rows = list(mails)
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    enqueue("notices.send")
    return len(rows)


class QueueBackend(BaseEmailBackend):
    """A mail backend that queues what it is given, for libraries that build their own mails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the messages as rendered rows; returns how many."""
        # A person waits for a sign-in code or a reset link: it goes before a campaign's thousands.
        due = timezone.now() - HEAD_START
        rows = [
            Mail(
                key=f"rendered:{uuid4().hex}",
                to_email=address,
                language=translation.get_language() or "en",
                subject=str(message.subject)[:300],
                text=str(message.body),
                html=html_of(message),
                due_at=due,
            )
            for message in email_messages
            for address in message.to
        ]
        queue_mails(rows)
        return len(email_messages)


def html_of(message: EmailMessage) -> str:
    """Return the HTML part of a message, else its text in our frame."""
    parts = getattr(message, "alternatives", [])
    given = next((str(content) for content, kind in parts if kind == "text/html"), "")
    context = {"base_url": settings.BASE_URL, "language": translation.get_language() or "en"}
    return given or render_html("", str(message.body), context)


# Sending -------------------------------------------------------------------------------------------


def send_due_mails(limit: int = RUN_LIMIT) -> int:
    """Send what is due, at most `limit` mails and a few seconds of them; wakes itself again when more wait."""
    started, handled = time.monotonic(), 0
    while handled < limit and time.monotonic() - started < RUN_SECONDS:
        batch = list(due_mails()[: min(BATCH, limit - handled)])
        if not batch:
            return handled
        done = keep_batch(batch) if settings.MAILBOX else send_batch(batch)
        if not done:
            return handled
        handled += done
    if due_mails().exists():
        enqueue("notices.send")
    return handled


@transaction.atomic
def keep_batch(batch: list[Mail]) -> int:
    """Render mails and keep them as sent: the mailbox page shows them, no mail server is spoken to."""
    invitations, now = invitations_of(batch), timezone.now()
    ready = []
    for mail in batch:
        if (words := render_or_fail(mail, invitations)) is not None:
            mail.subject, mail.text, mail.html = words.subject[:300], words.text, words.html
            mail.state, mail.sent_at, mail.attempts = MailState.SENT, now, mail.attempts + 1
            ready.append(mail)
    Mail.objects.bulk_update(ready, ["subject", "text", "html", "state", "sent_at", "attempts"])
    return len(batch)


def send_batch(batch: list[Mail]) -> int:
    """Send mails over one connection; 0 when the mail server cannot be reached, so that they wait untouched."""
    invitations, connection = invitations_of(batch), get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("The mail server cannot be reached; mails wait (%s)", error)
        return 0
    try:
        for mail in batch:
            words = render_or_fail(mail, invitations)
            if words is not None and claim_mail(mail):
                deliver(mail, words, connection)
    finally:
        connection.close()
    return len(batch)


def render_or_fail(mail: Mail, invitations: dict[int, Invitation]) -> Words | None:
    """Return the words; a mail that cannot be rendered is marked failed, for it never will be."""
    try:
        return render_mail(mail, invitations)
    except Exception as error:
        logger.exception("Mail %s cannot be rendered", mail.key)
        end_mail(mail, MailState.FAILED, was=MailState.WAITING, error=repr(error))
        return None


def claim_mail(mail: Mail) -> bool:
    """Take one waiting mail for this worker: the last thing written before the mail server hears of it."""
    won = Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(
        state=MailState.SENDING, claimed_at=timezone.now(), attempts=F("attempts") + 1
    )
    mail.attempts += won
    return bool(won)


def deliver(mail: Mail, words: Words, connection: BaseEmailBackend) -> None:
    """Hand one claimed mail to the mail server and write how that went."""
    try:
        message_of(mail, words, connection).send()
    except REFUSALS as error:
        postpone_mail(mail, repr(error))
    except (OSError, smtplib.SMTPException) as error:
        end_mail(mail, MailState.UNCERTAIN, was=MailState.SENDING, error=repr(error))
    else:
        # A rendered mail holds a code or a reset link; once it is out nobody needs the copy.
        end_mail(mail, MailState.SENT, was=MailState.SENDING, subject=words.subject[:300], text="", html="")


def message_of(mail: Mail, words: Words, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Return the message; its Message-ID depends on the key alone, so a second copy can be recognised."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    digest = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    name = " ".join(mail.to_name.split())
    message = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[formataddr((name, mail.to_email)) if name else mail.to_email],
        headers={"Message-ID": f"<{digest}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if words.html:
        message.attach_alternative(words.html, "text/html")
    return message


def postpone_mail(mail: Mail, error: str) -> None:
    """Try a refused mail again later; after the last try it has failed."""
    if mail.attempts >= ATTEMPTS:
        end_mail(mail, MailState.FAILED, was=MailState.SENDING, error=error)
        return
    due = timezone.now() + PAUSES[mail.attempts - 1]
    end_mail(mail, MailState.WAITING, was=MailState.SENDING, error=error, due_at=due)


def end_mail(mail: Mail, state: MailState, *, was: MailState, error: str = "", **columns: object) -> None:
    """Write where a mail stands, unless somebody else moved it meanwhile."""
    if state is MailState.SENT:
        columns["sent_at"] = timezone.now()
    Mail.objects.filter(pk=mail.pk, state=was).update(state=state, error=error[:300], **columns)


def sweep_mails() -> int:
    """Give up on mails a dead worker was sending, wake the sender for those that wait; returns how many were given up.

    A mail that may have gone out is never sent again by itself (docs/adr/0002).
    """
    lost = Mail.objects.filter(state=MailState.SENDING, claimed_at__lt=timezone.now() - LEASE).update(
        state=MailState.UNCERTAIN, error="The worker stopped while the mail server was being spoken to."
    )
    if due_mails().exists():
        enqueue("notices.send")
    return lost
