"""The schema and its page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.utils.decorators import method_decorator
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication

from portal.api.authentication import SignedIn

ERRORS = {
    "400": "A filter is unknown or its value cannot be read.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token lacks the scope.",
    "404": "There is no such row, or it is not yours to see.",
    "429": "Too many requests with this token; Retry-After says how many seconds to wait.",
}
ERROR_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "detail"],
            "properties": {
                "code": {"type": "string", "description": "Stable, for programs."},
                "message": {"type": "string", "description": "A sentence for people, in their language."},
                "detail": {"description": "What a program can act on, or null.", "nullable": True},
            },
        }
    },
}


class SchemaView(SpectacularAPIView):
    """The schema, for any live token and any signed-in person."""

    permission_classes = (SignedIn,)


@method_decorator(login_required, name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """The schema as a page to read and try, in the frame of the portal."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (SignedIn,)
    url_name = "api:schema"
    template_name = "api/docs.html"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself untyped
    """Tells the schema how a token is sent."""

    target_class = "portal.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token of the page Account, Tokens."}


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the error envelope to every operation."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR_SCHEMA
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for path, methods in result["paths"].items():
        for operation in methods.values():
            for status, description in ERRORS.items():
                if status != "404" or path.endswith("{id}/"):
                    operation["responses"][status] = {"description": description, "content": content}
    return result
