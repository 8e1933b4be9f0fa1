"""The reports as sheets, in the reader's language, filtered as the page was."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_countries import countries

from assessments.codes.enums import Dimension
from assessments.findings.enums import Severity
from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.findings import facets_of_all
from assessments.findings.queries.schemes import UNGROUPED
from assessments.overview.enums import Outcome
from assessments.overview.queries import ages, gri, grouping, on_time, recurrences, site_status
from assessments.overview.queries.slices import finding_facets, reported_findings, with_fixed
from assessments.overview.reports.gri import gri_sheets
from assessments.overview.reports.provisions import grouped_sheets, severity_words, ungrouped_sheets
from assessments.overview.reports.statuses import status_sheet
from portal.lib.workbook import Sheet
from suppliers.organisations.queries import Reader, Workspace

Params = Mapping[str, str]
Maker = Callable[[Reader, Workspace, Params], list[Sheet]]
BATCH = 500


def audit_status_sheets(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return how each site stands."""
    scope = site_status.scope_of(user, workspace.organisation)
    sites = site_status.wanted_sites(scope, site_status.status_facets(scope), params)
    return [status_sheet(sites.iterator(BATCH), scope)]


def provision_sheets(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return suppliers by provision or by the items of a scheme, and the suppliers themselves."""
    facets = grouping.provision_facets(user, workspace)
    asked = with_fixed(facets, params, grouping.FIXED)
    rows = reported_findings(user, workspace, facets, asked)
    if asked["group"] != UNGROUPED:
        return grouped_sheets(rows, asked["group"])
    return ungrouped_sheets(rows)


def age_sheets(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return unsettled findings by age, country and provision."""
    counted = ages.count_ages(reported_findings(user, workspace, finding_facets(user, workspace), params))
    language = get_language() or "en"
    words = age_words()
    by_age = [(words[line.key], line) for line in counted.ages]
    lands = [(str(countries.name(line.key)) or line.key, line) for line in counted.countries]
    named = [(f"{line.key} {title_of(line.code_of_conduct, line.key, language)}", line) for line in counted.provisions]
    return [
        count_sheet(_("By age"), _("Age"), by_age),
        count_sheet(_("By country"), _("Country"), lands),
        count_sheet(_("By provision"), _("Provision"), named),
    ]


def age_words() -> dict[str, str]:
    """Return {lower edge: an age in words}, as the list of findings says them."""
    facet = next(facet for facet in facets_of_all() if facet.name == "age")
    return {str(value): str(label) for value, label in facet.choices}


def count_sheet(title: str, head: str, lines: Iterable[tuple[str, ages.Line]]) -> Sheet:
    """Return counts by severity of named lines."""
    cells = [[name, *(line.counts[severity] for severity in Severity.values), line.total] for name, line in lines]
    return Sheet(title, [head, *severity_words(), _("All severities")], cells, (40, 10, 10, 10, 14))


def on_time_sheets(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return the actions of a period by outcome, and the actions themselves."""
    facets = on_time.on_time_facets(user, workspace)
    asked = with_fixed(facets, params, on_time.FIXED)
    parts = [facet for facet in facets if facet.name != "outcome"]
    counted = on_time.count_on_time(reported_findings(user, workspace, parts, asked))
    rows = on_time.listed_actions(reported_findings(user, workspace, facets, asked))
    lands = [(str(countries.name(tally.key)) or tally.key, tally) for tally in counted.countries]
    groups = [(label, tally) for _name, label, tally in on_time.named_groups(counted)]
    heads = [_("Group"), *outcome_words(), _("Share on time"), _("Mean days late")]
    cells = [
        [name, *(tally.counts[outcome] for outcome in Outcome.values), rounded(tally.share), rounded(tally.mean_days)]
        for name, tally in [(_("All"), counted.total), *groups, *lands]
    ]
    return [Sheet(_("On time"), heads, cells, (28, 14, 12, 10, 12, 16, 14, 14)), action_sheet(rows)]


def outcome_words() -> list[str]:
    """Return the outcomes as heads."""
    return [str(outcome.label) for outcome in Outcome]


def rounded(value: float | None) -> float | None:
    """Return a figure with one decimal, None as None."""
    return None if value is None else round(value, 1)


def action_sheet(rows: QuerySet[Finding]) -> Sheet:
    """Return one line per action."""
    heads = [
        _("Number"), _("Severity"), _("Provision"), _("Vendor code"), _("Supplier"), _("Site"), _("Country"),
        _("Managed by"), _("To be done by"), _("Done on"), _("Outcome"), _("Days late"),
    ]  # fmt: skip
    cells = (
        [
            finding.pk, finding.get_severity_display(), finding.provision, finding.relationship.vendor_code,
            finding.site.organisation.name, finding.site.name, finding.site.country.name,
            finding.get_manager_display(), finding.done_due_on, finding.done_on,
            str(Outcome(finding.outcome).label), on_time.days_late(finding),  # type: ignore[attr-defined]
        ]
        for finding in rows.iterator(BATCH)
    )  # fmt: skip
    return Sheet(_("Corrective actions"), heads, cells, (10, 10, 10, 16, 36, 28, 16, 16, 14, 14, 16, 10))


def recurrence_sheets(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return the chains of findings that came back, the oldest of each first."""
    facets = recurrences.recurrence_facets(user, workspace)
    groups = recurrences.group_recurrences(reported_findings(user, workspace, facets, params))
    heads = [
        _("Vendor code"), _("Supplier"), _("Site"), _("Provision"), _("Time"), _("Number"), _("Severity"),
        _("Source"), _("Raised"), _("State"),
    ]  # fmt: skip
    return [Sheet(_("Recurrences"), heads, chain_cells(groups), (16, 36, 28, 10, 8, 10, 10, 18, 12, 18))]


def chain_cells(groups: QuerySet[Any, Any]) -> Iterator[list[object]]:
    """Yield the findings of each chain; one query for every five hundred chains."""
    keys = list(groups)
    for first in range(0, len(keys), BATCH):
        for chain in recurrences.chains_of(keys[first : first + BATCH]):
            for number, finding in enumerate(chain.findings, start=1):
                yield [
                    finding.relationship.vendor_code, finding.site.organisation.name, finding.site.name,
                    finding.provision, number, finding.pk, finding.get_severity_display(),
                    finding.get_source_display(), finding.opened_at.date(), finding.get_state_display(),
                ]  # fmt: skip


def gri_disclosures(user: Reader, workspace: Workspace, params: Params) -> list[Sheet]:
    """Return both disclosures of a year."""
    today = timezone.localdate()
    asked = with_fixed(gri.gri_facets(today), params, gri.fixed_choices(today))
    return gri_sheets([gri.frame_of(user, workspace, asked, dimension) for dimension in Dimension])


MAKERS: dict[str, Maker] = {
    "audit_status": audit_status_sheets,
    "provisions": provision_sheets,
    "ages": age_sheets,
    "on_time": on_time_sheets,
    "recurrences": recurrence_sheets,
    "gri": gri_disclosures,
}
