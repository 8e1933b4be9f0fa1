"""Reads: invitations and the people behind them."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from portal.accounts.models import Invitation, User

MAX_HOPS = 5
LANGUAGE_CODES = frozenset(code for code, _name in settings.LANGUAGES)


def person_with(email: str) -> User | None:
    """Return the person who signs in by this address."""
    return User.objects.filter(email=email.strip().lower()).first()


def chain_of(invitation: Invitation) -> list[Invitation]:
    """Return the invitation and those it was handed on to, in order."""
    chain, seen = [invitation], {invitation.pk}
    while (following := chain[-1].handed_on_to) and following.pk not in seen:
        chain.append(following)
        seen.add(following.pk)
    return chain


def hops_before(invitation: Invitation) -> int:
    """Return how often the invitation was handed on before it came here."""
    hops, current = 0, invitation
    while (before := current.handed_on_from.first()) and hops <= MAX_HOPS:
        hops, current = hops + 1, before
    return hops


def invited_since(user: User, moment: datetime) -> int:
    """Return how many invitations a person has made since a moment."""
    return Invitation.objects.filter(created_by=user, created_at__gt=moment).count()


def has_second_factor(user: User, *, besides: int | None = None) -> bool:
    """Whether the person has an authenticator app or a passkey; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exclude(pk=besides).exists())


def signed_in(request: HttpRequest) -> User:
    """Return the person behind a request; for views that stand behind login_required."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied


def login_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return the address somebody tries to sign in with, for counting refusals per address and place."""
    given = credentials or {}
    return str(given.get("email") or given.get("username") or request.POST.get("login") or "").strip().lower()
