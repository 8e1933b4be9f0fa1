"""How often one token may ask."""

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from portal.api.models import Token

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module while it is being imported


class TokenThrottle(SimpleRateThrottle):
    """Counts by token; people in the browser are not counted."""

    scope = "token"

    def get_rate(self) -> str:
        """Return the rate of the settings as they are now."""
        return str(api_settings.DEFAULT_THROTTLE_RATES[self.scope])

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        """Return the counter's key, None for a person in the browser."""
        return f"throttle-token-{request.auth.prefix}" if isinstance(request.auth, Token) else None
