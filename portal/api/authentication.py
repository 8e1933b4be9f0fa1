"""Who asks by REST, and with which scopes."""

import hashlib
import hmac
from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts.models import User
from portal.api.models import Token

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module while it is being imported


def digest_of(secret: str) -> str:
    """Return what is stored of a token; it is 256 bits of chance, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <prefix>.<secret>`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return (user, token); None without the header; raises AuthenticationFailed for a bad token."""
        kind, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "bearer":
            return None
        prefix, _, secret = key.strip().partition(".")
        token = Token.objects.select_related("user").filter(prefix=prefix).first()
        if not token or not hmac.compare_digest(token.digest, digest_of(secret)) or not token.is_live:
            raise AuthenticationFailed("This token is not known, has expired or was revoked. Make a new one.")
        if not token.user.is_active:
            raise AuthenticationFailed("The person behind this token has left. Make a new one.")
        Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Make an unauthenticated answer a 401."""
        return "Bearer"


class ScopedAccess(BasePermission):
    """A token needs the view's `scope`; a signed-in person in the browser has their own rights."""

    message = "This token lacks the scope for this resource."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the door opens at all; rows are narrowed by visible_* afterwards."""
        if request.user is None or not request.user.is_authenticated:
            return False
        if isinstance(request.auth, Token):
            return getattr(view, "scope", None) in request.auth.scopes
        return True
