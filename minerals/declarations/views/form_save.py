"""The autosave endpoint of the form: one field in, its version and the progress out, JSON only.

PUT {"value": text, "base_version"}. 200 saved (or already so), 409 somebody else was quicker (detail: what stands),
422 not possible, 401 signed out, 403 may not write, 404 unknown, 410 the declaration takes nothing now.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from minerals.declarations.document import counts_of, is_field, read_field, step_of, steps_of
from minerals.declarations.models import Declaration, Draft
from minerals.declarations.permissions import may
from minerals.declarations.queries.drafts import draft_of, form_declarations
from minerals.declarations.queries.wording import PROBLEMS
from minerals.declarations.services.drafting import Saved, save_fields
from portal.accounts.queries import signed_in
from portal.api.envelope import envelope
from portal.lib.errors import DomainError

HEADER = "X-Answering-User"


def refuse(status: int, code: str, message: str, detail: object = None) -> JsonResponse:
    """Answer with the one error envelope."""
    return JsonResponse(envelope(code, message, detail), status=status)


@require_http_methods(["PUT"])
def declaration_form_save(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    """Save one field."""
    user = request.user
    if not user.is_authenticated or request.headers.get(HEADER, str(user.pk)) != str(user.pk):
        return refuse(401, "signed_out", _("You are signed out. Sign in again; what you wrote is kept on this device."))
    try:
        declaration, draft = fetch(request, pk, key)
    except Http404:
        return refuse(404, "not_found", _("This field was not found. Open the declaration again from your list."))
    if not may(user, "fill", declaration):
        return refuse(403, "forbidden", _("You may read this form but not write in it. Ask your manager."))
    try:
        value, base = read_given(request)
        saved = save_fields(declaration=declaration, posted={key: (value, base)}, actor=signed_in(request))
    except DomainError as error:
        closed = error.code == "transition"
        return refuse(410 if closed else error.status, error.code, error.message, error.detail)
    return answer(draft, saved, key)


def fetch(request: HttpRequest, pk: int, key: str) -> tuple[Declaration, Draft]:
    """Return the declaration and draft of a field that exists, or 404."""
    declaration = form_declarations(signed_in(request)).filter(pk=pk).first()
    draft = draft_of(declaration) if declaration else None
    if declaration is None or draft is None or not is_field(draft.content["declared"], key):
        raise Http404
    return declaration, draft


def read_given(request: HttpRequest) -> tuple[str, int]:
    """Return what was sent; raises DomainError for a body that is none."""
    broken = DomainError(_("The text did not arrive whole. Reload the page and try again."), code="body")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise broken from error
    value, base = (body.get("value"), body.get("base_version", 0)) if isinstance(body, dict) else (None, 0)
    if not isinstance(value, str) or type(base) is not int or base < 0:
        raise broken
    return value, base


def answer(before: Draft, saved: Saved, key: str) -> JsonResponse:
    """Return what the page shows after a save."""
    data = saved.draft.content["declared"]
    if key in saved.outcome.wrong:
        return refuse(422, "value", str(PROBLEMS[saved.outcome.wrong[key][1]]))
    if key in saved.outcome.conflicts:
        stands = {
            "value": read_field(data, key),
            "version": saved.draft.version,
            "by": saved.by,
            "at": saved.draft.updated_at.isoformat(),
        }
        return refuse(409, "conflict", _("Somebody else changed this field, too."), stands)
    counts: dict[str, Any] = {
        step.code: dict(zip(("answered", "total"), counts_of(data, step), strict=True)) for step in steps_of(data)
    }
    here = counts.get(step_of(data, key).code, {})
    return JsonResponse(
        {"version": saved.draft.version, "saved_at": saved.draft.updated_at.isoformat(), **here, "sections": counts}
    )
