"""How often one token may ask."""

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from portal.api.models import Token


class TokenThrottle(SimpleRateThrottle):
    """Counts by token; people in the browser are not counted."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Return the counter's key, None for a person in the browser."""
        return f"throttle-token-{request.auth.pk}" if isinstance(request.auth, Token) else None
