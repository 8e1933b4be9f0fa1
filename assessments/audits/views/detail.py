"""One audit: where it stands, what comes next, who is on it, what came out."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.audits.enums import RELEASED_STATES, WRITING_STATES, AuditState, FileUse
from assessments.audits.models import Audit
from assessments.audits.permissions import is_auditor, leads_firm, may, may_read_conclusions
from assessments.audits.queries import programme_of, unsigned_reason, visible_audits
from assessments.audits.queries.closures import findings_to_verify
from assessments.audits.queries.writing import sections_of
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.progress import line_of, waiting_for
from assessments.audits.views.situation import Situation
from assessments.audits.views.steps import Card, Deed, open_deeds
from portal.accounts.queries import signed_in


@login_required
def audit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The hub of one audit."""
    return render(request, "audits/detail.html", detail_context(request, fetch_audit(request, pk)))


def detail_context(
    request: HttpRequest, audit: Audit, *, wrong: Deed | None = None, form: forms.Form | None = None
) -> dict[str, Any]:
    """Return what the page of one audit shows; `form` is the refused input of the deed `wrong`."""
    reader = signed_in(request)
    situation = Situation(audit, reader)
    cards = [
        Card(deed, form, is_open=True) if deed is wrong else Card(deed, deed.form(situation))
        for deed in open_deeds(situation)
    ]
    following = next((card for card in cards if card.deed.is_next(situation)), None)
    changes = list(audit.changes.select_related("actor").order_by("at", "pk"))
    result = result_context(audit, reader)
    is_writing = result["may_write"] and audit.state in (AuditState.IN_PROGRESS, AuditState.ACKNOWLEDGED)
    return {
        "audit": audit,
        "has_work": is_writing or result["may_give_feedback"],
        "line": line_of(audit, {change.target for change in changes}),
        "next": following,
        "others": [card for card in cards if card is not following],
        "waiting": waiting_for(situation),
        "people": situation.people if may_see_people(situation) else situation.team,
        "changes": reversed(changes),
        "unsigned_reason": unsigned_reason(changes),
        "follows": visible_audits(reader).filter(pk=audit.follows_id or 0).first(),
        "closures": list(visible_audits(reader).filter(follows=audit).select_related("programme").order_by("pk")),
        **result,
    }


def may_see_people(situation: Situation) -> bool:
    """Whether the reader sees who is off the audit for a conflict of interest, and why: the firm's managers."""
    return leads_firm(situation.reader, situation.audit)


def result_context(audit: Audit, reader: Any) -> dict[str, Any]:
    """Return what came out, as far as the reader may see it, and the pages that hold it."""
    is_firm = is_auditor(reader, audit) or leads_firm(reader, audit)
    is_site = may(reader, "read_as_site", audit)
    may_read = may_read_conclusions(reader, audit)
    programme = programme_of(audit.programme)
    score = programme.score
    return {
        "first_section": sections_of(programme)[0].code,
        "is_firm": is_firm,
        "is_site": is_site,
        "may_read": may_read,
        "may_write": audit.state in WRITING_STATES and may(reader, "write", audit),
        "may_compare": audit.state in RELEASED_STATES and (is_site or may(reader, "read_as_buyer", audit)),
        "may_give_feedback": audit.state == AuditState.FEEDBACK and may(reader, "give_feedback", audit),
        "to_verify": findings_to_verify(reader, audit) if may_read else [],
        "has_feedback": audit.feedback.exists() and may_read,
        "has_findings": audit.state in RELEASED_STATES and audit.finding_count > 0,
        "score_top": score.top if score else None,
        "score_note": score.note if score else None,
        "heads": count_heads(audit) if may_read else None,
        "reports": list(audit.files.filter(use=FileUse.REPORT).select_related("file")) if may_read else [],
    }


def count_heads(audit: Audit) -> dict[str, int] | None:
    """Return the sums of the worker profile, None while nothing was counted."""
    rows = list(audit.worker_counts.all())
    if not rows:
        return None
    women, men = sum(row.women for row in rows), sum(row.men for row in rows)
    return {"all": women + men, "women": women, "men": men, "interviewed": sum(row.interviewed for row in rows)}
