"""Who asks by REST, and with which scopes."""

import hmac
import re
from typing import TYPE_CHECKING, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.accounts.models import User
from portal.api.models import Token
from portal.api.queries import token_organisations, token_with
from portal.api.services import digest_of, note_use

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module while it is being imported

KEY = re.compile(r"(?P<prefix>[a-z0-9]{1,12})\.(?P<secret>[A-Za-z0-9_-]{20,100})")


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <prefix>.<secret>`."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return (user, token); None without the header; raises AuthenticationFailed for a bad token."""
        kind, _blank, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            refuse(_("Send the token as “Authorization: Bearer” and the token behind it."))
        token = self.find(key.strip())
        organisations = token_organisations(token.user) if token.user.is_active else []
        if not organisations:
            refuse(_("The person behind this token has left or no longer has a role that may use tokens."))
        note_use(token, organisations)
        return token.user, token

    def find(self, key: str) -> Token:
        """Return the live token of a key; unknown, expired and revoked ones sound alike."""
        match = KEY.fullmatch(key)
        token = token_with(match["prefix"]) if match else None
        if not match or not token or not hmac.compare_digest(token.digest, digest_of(match["secret"])):
            refuse(_("This token is not known. Check that the whole token was copied, or make a new one."))
        if not token.is_live:
            refuse(_("This token has expired or was revoked. Make a new one on your account page."))
        return token

    def authenticate_header(self, request: Request) -> str:
        """Make an unauthenticated answer a 401."""
        return "Bearer"


def refuse(sentence: str) -> NoReturn:
    """Answer 401 with a sentence."""
    raise AuthenticationFailed(sentence)


class ScopedAccess(BasePermission):
    """A token needs the view's `scope`, to create a row its `create_scope`; a person in the browser has own rights."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the door opens at all; rows are narrowed by visible_* afterwards."""
        if not signed_in(request):
            return False
        writing = getattr(view, "action", None) == "create"
        scope = getattr(view, "create_scope" if writing else "scope", None)
        if isinstance(request.auth, Token) and scope not in request.auth.scopes:
            raise PermissionDenied(_("This token lacks the scope %(scope)s. Make one that has it.") % {"scope": scope})
        return True


class SignedIn(BasePermission):
    """Any live token or signed-in person: for what shows no rows."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether somebody asks."""
        return signed_in(request)


def signed_in(request: Request) -> bool:
    """Whether somebody asks; without one the settings make the user None, which the stubs do not know."""
    user: Any = request.user
    return user is not None and user.is_authenticated
