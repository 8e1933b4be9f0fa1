"""Errors a user may meet: every one is a sentence that says how to mend it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


class DomainError(Exception):
    """A deed refused for a reason its user can mend. `message` is translated, `code` is stable."""

    status = 422

    def __init__(self, message: str, *, code: str = "refused", detail: object = None) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code
        self.detail = detail


class ConflictError(DomainError):
    """Somebody else was quicker; `detail` holds what stands now."""

    status = 409


class ForbiddenError(PermissionDenied):
    """A deed this role may not do."""


class SentenceMiddleware:
    """Turns a DomainError that no view handled into a message on the page the reader came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError with its sentence; leave every other exception alone."""
        if not isinstance(exception, DomainError):
            return None
        messages.error(request, exception.message)
        back = request.headers.get("Referer", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        context = {"message": exception.message, "back": back if safe else "/"}
        return render(request, "refused.html", context, status=exception.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a lost or stale form token with a page that says what to do."""
    context: dict[str, Any] = {"reason": reason}
    return render(request, "403_csrf.html", context, status=403)
