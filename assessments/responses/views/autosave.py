"""The autosave endpoint: one answer in, its version and the progress out, JSON only.

PUT {"value", "na": null or the reason, "comment", "base_version", "confirm"}; absent "comment" leaves it as it is.
200 saved (or already so), 409 somebody else was quicker (detail: what stands), 422 not a possible value,
401 signed out, 403 may not answer, 404 unknown, 410 the response takes no answers.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.questionnaires.queries import document_of
from assessments.responses import services
from assessments.responses.models import Response
from assessments.responses.progress import Standing
from assessments.responses.views.access import can_answer, fetch_own, reader_of
from portal.api.envelope import envelope
from portal.lib.errors import DomainError

HEADER = "X-Answering-User"


@require_http_methods(["PUT"])
def response_answer(request: HttpRequest, pk: int, code: str) -> JsonResponse:
    """Save one answer."""
    signed_in = request.user.is_authenticated
    if not signed_in or request.headers.get(HEADER, str(request.user.pk)) != str(request.user.pk):
        message = _("You are signed out. Sign in again; what you typed is kept on this device.")
        return refuse(401, "signed_out", message)
    try:
        response = fetch_own(request, pk)
    except Http404:
        return refuse(404, "not_found", _("This questionnaire was not found. Open it again from your to-do list."))
    if not can_answer(response):
        return refuse(403, "forbidden", _("You may read these answers but not change them. Ask your manager."))
    try:
        given = read_given(request, code)
        saved = services.save_answer(response=response, actor=reader_of(request), **given)
    except DomainError as error:
        return refuse(error.status, error.code, error.message, error.detail)
    return JsonResponse(reply_of(saved, section_of(response, code)))


def refuse(status: int, code: str, message: str, detail: object = None) -> JsonResponse:
    """Answer with the one error envelope."""
    return JsonResponse(envelope(code, message, detail), status=status)


def read_given(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return the arguments of `save_answer`; raises DomainError for a body that is none."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BodyError(_("The answer did not arrive whole. Reload the page and try again.")) from error
    if not isinstance(body, dict):
        raise BodyError(_("The answer did not arrive whole. Reload the page and try again."))
    na, comment, base = body.get("na"), body.get("comment"), body.get("base_version", 0)
    is_clean = isinstance(na, str | None) and isinstance(comment, str | None) and type(base) is int and base >= 0
    if not is_clean:
        raise BodyError(_("The answer did not arrive whole. Reload the page and try again."))
    return {
        "code": code,
        "value": body.get("value"),
        "not_applicable": na is not None,
        "reason": na or "",
        "comment": comment,
        "base_version": base,
        "confirm": body.get("confirm") is True,
    }


class BodyError(DomainError):
    """What was sent is no answer at all."""

    status = 400


def section_of(response: Response, code: str) -> str:
    """Return the section a question stands in."""
    return document_of(response.version).section_codes[code]


def reply_of(saved: services.SavedAnswer, section: str) -> dict[str, Any]:
    """Return what the page shows after a save; `answered` and `total` are those of the question's section."""
    counts = section_counts(saved.standing)
    return {
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat() if saved.saved_at else None,
        **counts[section],
        "sections": counts,
        "progress": {"answered": saved.answered, "total": saved.asked},
    }


def section_counts(standing: Standing) -> dict[str, dict[str, int]]:
    """Return answered and total by section."""
    return {code: {"answered": one.answered, "total": one.asked} for code, one in standing.sections.items()}
