"""Reads: what waits, what a mail says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.accounts.models import Invitation
from portal.accounts.services import invitation_url
from portal.notices.enums import MailState
from portal.notices.models import Mail
from portal.notices.paragraphs import split_paragraphs


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    text: str
    html: str


def due_mails() -> QuerySet[Mail]:
    """Return mails that wait and may go out now, the oldest first."""
    return Mail.objects.filter(state=MailState.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")


def latest_mails(address: str = "") -> QuerySet[Mail]:
    """Return the newest mails first, narrowed to addresses that contain the text."""
    found = Mail.objects.order_by("-pk")
    return found.filter(Q(to_email__icontains=address) | Q(to_name__icontains=address)) if address else found


def invitations_of(mails: Iterable[Mail]) -> dict[int, Invitation]:
    """Return the invitations that mails point to, in one query."""
    ids = {mail.context["invitation_id"] for mail in mails if mail.context.get("invitation_id")}
    return Invitation.objects.in_bulk(ids)


def link_of(mail: Mail, invitations: dict[int, Invitation]) -> str:
    """Return the absolute link a mail carries: an invitation, a page, or nothing. KeyError for a lost invitation."""
    if number := mail.context.get("invitation_id"):
        return invitation_url(invitations[number])
    path = mail.context.get("path", "")
    return f"{settings.BASE_URL}{path}" if path else ""


def render_mail(mail: Mail, invitations: dict[int, Invitation]) -> Words:
    """Return the words of a mail; one that was rendered when it was queued keeps its own."""
    if not mail.template:
        return Words(mail.subject, mail.text, mail.html)
    with translation.override(mail.language):
        context: dict[str, Any] = {
            **mail.context,
            "link": link_of(mail, invitations),
            "base_url": settings.BASE_URL,
            "to_name": mail.to_name,
            "language": mail.language,
        }
        subject = render_to_string(f"emails/{mail.template}.subject.txt", context)
        text = render_to_string(f"emails/{mail.template}.txt", context).strip() + "\n"
        return Words(" ".join(subject.split()), text, render_html(mail.template, text, context))


def render_html(template: str, text: str, context: dict[str, Any]) -> str:
    """Return the HTML of a mail: its own template, else its text in our frame."""
    context = {**context, "paragraphs": split_paragraphs(text, settings.BASE_URL)}
    names = [f"emails/{template}.html"] if template else []
    return render_to_string([*names, "emails/base.html"], context)
