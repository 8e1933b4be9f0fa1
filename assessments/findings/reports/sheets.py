"""Findings as a sheet."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet


def finding_sheet(findings: Iterable[Finding]) -> Sheet:
    """Return one line per finding in the active language."""
    headers = [
        _("Number"), _("Severity"), _("Provision"), _("Title"), _("Vendor code"), _("Supplier"), _("Site"),
        _("Country"), _("Why it was raised"), _("What to do"), _("State"), _("Reason"), _("Raised"), _("Closed"),
        _("Rule"),
    ]  # fmt: skip
    return Sheet(
        _("Findings"),
        headers,
        (line_of(finding) for finding in findings),
        widths=(9, 10, 10, 32, 14, 32, 28, 16, 60, 60, 10, 20, 12, 12, 24),
    )


def line_of(finding: Finding) -> list[object]:
    """Return the cells of one finding."""
    language = get_language() or "en"
    return [
        finding.pk,
        finding.get_severity_display(),
        finding.provision,
        title_of(finding.code_of_conduct, finding.provision, language),
        finding.relationship.vendor_code,
        finding.site.organisation.name,
        finding.site.name,
        finding.site.country.name,
        pick_text(finding.text)[0],
        pick_text(finding.advice)[0],
        finding.get_state_display(),
        finding.get_close_reason_display(),
        finding.opened_at.date(),
        finding.closed_at.date() if finding.closed_at else None,
        finding.rule,
    ]
