"""Deeds on people and on the links that bring them in."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Invitation, User, invitation_end, new_nonce
from portal.lib.errors import ConflictError, DomainError

SALT = "portal.accounts.invitation"
SIGNER = signing.Signer(salt=SALT, sep=".")


def sign_invitation(invitation: Invitation) -> str:
    """Return the token of the link: id and nonce, signed; a new nonce makes every older link stale."""
    return SIGNER.sign(f"{invitation.pk}.{invitation.nonce}")


def read_token(token: str) -> tuple[int, str] | None:
    """Return (id, nonce) of a token we signed, None for anything else."""
    try:
        number, _dot, nonce = SIGNER.unsign(token).partition(".")
        return int(number), nonce
    except (signing.BadSignature, ValueError):
        return None


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation of the newest link, whatever its state; None for a stale or foreign token."""
    parts = read_token(token)
    return Invitation.objects.filter(pk=parts[0], nonce=parts[1]).first() if parts else None


def find_stale_invitation(token: str) -> Invitation | None:
    """Return the invitation behind a link that a newer one has replaced."""
    parts = read_token(token)
    return Invitation.objects.filter(pk=parts[0]).exclude(nonce=parts[1]).first() if parts else None


def invitation_url(invitation: Invitation) -> str:
    """Return the absolute link; the host comes from the settings, never from a request."""
    return f"{settings.BASE_URL}{reverse('invitation_open', args=[sign_invitation(invitation)])}"


def usable_invitations() -> Q:
    """Return the condition under which a link opens the door."""
    closed = Q(accepted_at__isnull=False) | Q(revoked_at__isnull=False) | Q(handed_on_to__isnull=False)
    return ~closed & Q(expires_at__gt=timezone.now())


def create_invitation(
    *, email: str, name: str = "", language: str = "en", next_path: str = "", actor: User | None
) -> Invitation:
    """Create a link for one address. Sends nothing: the room that knows what is offered builds the mail."""
    return Invitation.objects.create(
        email=email.strip().lower(), name=name, language=language, next_path=next_path, created_by=actor
    )


def open_invitation(invitation: Invitation) -> None:
    """Note the first time a link was opened."""
    Invitation.objects.filter(pk=invitation.pk).update(opened_at=Coalesce(F("opened_at"), timezone.now()))


def renew_invitation(invitation: Invitation) -> Invitation:
    """Give an open or expired invitation a new link and term; older links go stale. ConflictError when closed."""
    won = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, revoked_at=None, handed_on_to=None, nonce=invitation.nonce
    ).update(nonce=new_nonce(), expires_at=invitation_end(), opened_at=None)
    invitation.refresh_from_db()
    if not won:
        raise ConflictError(_("This invitation is closed or was sent again a moment ago. Reload the page."))
    return invitation


def revoke_invitation(invitation: Invitation) -> None:
    """Close a link before it is used. Raises ConflictError when it is closed already."""
    won = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None, handed_on_to=None).update(
        revoked_at=timezone.now()
    )
    if not won:
        raise ConflictError(_("This invitation is closed already. Reload the page."))
    invitation.refresh_from_db()


def close_invitation(invitation: Invitation) -> None:
    """Use a link up: of two people who press at once one wins, the other gets ConflictError."""
    won = Invitation.objects.filter(usable_invitations(), pk=invitation.pk, nonce=invitation.nonce).update(
        accepted_at=timezone.now()
    )
    if not won:
        raise ConflictError(_("This link has just been used or replaced. Open the newest link again."))


def link_invitations(old: Invitation, new: Invitation) -> None:
    """Close an invitation because a colleague got one instead; ConflictError when it is closed already."""
    won = Invitation.objects.filter(usable_invitations(), pk=old.pk, nonce=old.nonce).update(handed_on_to=new)
    if not won:
        raise ConflictError(_("This link has just been used or replaced. Open the newest link again."))
    old.refresh_from_db()


@transaction.atomic
def create_person(*, email: str, name: str, language: str = "en", password: str | None = None) -> User:
    """Create a person whose e-mail address is verified; without a password they sign in by code.

    Raises ConflictError when somebody has this address.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, language=language)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:
        raise ConflictError(_("There is an account with this address already. Sign in first.")) from error
    return user


def verify_address(user: User) -> None:
    """Mark the person's own address as verified: they came by a link that was mailed to it."""
    found, created = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    if not created and not found.verified:
        found.set_verified()


def finish_invitation(invitation: Invitation, user: User) -> None:
    """Note who came by the link."""
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    invitation.refresh_from_db()


def change_profile(*, user: User, name: str, language: str, second_language: str) -> User:
    """Write what a person says of themselves. Raises DomainError when both languages are the same."""
    if language == second_language:
        raise DomainError(_("Choose a second language that differs from the first, or none."))
    user.name, user.language, user.second_language = name, language, second_language
    user.save(update_fields=["name", "language", "second_language"])
    return user


def choose_language(*, user: User, language: str) -> None:
    """Write the language a person reads in."""
    user.language = language
    user.save(update_fields=["language"])


def shown_address(email: str) -> str:
    """Return an address with its middle hidden: "m…a@acme.example"."""
    name, _at, host = email.partition("@")
    return f"{name[:1]}…{name[-1:]}@{host}"
