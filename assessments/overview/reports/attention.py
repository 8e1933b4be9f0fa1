"""What wants a person of the buyer, as lines: late actions, plans and audits that wait, answers to review."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.audits.models import Audit
from assessments.campaigns.models import Request
from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from portal.lib.formats import distance_days, shown_date

SHOWN = 8


@dataclass(frozen=True)
class Line:
    """One thing to look at: `tone` and `symbol` say how it looks, `when` how urgent it is, `why` what it is about."""

    tone: str
    symbol: str
    label: str
    url: str
    when: str
    why: str
    is_late: bool = False


def attention_lines(
    late: Iterable[Finding], plans: Iterable[Finding], audits: Iterable[Audit], requests: Iterable[Request]
) -> list[Line]:
    """Return the lines, what is late first."""
    found = [
        *(late_line(finding) for finding in late),
        *(plan_line(finding) for finding in plans),
        *(audit_line(audit) for audit in audits),
        *(request_line(request) for request in requests),
    ]
    return found[:SHOWN]


def late_line(finding: Finding) -> Line:
    """Return a finding whose next date has passed."""
    waits = {"plan": _("Plan overdue"), "approval": _("Approval of the plan overdue"), "done": _("Action overdue")}
    return Line(
        tone=finding.severity,
        symbol={"priority": "alert-octagon", "major": "alert-triangle"}.get(finding.severity, "info-circle"),
        label=finding.site.name,
        url=reverse("finding_detail", args=[finding.pk]),
        when=distance_days(finding.next_due_on),
        why=f"{waits.get(finding.next_due, _('Overdue'))}. {about(finding)}",
        is_late=True,
    )


def plan_line(finding: Finding) -> Line:
    """Return a plan that waits for the buyer's approval."""
    due = finding.approval_due_on
    return Line(
        tone="minor",
        symbol="clipboard-check",
        label=finding.site.name,
        url=reverse("finding_detail", args=[finding.pk]),
        when=distance_days(due) if due else "",
        why=f"{_('Plan waits for your approval')}. {about(finding)}",
    )


def about(finding: Finding) -> str:
    """Return severity, provision and supplier of a finding in one line."""
    title = title_of(finding.code_of_conduct, finding.provision, get_language() or "en")
    return f"{finding.get_severity_display()}, {finding.provision} {title}. {finding.site.organisation.name}"


def audit_line(audit: Audit) -> Line:
    """Return an audit that a site asked for."""
    wanted: dt.date | None = audit.preferred_on
    words = (
        _("Asks for an audit, preferred on %(day)s") % {"day": shown_date(wanted)} if wanted else _("Asks for an audit")
    )
    return Line(
        tone="minor",
        symbol="calendar-event",
        label=audit.site.name,
        url=reverse("audit_detail", args=[audit.pk]),
        when=_("to answer"),
        why=f"{words}. {audit.site.organisation.name}",
    )


def request_line(request: Request) -> Line:
    """Return answers with Priority flags, or a site that is late to answer."""
    response = request.response
    if response is None:
        raise LookupError(f"request {request.pk} asks no questionnaire")
    if response.priority_flags and response.state == "submitted":
        flags = ngettext("%(count)d Priority flag", "%(count)d Priority flags", response.priority_flags)
        return Line(
            tone="priority",
            symbol="alert-octagon",
            label=request.site.name,
            url=reverse("response_review", args=[response.pk]),
            when=_("to review"),
            why=f"{flags % {'count': response.priority_flags}}. {request.site.organisation.name}",
        )
    return Line(
        tone="major",
        symbol="clock",
        label=request.site.name,
        url=reverse("supplier_card", args=[request.relationship_id]),
        when=distance_days(response.due_on),
        why=f"{response.get_state_display()}. {request.site.organisation.name}",
        is_late=True,
    )
