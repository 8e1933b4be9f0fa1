"""One shape for every error."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.lib.errors import DomainError


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return {"error": {"code", "message", "detail"}} for every refusal; None lets Django answer a crash."""
    if isinstance(error, DomainError):
        return Response(envelope(error.code, error.message, error.detail), status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    code = getattr(error, "default_code", None) or {403: "forbidden", 404: "not_found"}.get(
        response.status_code, "refused"
    )
    detail = response.data if isinstance(response.data, dict) else {"errors": response.data}
    message = detail.pop("detail", "") if isinstance(detail, dict) else ""
    response.data = envelope(str(code), str(message) or "The request was refused.", detail or None)
    return response


def envelope(code: str, message: str, detail: object = None) -> dict[str, Any]:
    """Return the body of an error."""
    return {"error": {"code": code, "message": message, "detail": detail}}
