"""Tokens: make, revoke, note that one was used."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.api.models import Token
from portal.api.queries import live_tokens, token_organisations
from portal.lib.errors import DomainError, ForbiddenError
from portal.trail.services import record

MOST_TOKENS = 20
SECRET_BYTES = 32
# A key starts alike, so that programs which look for leaked secrets can find ours.
PREFIX_START = "snp"
PREFIX_LENGTH = 12
PREFIX_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
USE_STEP = timedelta(minutes=1)


def digest_of(secret: str) -> str:
    """Return what is stored of a token; it is 256 bits of chance, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(*, name: str, scopes: Sequence[str], days: int, actor: User) -> tuple[Token, str]:
    """Make a token of `actor` and return it with its key, which nobody can read again.

    Raises ForbiddenError without a role that may use tokens, DomainError for a name in use or too many tokens.
    """
    organisations = token_organisations(actor)
    if not organisations:
        raise ForbiddenError
    refuse_clutter(name, actor)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    token = Token.objects.create(
        name=name,
        prefix=PREFIX_START + get_random_string(PREFIX_LENGTH - len(PREFIX_START), PREFIX_LETTERS),
        digest=digest_of(secret),
        scopes=sorted(scopes),
        user=actor,
        expires_at=timezone.now() + timedelta(days=days),
    )
    note("create_token", token, organisations, scopes=token.scopes, days=days)
    return token, f"{token.prefix}.{secret}"


def refuse_clutter(name: str, actor: User) -> None:
    """Refuse a second live token of one name, which is also what reloading the page would make, and too many."""
    live = live_tokens(actor)
    if live.filter(name=name).exists():
        message = _("You have a token of this name. Choose another name, or revoke that token first.")
        raise DomainError(message, code="name_taken")
    if live.count() >= MOST_TOKENS:
        message = _("You have %(count)s tokens. Revoke one that is no longer used first.") % {"count": MOST_TOKENS}
        raise DomainError(message, code="too_many")


@transaction.atomic
def revoke_token(*, token: Token, actor: User) -> None:
    """Close the door for a token at once and for good; a token revoked before stays as it is."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        note("revoke_token", token, token_organisations(actor))


def note_use(token: Token, organisations: Sequence[int]) -> None:
    """Write down when a token was last used, once a minute at most, and in the trail once a day."""
    now, before = timezone.now(), token.last_used_at
    if before and now - before < USE_STEP:
        return
    with transaction.atomic():
        # Of several requests at once one writes: the others find the time they read already gone.
        same = Q(last_used_at=before)
        if not Token.objects.filter(same, pk=token.pk).update(last_used_at=now):
            return
        if before is None or timezone.localdate(before) != timezone.localdate(now):
            note("use_token", token, organisations)


def note(deed: str, token: Token, organisations: Sequence[int], **detail: Any) -> None:
    """Record a deed in the trail of every organisation whose rows the token may reach."""
    places: Sequence[int | None] = organisations or [None]
    for organisation_id in places:
        record(deed, actor=token.user, thing=token, organisation_id=organisation_id, name=token.name, **detail)
