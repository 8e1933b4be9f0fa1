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
WRITING_ERRORS = {
    "400": "The body or the Idempotency-Key cannot be read; detail names the place of each fault.",
    "409": "The Idempotency-Key was used for something else, or somebody wrote at the same time.",
    "410": "What is written in is closed.",
    "413": "The body is too large.",
    "422": "Something in the body cannot stand; detail names the place of each fault. Nothing was written.",
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
        for method, operation in methods.items():
            errors = {**ERRORS, **WRITING_ERRORS} if method == "post" else ERRORS
            for status, description in errors.items():
                if status != "404" or "{id}" in path:
                    operation["responses"][status] = {"description": description, "content": content}
    return result
