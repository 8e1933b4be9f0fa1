"""Corrective actions as a sheet, and the facts of one plan for its PDF."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.plans import progress_of, step_of
from assessments.findings.queries.sights import Sight
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet

WIDTHS = (9, 10, 10, 30, 14, 30, 26, 16, 16, 20, 12, 50, 30, 40, 40, 40, 40, 20, 26, 12, 12, 12, 12, 12, 12, 10, 18)


def action_sheet(findings: Iterable[Finding], sight: Sight) -> Sheet:
    """Return one line per finding with its corrective action, in the active language, as far as `sight` reaches."""
    headers = [
        _("Number"), _("Severity"), _("Provision"), _("Title"), _("Vendor code"), _("Supplier"), _("Site"),
        _("Source"), _("State"), _("Waits for"), _("Due on"), _("What is wrong"), _("Plan"), _("Containment"),
        _("Root cause"), _("Corrective action"), _("Preventive action"), _("Responsible"), _("E-mail address"),
        _("Plan due"), _("Decision due"), _("Done due"), _("Done by"), _("Done on"), _("Verified on"), _("Steps"),
        _("Verified how"),
    ]  # fmt: skip
    return Sheet(_("Actions"), headers, (line_of(finding, sight) for finding in findings), widths=WIDTHS)


def line_of(finding: Finding, sight: Sight) -> list[object]:
    """Return the cells of one finding."""
    action, step, progress = sight.plan_of(finding), step_of(finding), progress_of(finding)
    planned = (action.containment, action.root_cause, action.corrective, action.preventive) if action else ("",) * 4
    owner = (action.owner_name, action.owner_email) if action else ("", "")
    return [
        finding.pk,
        finding.get_severity_display(),
        finding.provision,
        title_of(finding.code_of_conduct, finding.provision, get_language() or "en"),
        sight.code_of(finding.relationship),
        finding.site.organisation.name,
        finding.site.name,
        finding.get_source_display(),
        finding.get_state_display(),
        str(step.label) if step else "",
        finding.next_due_on,
        pick_text(finding.text)[0],
        action.get_state_display() if action else "",
        *planned,
        *owner,
        finding.plan_due_on,
        finding.approval_due_on,
        finding.done_due_on,
        action.planned_on if action else None,
        finding.done_on,
        finding.verified_on,
        f"{progress.done}/{progress.total}",
        action.get_verified_how_display() if action else "",
    ]


def plan_facts(findings: Sequence[Finding], sight: Sight, reader: str) -> dict[str, Any]:
    """Return what the PDF of one plan says, as far as `sight` reaches; `findings` are of one audit or response."""
    lines = [
        {
            "finding": finding,
            "title": title_of(finding.code_of_conduct, finding.provision, get_language() or "en"),
            "text": pick_text(finding.text)[0],
            "action": sight.plan_of(finding),
            "progress": progress_of(finding),
            "files": list(finding.files.all()),
        }
        for finding in findings
    ]
    counts = {name: sum(finding.severity == name for finding in findings) for name in ("priority", "major", "minor")}
    settled = sum(finding.is_settled for finding in findings)
    return {
        "first": findings[0],
        "lines": lines,
        "counts": counts,
        "settled": settled,
        "made_at": timezone.now(),
        "made_for": reader,
    }
