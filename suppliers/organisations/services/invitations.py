"""Deeds on invitations: invite, send again, withdraw, accept, hand on to a colleague."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.accounts.models import Invitation, User
from portal.accounts.queries import MAX_HOPS, hops_before, invited_since, person_with
from portal.accounts.services import (
    close_invitation,
    create_invitation,
    create_person,
    finish_invitation,
    link_invitations,
    renew_invitation,
    usable_invitations,
    verify_address,
)
from portal.accounts.services import revoke_invitation as close_for_good
from portal.lib.errors import DomainError
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails
from portal.trail.services import record
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, MembershipOffer, Organisation
from suppliers.organisations.services.members import add_member

RESEND_PAUSE = timedelta(minutes=5)
RESENDS_A_DAY = 5
INVITATIONS_AN_HOUR = 60


def invitation_mail(invitation: Invitation, *, template: str = "invitation") -> Mail:
    """Return the unsaved mail that carries the link of this invitation; its key changes with the link."""
    offer = MembershipOffer.objects.select_related("organisation").filter(invitation=invitation).first()
    with translation.override(invitation.language):
        role = str(Role(offer.role).label) if offer else ""
    return build_mail(
        f"invitation:{invitation.pk}:{invitation.nonce}",
        to_email=invitation.email,
        to_name=invitation.name,
        template=template,
        language=invitation.language,
        organisation_id=offer.organisation_id if offer else None,
        context={
            "invitation_id": invitation.pk,
            "organisation": offer.organisation.name if offer else "",
            "role": role,
            "inviter": str(invitation.created_by or ""),
        },
    )


@transaction.atomic
def invite_member(
    *,
    organisation: Organisation,
    role: Role | str,
    email: str,
    name: str = "",
    language: str = "en",
    next_path: str = "",
    actor: User | None,
    mail: bool = True,
) -> Invitation:
    """Invite a person into an organisation; with `mail` the link is sent. Writes the trail.

    An open invitation for the same address, organisation and role is used again. Raises DomainError
    when the person has this role already.
    """
    email, role = email.strip().lower(), Role(role)
    if Membership.objects.filter(user__email=email, organisation=organisation, role=role).exists():
        raise DomainError(_("%(email)s has this role already.") % {"email": email}, code="member")
    invitation = Invitation.objects.filter(
        usable_invitations(), email=email, offer__organisation=organisation, offer__role=role
    ).first()
    if invitation is None:
        invitation = create_invitation(email=email, name=name, language=language, next_path=next_path, actor=actor)
        MembershipOffer.objects.create(invitation=invitation, organisation=organisation, role=role)
        record(
            "invite_member",
            actor=actor,
            thing=invitation,
            organisation_id=organisation.pk,
            person=email,
            role=role,
        )
    if mail:
        queue_mails([invitation_mail(invitation)])
    return invitation


def refuse_flood(user: User) -> None:
    """Raise DomainError when a person invites more people by hand than any team has; mails to strangers are no toy."""
    if invited_since(user, timezone.now() - timedelta(hours=1)) >= INVITATIONS_AN_HOUR:
        raise DomainError(_("You have invited many people within an hour. Go on in an hour."), code="too_often")


def refuse_hasty_resend(invitation: Invitation) -> None:
    """Raise DomainError when the link was mailed a moment ago or too often today."""
    now = timezone.now()
    sent = Mail.objects.filter(key__startswith=f"invitation:{invitation.pk}:", created_at__gt=now - timedelta(days=1))
    if sent.filter(created_at__gt=now - RESEND_PAUSE).exists() or sent.count() >= RESENDS_A_DAY:
        raise DomainError(
            _("The link was sent a short while ago. Look into the mailbox, also among unwanted mail, or try later."),
            code="too_often",
        )


@transaction.atomic
def resend_invitation(*, invitation: Invitation, actor: User | None) -> Invitation:
    """Send a new link with a new term to the same address; older links go stale.

    Raises DomainError when it was sent a moment ago, ConflictError when the invitation is closed.
    """
    refuse_hasty_resend(invitation)
    renew_invitation(invitation)
    queue_mails([invitation_mail(invitation)])
    offer = MembershipOffer.objects.filter(invitation=invitation).first()
    record(
        "resend_invitation",
        actor=actor,
        thing=invitation,
        organisation_id=offer.organisation_id if offer else None,
        person=invitation.email,
    )
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User | None) -> None:
    """Withdraw an invitation nobody has used. Raises ConflictError when it is closed."""
    close_for_good(invitation)
    offer = MembershipOffer.objects.filter(invitation=invitation).first()
    record(
        "revoke_invitation",
        actor=actor,
        thing=invitation,
        organisation_id=offer.organisation_id if offer else None,
        person=invitation.email,
    )


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, password: str | None, language: str) -> User:
    """Create the person, give them what was offered, use the link up. Without a password they sign in by code.

    Raises ConflictError when the link is used up or the address has an account.
    """
    close_invitation(invitation)
    user = create_person(email=invitation.email, name=name, language=language, password=password)
    return welcome(invitation, user)


@transaction.atomic
def join_by_invitation(*, invitation: Invitation, user: User) -> User:
    """Give a person with an account what was offered, use the link up.

    Raises DomainError when the link was meant for another address, ConflictError when it is used up.
    """
    if person_with(invitation.email) != user:
        raise DomainError(_("This link was meant for another address. Sign in with that one, or hand it on."))
    close_invitation(invitation)
    verify_address(user)
    return welcome(invitation, user)


def welcome(invitation: Invitation, user: User) -> User:
    """Add the offered membership and note who came."""
    finish_invitation(invitation, user)
    offer = MembershipOffer.objects.select_related("organisation").filter(invitation=invitation).first()
    if offer:
        add_member(user=user, organisation=offer.organisation, role=offer.role, actor=user)
    record(
        "accept_invitation",
        actor=user,
        thing=invitation,
        organisation_id=offer.organisation_id if offer else None,
    )
    user.refresh_from_db()
    return user


@transaction.atomic
def hand_on_invitation(*, invitation: Invitation, email: str, name: str) -> Invitation:
    """Invite a colleague in the place of the invited person; the old link closes and points to the new one.

    Raises DomainError for the same address or too long a chain, ConflictError when the link is used up.
    """
    email = email.strip().lower()
    if email == invitation.email:
        raise DomainError(_("This is the address the link was sent to. Enter your colleague's."))
    if hops_before(invitation) >= MAX_HOPS:
        raise DomainError(_("This request was handed on too often. Ask the people who sent it for a new one."))
    offer = MembershipOffer.objects.select_related("organisation").filter(invitation=invitation).first()
    following = create_invitation(
        email=email,
        name=name,
        language=invitation.language,
        next_path=invitation.next_path,
        actor=invitation.created_by,
    )
    link_invitations(invitation, following)
    if offer:
        MembershipOffer.objects.create(invitation=following, organisation=offer.organisation, role=offer.role)
    queue_mails([invitation_mail(following)])
    record(
        "hand_on_invitation",
        actor=None,
        thing=invitation,
        organisation_id=offer.organisation_id if offer else None,
        person=invitation.email,
        to=email,
        following=following.pk,
    )
    return following
