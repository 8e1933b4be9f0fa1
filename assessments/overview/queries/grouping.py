"""Suppliers by the items of a scheme: findings on provisions, counted under what corresponds to them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.codes.document import known_codes, mapping, read_code, read_scheme
from assessments.findings.enums import Severity
from assessments.findings.models import SEVERITY_RANK, Finding
from assessments.findings.queries import natural, title_of
from assessments.findings.queries.schemes import (
    UNGROUPED,
    group_choices,
    grouped_title,
    is_mapped,
    items_of,
    reason_of,
)
from assessments.overview.queries import provisions
from assessments.overview.queries.provisions import ProvisionLine, count_provisions
from portal.lib.listing import Facet
from suppliers.organisations.queries import Reader, Workspace

FIXED = {"group": UNGROUPED, **provisions.FIXED}


@dataclass(frozen=True)
class LeftLine:
    """A provision that corresponds to nothing in the scheme, and why."""

    line: ProvisionLine
    title: str
    code_name: str
    reason: str


@dataclass(frozen=True)
class Grouped:
    """Suppliers by item, most first; `left` are the provisions without one, `unmapped` the codes nobody mapped."""

    scheme: str
    name: str
    lines: tuple[ProvisionLine, ...]
    left: tuple[LeftLine, ...]
    unmapped: tuple[str, ...]


def group_facet() -> Facet:
    """Return the choice of a scheme; it narrows nothing."""
    return Facet("group", _("Group by"), group_choices(), lambda _value: Q())


def provision_facets(user: Reader, workspace: Workspace) -> list[Facet]:
    """Return the choice of a scheme and the filters of the report; one query."""
    return [group_facet(), *provisions.provision_facets(user, workspace)]


def item_clause(scheme: str, item: str) -> Q:
    """Return the condition of findings on the provisions that correspond to an item, whatever the code."""
    clause = Q(pk__in=[])
    for code in known_codes():
        if is_mapped(code, scheme):
            clause |= Q(code_of_conduct=code, provision__in=mapping(code, scheme).provisions(item))
    return clause


def group_findings(findings: QuerySet[Finding], scheme: str) -> Grouped:
    """Return suppliers by item: each once per item, under its worst severity there; two queries."""
    worst: dict[str, dict[int, int]] = defaultdict(dict)
    rows = findings.order_by().values_list("code_of_conduct", "provision", "relationship_id")
    for code, provision, bond, rank in rows.annotate(worst=Min(SEVERITY_RANK)).iterator():
        for item in items_of(code, provision, scheme):
            found = worst[item]
            found[bond] = min(rank, found.get(bond, rank))
    places = read_scheme(scheme).positions
    lines = [item_line(scheme, item, ranks.values()) for item, ranks in worst.items()]
    lines.sort(key=lambda line: (-line.suppliers, places[line.provision]))
    lonely = [one for one in count_provisions(findings) if not items_of(one.code_of_conduct, one.provision, scheme)]
    unmapped = sorted({one.code_of_conduct for one in lonely if not is_mapped(one.code_of_conduct, scheme)})
    left = tuple(left_line(line, scheme) for line in lonely)
    return Grouped(scheme, read_scheme(scheme).name, tuple(lines), left, tuple(unmapped))


def item_line(scheme: str, item: str, ranks: Iterable[int]) -> ProvisionLine:
    """Return the suppliers of one item by the rank of their worst severity."""
    counts = [0] * len(Severity.values)
    for rank in ranks:
        counts[rank] += 1
    priority, major, minor = counts
    return ProvisionLine(scheme, item, sum(counts), priority, major, minor)


def left_line(line: ProvisionLine, scheme: str) -> LeftLine:
    """Return a provision without a counterpart in the reader's language."""
    title = title_of(line.code_of_conduct, line.provision, get_language() or "en")
    code = line.code_of_conduct
    name = read_code(code).name if code in known_codes() else code
    return LeftLine(line, title, name, reason_of(code, line.provision, scheme))


@dataclass(frozen=True)
class ItemSupplier:
    """A supplier under one item: its worst severity there and how many findings."""

    item: str
    vendor_code: str
    supplier: str
    rank: int
    findings: int


def suppliers_by_item(findings: QuerySet[Finding], scheme: str) -> list[ItemSupplier]:
    """Return each supplier under each of its items, items in the order of the scheme; one query."""
    names = ("code_of_conduct", "provision", "relationship_id", "relationship__vendor_code")
    rows = findings.order_by().values_list(*names, "relationship__supplier__name")
    seen: dict[tuple[str, int], ItemSupplier] = {}
    for code, provision, bond, vendor, supplier, rank, count in rows.annotate(
        worst=Min(SEVERITY_RANK), count=Count("pk")
    ):
        for item in items_of(code, provision, scheme):
            kept = seen.get((item, bond), ItemSupplier(item, vendor, supplier, rank, 0))
            seen[item, bond] = replace(kept, rank=min(rank, kept.rank), findings=kept.findings + count)
    places = read_scheme(scheme).positions
    return sorted(seen.values(), key=lambda line: (places[line.item], line.supplier, natural(line.vendor_code)))


@dataclass(frozen=True)
class FindingGroup:
    """The findings of one supplier under an item or a provision, worst first; `more` of them are not shown."""

    code: str
    title: str
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    more: int
    reason: str = ""


@dataclass(frozen=True)
class GroupedFindings:
    """A supplier's findings by item; `left` stand under provisions without one, `unmapped` are codes nobody mapped."""

    group: str
    choices: list[tuple[str, str]]
    name: str
    groups: tuple[FindingGroup, ...]
    left: tuple[FindingGroup, ...]
    unmapped: tuple[str, ...]


def findings_by_item(findings: QuerySet[Finding], group: str, *, shown: int = 3) -> GroupedFindings:
    """Return findings under every item that corresponds, items in the order of the scheme; one query.

    A group nobody knows is none; then nothing is read, and nothing returned but the choices.
    """
    choices, language = group_choices(), get_language() or "en"
    if group == UNGROUPED or group not in dict(choices):
        return GroupedFindings(UNGROUPED, choices, "", (), (), ())
    scheme = read_scheme(group)
    members: dict[str, list[Finding]] = defaultdict(list)
    alone: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings.order_by(SEVERITY_RANK, "provision", "pk"):
        items = items_of(finding.code_of_conduct, finding.provision, group)
        for item in items:
            members[item].append(finding)
        if not items:
            alone[finding.code_of_conduct, finding.provision].append(finding)
    groups = (
        finding_group(item, grouped_title(group, item, language), members[item], shown)
        for item in sorted(members, key=scheme.positions.__getitem__)
    )
    left = (
        replace(
            finding_group(provision, title_of(code, provision, language), alone[code, provision], shown),
            reason=reason_of(code, provision, group),
        )
        for code, provision in sorted(alone, key=lambda pair: (pair[0], natural(pair[1])))
    )
    unmapped = sorted({code for code, _provision in alone if not is_mapped(code, group)})
    return GroupedFindings(group, choices, scheme.name, tuple(groups), tuple(left), tuple(unmapped))


def finding_group(code: str, title: str, findings: list[Finding], shown: int) -> FindingGroup:
    """Return one group with its counts and the worst of its findings."""
    counts = Counter(finding.severity for finding in findings)
    severities = {severity: counts[severity] for severity in Severity.values}
    return FindingGroup(code, title, severities, tuple(findings[:shown]), max(0, len(findings) - shown))
