"""Findings as a sheet."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.sights import Sight
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet

WIDTHS = (9, 10, 10, 32, 14, 32, 28, 16, 18, 60, 60, 30, 16, 20, 12, 12, 12, 14, 22, 12, 12, 12, 12, 24)


def finding_sheet(findings: Iterable[Finding], sight: Sight) -> Sheet:
    """Return one line per finding in the active language, as far as `sight` reaches."""
    headers = [
        _("Number"), _("Severity"), _("Provision"), _("Title"), _("Vendor code"), _("Supplier"), _("Site"),
        _("Country"), _("Source"), _("Why it was raised"), _("What to do, or the cause the auditors see"), _("Law"),
        _("State"), _("Reason"), _("Raised"), _("Confirmed on"), _("Closed"), _("Recurrence of"), _("Waits for"),
        _("Due"), _("Plan due"), _("Done on"), _("Verified on"), _("Rule"),
    ]  # fmt: skip
    return Sheet(_("Findings"), headers, (line_of(finding, sight) for finding in findings), widths=WIDTHS)


def line_of(finding: Finding, sight: Sight) -> list[object]:
    """Return the cells of one finding."""
    language = get_language() or "en"
    return [
        finding.pk,
        finding.get_severity_display(),
        finding.provision,
        title_of(finding.code_of_conduct, finding.provision, language),
        sight.code_of(finding.relationship),
        finding.site.organisation.name,
        finding.site.name,
        finding.site.country.name,
        finding.get_source_display(),
        pick_text(finding.text)[0],
        pick_text(finding.advice)[0],
        finding.law,
        finding.get_state_display(),
        finding.get_close_reason_display(),
        finding.opened_at.date(),
        finding.confirmed_at.date() if finding.confirmed_at else None,
        finding.closed_at.date() if finding.closed_at else None,
        finding.recurrence_of_id,
        finding.get_next_due_display(),
        finding.next_due_on,
        finding.plan_due_on,
        finding.done_on,
        finding.verified_on,
        finding.rule,
    ]
