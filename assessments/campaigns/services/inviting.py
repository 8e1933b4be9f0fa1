"""The door of one request: send its mail again, ask another person, keep the link alive."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.campaigns.models import Request
from assessments.campaigns.queries import mails_of, subject_of
from assessments.campaigns.services.recipients import Letter, Recipient, members_of, recipients_of, spoken
from portal.accounts.models import Invitation, User
from portal.lib.errors import DomainError
from portal.notices.services import queue_mails
from portal.trail.services import record
from suppliers.organisations.enums import Role
from suppliers.organisations.services.invitations import invite_member

HOPS = 5
AGAIN_PAUSE = timedelta(minutes=5)
AGAIN_A_DAY = 5


@transaction.atomic
def resend_request(*, request: Request, actor: User) -> int:
    """Send the first mail of a request again, with the same link; returns how many mails.

    Raises DomainError when it went out a moment ago, when nobody can be written to, or when answers are in.
    """
    subject = subject_of(request.campaign)
    if not subject.is_open(request.thing):
        raise DomainError(str(subject.words.over), code="answered")
    members = members_of([request.site.organisation_id])
    door = usable_doors([request]).get(request.pk)
    if members:
        readers = recipients_of(request.site, members, request.campaign.languages)
    elif door:
        readers = [Recipient(door.email, door.name, spoken(door.language, request.campaign.languages))]
    else:
        raise DomainError(_("There is nobody to write to. Enter a person to invite."), code="nobody")
    record("resend_request", actor=actor, thing=request, organisation_id=request.campaign.buyer_id)
    return mail_again(request, readers, door)


@transaction.atomic
def invite_contact(*, request: Request, email: str, name: str, language: str, actor: User) -> Invitation:
    """Invite another person to a request nobody has taken up, and mail the request to them.

    The earlier invitation stays valid for whom it was sent to. Raises DomainError when the supplier has people.
    """
    if members_of([request.site.organisation_id]):
        message = _("This supplier has people who can sign in. Remind them; they can invite colleagues themselves.")
        raise DomainError(message, code="members")
    door = invite_member(
        organisation=request.site.organisation,
        role=Role.SUPPLIER_MANAGER,
        email=email,
        name=name,
        language=language,
        next_path=subject_of(request.campaign).path(request.thing.pk),
        actor=actor,
        mail=False,
    )
    Request.objects.filter(pk=request.pk).update(invitation=door, contact_email=door.email)
    request.invitation, request.contact_email = door, door.email
    reader = Recipient(door.email, door.name, spoken(door.language, request.campaign.languages))
    record("invite_contact", actor=actor, thing=request, organisation_id=request.campaign.buyer_id, person=door.email)
    mail_again(request, [reader], door)
    return door


def mail_again(request: Request, readers: list[Recipient], door: Invitation | None) -> int:
    """Queue the request's own mail once more; refuse haste."""
    now = timezone.now()
    earlier = mails_of(request).filter(key__startswith=f"again:{request.pk}:", created_at__gt=now - timedelta(days=1))
    hasty = earlier.filter(created_at__gt=now - AGAIN_PAUSE, to_email__in=[reader.email for reader in readers])
    if hasty.exists() or earlier.count() >= AGAIN_A_DAY:
        message = _("This mail was sent a short while ago. Copy the link instead, or try later.")
        raise DomainError(message, code="too_often")
    letter, thing = Letter(request.campaign), request.thing
    return queue_mails(
        letter.mails(
            f"again:{request.pk}:{now:%Y%m%d%H%M%S%f}",
            "request",
            readers,
            request.site,
            request_id=request.pk,
            thing_id=thing.pk,
            due_on=thing.due_on or request.campaign.due_on,
            invitation=door,
        )
    )


def usable_doors(requests: Iterable[Request]) -> dict[int, Invitation]:
    """Return {request: the invitation that opens the door today}, following hand-overs, its time extended.

    A ladder may be longer than an invitation lives: a reminder must never bring a dead link.
    """
    heads = {request.pk: request.invitation for request in requests if request.invitation is not None}
    for _hop in range(HOPS):
        onward = {pk: head.handed_on_to_id for pk, head in heads.items() if head.handed_on_to_id}
        if not onward:
            break
        found = Invitation.objects.in_bulk(set(onward.values()))
        heads |= {pk: found[target] for pk, target in onward.items() if target in found}
    usable = {pk: head for pk, head in heads.items() if not is_closed(head)}
    half = timezone.now() + timedelta(days=settings.INVITATION_DAYS // 2)
    short = {head.pk for head in usable.values() if head.expires_at < half}
    if short:
        until = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
        Invitation.objects.filter(pk__in=short, accepted_at=None, revoked_at=None).update(expires_at=until)
    return usable


def is_closed(invitation: Invitation) -> bool:
    """Whether the link was used, withdrawn or replaced; running out of time does not count."""
    return bool(invitation.accepted_at or invitation.revoked_at or invitation.handed_on_to_id)
