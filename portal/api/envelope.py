"""One shape for every error."""

import logging
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.lib.errors import DomainError

logger = logging.getLogger(__name__)

CODES = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "throttled",
    500: "crash",
}
SENTENCES = {
    404: gettext_lazy("There is nothing at this address, or it is not yours to see."),
    405: gettext_lazy("This address can only be read: use GET."),
    406: gettext_lazy("Answers are JSON only. Send “Accept: application/json” or no Accept header."),
    415: gettext_lazy("Only JSON is read here. Send “Content-Type: application/json”."),
    500: gettext_lazy("Something went wrong on our side. It was written down. Try again later."),
}


def answer_error(error: Exception, context: dict[str, Any]) -> Response:
    """Return {"error": {"code", "message", "detail"}} for every refusal and every crash."""
    if isinstance(error, DomainError):
        return Response(envelope(error.code, error.message, error.detail), status=error.status)
    response = exception_handler(error, context)
    if response is None:
        log_crash(error, context)
        response = Response(status=500)
    status = response.status_code
    detail = details_of(error, response)
    sentence = sentence_of(error, status, detail)
    if status == 405 and is_reading(context):  # noqa: PLR2004 (the number is its name)
        sentence = _("This address can only be written: use POST.")
    response.data = envelope(CODES.get(status, "refused"), sentence, detail)
    return response


def is_reading(context: dict[str, Any]) -> bool:
    """Whether the request only wanted to read."""
    request = context.get("request")
    return request is not None and request.method in ("GET", "HEAD")


def envelope(code: str, message: str, detail: object = None) -> dict[str, Any]:
    """Return the body of an error."""
    return {"error": {"code": code, "message": message, "detail": detail}}


def details_of(error: Exception, response: Response) -> dict[str, Any] | None:
    """Return what a machine can act on: the sentences by name of a filter, the seconds to wait."""
    if isinstance(error, Throttled):
        seconds = int(response.headers.get("Retry-After", 0))
        return {"retry_after": seconds}
    if isinstance(error, ValidationError):
        data: Any = response.data
        return data if isinstance(data, dict) else {"request": data}
    return None


def sentence_of(error: Exception, status: int, detail: dict[str, Any] | None) -> str:
    """Return the sentence for people: what is wrong and how to mend it."""
    if isinstance(error, Throttled):
        seconds = (detail or {}).get("retry_after", 0)
        return _("Too many requests with this token. Ask again in %(seconds)s seconds.") % {"seconds": seconds}
    if isinstance(error, ValidationError) and detail:
        name, sentences = next(iter(detail.items()))
        return f"{name}: {sentences[0] if isinstance(sentences, list) else sentences}"
    own = isinstance(error, APIException) and error.detail != error.default_detail
    if own and status not in (405, 406, 415):
        return str(error.detail)  # type: ignore[attr-defined]
    if status == 401:  # noqa: PLR2004 (the number is its name)
        return _("Send a token as “Authorization: Bearer” and the token behind it. Make one on your account page.")
    return str(SENTENCES.get(status) or _("The request was refused."))


def log_crash(error: Exception, context: dict[str, Any]) -> None:
    """Write a crash down with its trace; of the answer with 500 Django itself writes only a line."""
    request = context.get("request")
    logger.error("Crash at %s", request.path if request is not None else "", exc_info=error)
