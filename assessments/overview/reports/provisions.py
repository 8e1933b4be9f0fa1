"""Suppliers by provision, or by the items of a scheme, as sheets."""

from collections.abc import Iterator

from django.db.models import Count, Min, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.findings.enums import Severity
from assessments.findings.models import SEVERITY_RANK, Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.schemes import grouped_title
from assessments.overview.queries import grouping
from assessments.overview.queries.provisions import ProvisionLine, count_provisions
from portal.lib.workbook import Sheet

COUNT_WIDTHS = (10, 40, 10, 10, 10, 10)
SUPPLIER_WIDTHS = (10, 40, 16, 36, 14, 10)


def severity_words() -> list[str]:
    """Return the severities as heads, worst first."""
    return [str(severity.label) for severity in Severity]


def ungrouped_sheets(rows: QuerySet[Finding]) -> list[Sheet]:
    """Return suppliers by provision, and the suppliers."""
    language = get_language() or "en"
    counts = [
        [line.provision, title_of(line.code_of_conduct, line.provision, language), *counts_of(line)]
        for line in count_provisions(rows)
    ]
    heads = [_("Provision"), _("Title"), _("Suppliers"), *severity_words()]
    return [
        Sheet(_("Suppliers by provision"), heads, counts, COUNT_WIDTHS),
        Sheet(_("Suppliers"), supplier_heads(_("Provision")), supplier_cells(rows), SUPPLIER_WIDTHS),
    ]


def counts_of(line: ProvisionLine) -> list[object]:
    """Return the figures of a line."""
    return [line.suppliers, line.priority, line.major, line.minor]


def supplier_heads(first: str) -> list[str]:
    """Return the heads of a list of suppliers."""
    return [first, _("Title"), _("Vendor code"), _("Supplier"), _("Worst severity"), _("Findings")]


def supplier_cells(rows: QuerySet[Finding]) -> Iterator[list[object]]:
    """Yield one line per provision and supplier."""
    language = get_language() or "en"
    names = ("code_of_conduct", "provision", "relationship__vendor_code", "relationship__supplier__name")
    found = rows.order_by("provision", "relationship__supplier__name").values_list(*names)
    for code, provision, vendor, supplier, worst, count in found.annotate(worst=Min(SEVERITY_RANK), count=Count("pk")):
        yield [provision, title_of(code, provision, language), vendor, supplier, severity_word(worst), count]


def severity_word(rank: int) -> str:
    """Return the severity of a rank in words."""
    return str(Severity(Severity.values[rank]).label)


def grouped_sheets(rows: QuerySet[Finding], scheme: str) -> list[Sheet]:
    """Return suppliers by item, the suppliers, and the provisions that correspond to none."""
    language = get_language() or "en"
    grouped = grouping.group_findings(rows, scheme)
    counts = [
        [line.provision, grouped_title(scheme, line.provision, language), *counts_of(line)] for line in grouped.lines
    ]
    suppliers = (
        [
            line.item, grouped_title(scheme, line.item, language), line.vendor_code, line.supplier,
            severity_word(line.rank), line.findings,
        ]
        for line in grouping.suppliers_by_item(rows, scheme)
    )  # fmt: skip
    left = [
        [one.line.code_of_conduct, one.line.provision, one.title, *counts_of(one.line), one.reason]
        for one in grouped.left
    ]
    heads = [_("Suppliers"), *severity_words()]
    left_heads = [_("Code of conduct"), _("Provision"), _("Title"), *heads, _("Why")]
    return [
        Sheet(_("Suppliers by item"), [grouped.name, _("Title"), *heads], counts, (18, *COUNT_WIDTHS[1:])),
        Sheet(_("Suppliers"), supplier_heads(grouped.name), suppliers, (18, *SUPPLIER_WIDTHS[1:])),
        Sheet(_("Without a counterpart"), left_heads, left, (16, *COUNT_WIDTHS, 60)),
    ]
