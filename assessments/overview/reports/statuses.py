"""How sites stand with their audits, as lines and as a sheet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.utils.translation import gettext as _

from assessments.audits.enums import AuditStatus
from assessments.audits.queries.naming import AuditWords, words_of
from assessments.overview.queries.site_status import Scope, StatusLine, planned_day, status_lines
from portal.lib.workbook import Sheet
from suppliers.organisations.models import Site

TONES = {
    AuditStatus.VALID: "good",
    AuditStatus.EXPIRING: "major",
    AuditStatus.EXPIRED: "priority",
    AuditStatus.PLANNED: "minor",
    AuditStatus.NEVER: "plain",
}
BATCH = 500


@dataclass(frozen=True)
class ShownLine:
    """One site with the words of its last and its next audit."""

    line: StatusLine
    tone: str
    last: AuditWords | None
    going: AuditWords | None
    planned_on: date | None


def shown_lines(lines: Sequence[StatusLine]) -> list[ShownLine]:
    """Return the lines with their words; one query for all programmes."""
    words = words_of(audit for line in lines for audit in (line.standing.last, line.standing.going) if audit)
    return [
        ShownLine(
            line,
            TONES[line.standing.status],
            words[line.standing.last.pk] if line.standing.last else None,
            words[line.standing.going.pk] if line.standing.going else None,
            planned_day(line),
        )
        for line in lines
    ]


def status_sheet(sites: Iterable[Site], scope: Scope) -> Sheet:
    """Return one line per site in the active language."""
    heads = [
        _("Vendor code"), _("Supplier"), _("Site"), _("Country"), _("Audit status"), _("Programme"), _("Kind"),
        _("Audit firm"), _("Last day on site"), _("Score"), _("Recognition"), _("Priority"), _("Major"), _("Minor"),
        _("Valid until"), _("Planned"),
    ]  # fmt: skip
    widths = (14, 32, 28, 16, 20, 20, 22, 26, 14, 10, 14, 10, 10, 10, 14, 14)
    return Sheet(_("Audit status of sites"), heads, status_cells(sites, scope), widths)


def status_cells(sites: Iterable[Site], scope: Scope) -> Iterator[list[object]]:
    """Yield the cells of each site; some queries for every five hundred."""
    waiting = iter(sites)
    while batch := list(islice(waiting, BATCH)):
        for shown in shown_lines(status_lines(batch, scope)):
            yield cells_of(shown)


def cells_of(shown: ShownLine) -> list[object]:
    """Return the cells of one site."""
    line, last = shown.line, shown.line.standing.last
    result: list[object] = [""] * 10
    if last and shown.last:
        result = [
            shown.last.programme, shown.last.kind, last.firm.name if last.firm else "", last.ends_on, last.score,
            shown.last.recognition, last.priority, last.major, last.minor, line.standing.until,
        ]  # fmt: skip
    return [
        line.relationship.vendor_code,
        line.site.organisation.name,
        line.site.name,
        line.site.country.name,
        line.standing.status.label,
        *result,
        shown.planned_on,
    ]
