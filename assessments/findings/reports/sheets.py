"""Findings as a sheet."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.codes.document import known_schemes, read_scheme
from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.schemes import items_of
from assessments.findings.queries.sights import Sight
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet

OWN_WIDTHS = (9, 10, 10, 32, 14, 32, 28, 16, 18, 60, 60, 30, 16, 20, 12, 12, 12, 14, 22, 12, 12, 12, 12, 24)


def finding_sheet(findings: Iterable[Finding], sight: Sight) -> Sheet:
    """Return one line per finding in the active language, as far as `sight` reaches."""
    headers = [
        _("Number"), _("Severity"), _("Provision"), _("Title"), _("Vendor code"), _("Supplier"), _("Site"),
        _("Country"), _("Source"), _("Why it was raised"), _("What to do, or the cause the auditors see"), _("Law"),
        _("State"), _("Reason"), _("Raised"), _("Confirmed on"), _("Closed"), _("Recurrence of"), _("Waits for"),
        _("Due"), _("Plan due"), _("Done on"), _("Verified on"), _("Rule"),
        *(read_scheme(scheme).name for scheme in known_schemes()),
    ]  # fmt: skip
    widths = (*OWN_WIDTHS, *(24 for _scheme in known_schemes()))
    return Sheet(_("Findings"), headers, (line_of(finding, sight) for finding in findings), widths=widths)


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
        *counterparts(finding.code_of_conduct, finding.provision),
    ]


def counterparts(code_of_conduct: str, provision: str) -> list[str]:
    """Return what corresponds to a provision in each scheme, empty where nothing does."""
    return [", ".join(items_of(code_of_conduct, provision, scheme)) for scheme in known_schemes()]
