"""The autosave endpoint of the audit form: one checkpoint in, its version and the progress out, JSON only.

PUT {"value": {"conclusion", "topic", "data_points", "description", "law", "evidence", "root_cause"}, "base_version"};
what is absent in "value" stays as it is. 200 saved (or already so), 409 somebody else was quicker (detail: what
stands), 422 not possible, 401 signed out, 403 may not write, 404 unknown, 410 the audit takes no conclusions.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from assessments.audits.queries.writing import section_counts, section_of
from assessments.audits.services.concluding import Given, Round, save_round
from assessments.audits.views.writing import can_write, fetch_form
from assessments.responses.views.autosave import HEADER, BodyError, refuse
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError


@require_http_methods(["PUT"])
def audit_conclusion(request: HttpRequest, pk: int, checkpoint: str) -> JsonResponse:
    """Save what was written on one checkpoint."""
    refusal = refuse_stranger(request)
    if refusal is not None:
        return refusal
    try:
        audit = fetch_form(request, pk)
    except Http404:
        return refuse(404, "not_found", _("This audit was not found. Open it again from your list of audits."))
    if not can_write(audit):
        return refuse(403, "forbidden", _("You may read this audit but not write in it. Ask the firm's manager."))
    try:
        given = read_given(request, checkpoint)
        saved = save_round(audit=audit, given=[given], actor=signed_in(request), together=True)
    except DomainError as error:
        return refuse(error.status, error.code, error.message, error.detail)
    return JsonResponse(reply_of(audit, checkpoint, saved))


def refuse_stranger(request: HttpRequest) -> JsonResponse | None:
    """Refuse whoever is signed out, or signed in as somebody else than the one who wrote."""
    signed_in = request.user.is_authenticated
    if signed_in and request.headers.get(HEADER, str(request.user.pk)) == str(request.user.pk):
        return None
    message = _("You are signed out. Sign in again; what you wrote is kept on this device.")
    return refuse(401, "signed_out", message)


def read_given(request: HttpRequest, checkpoint: str) -> Given:
    """Return what was sent; raises DomainError for a body that is none."""
    broken = BodyError(_("The text did not arrive whole. Reload the page and try again."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise broken from error
    content, base = (body.get("value"), body.get("base_version", 0)) if isinstance(body, dict) else (None, 0)
    if not isinstance(content, dict) or type(base) is not int or base < 0:
        raise broken
    return Given(checkpoint, content, base)


def reply_of(audit: Audit, checkpoint: str, saved: Round) -> dict[str, Any]:
    """Return what the page shows after a save; `answered` and `total` are those of the checkpoint's section."""
    programme = programme_of(audit.programme)
    counts = section_counts(programme, saved.concluded)
    row = saved.outcomes[0].row
    return {
        "version": row.version if row else 0,
        "saved_at": row.updated_at.isoformat() if row else None,
        **counts[section_of(programme, checkpoint).code],
        "sections": counts,
        "progress": {"answered": len(saved.concluded), "total": len(programme.points)},
    }
