"""Reads of findings: who sees which."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_countries import countries

from assessments.codes.document import UnknownCode, known_codes, provision_title, read_code
from assessments.findings.enums import RULED_SOURCES, SETTLED_STATES, UNSETTLED_STATES, FindingState, Severity, Source
from assessments.findings.models import SEVERITY_RANK, Finding, FindingInspector
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows, sort_rows
from suppliers.organisations.enums import BUYER_ROLES, FIRM_ROLES, SUPPLIER_ROLES, Role
from suppliers.organisations.models import Organisation, Relationship
from suppliers.organisations.queries import (
    Reader,
    Workspace,
    bought_relationships,
    has_role,
    organisations_where,
    sees_everything,
    workspaces_of,
)

# What a declaration made a buyer suspect, perhaps by its own lists, is the buyer's alone until a person confirms it.
UNTOLD = Q(source=Source.DECLARATION, confirmed_at__isnull=True)


def visible_findings(user: Reader) -> QuerySet[Finding]:
    """Return findings at the user's own sites, at sites of suppliers the user buys from, and of the user's audits."""
    inspected = FindingInspector.objects.filter(user_id=user.pk or 0).values("finding_id")
    return Finding.objects.filter(
        Q(relationship_id__in=bought_relationships(user).values("pk"))
        | (Q(site__organisation_id__in=organisations_where(user, SUPPLIER_ROLES)) & ~UNTOLD)
        | Q(pk__in=inspected, firm_id__in=organisations_where(user, FIRM_ROLES))
        | Q(firm_id__in=organisations_where(user, frozenset({Role.FIRM_MANAGER})))
    )


# An audit firm is not told how a buyer counts its suppliers.
FIRM_SEARCHED = ("site__name", "site__organisation__name")
SEARCHED = (*FIRM_SEARCHED, "relationship__vendor_code")
COLUMNS = {
    "severity": "severity_rank",
    "provision": "provision",
    "site": "site__name",
    "country": "site__country",
    "source": "source",
    "opened": "opened_at",
    "state": "state",
}
PATHS = {
    "country": "site__country",
    "business_unit": "relationship__business_unit",
    "region": "relationship__region",
    "category": "relationship__category",
    "tier": "relationship__tier",
}


AGE_EDGES = (0, 30, 90, 180)  # days; an age reaches from its edge to just before the next one
STANDINGS = [
    ("open", gettext_lazy("All open")),
    ("overdue", gettext_lazy("Overdue")),
    ("settled", gettext_lazy("Settled")),
]
NUMBERED = (Source.FLAG, Source.AUDIT, Source.DECLARATION)


def workspace_rows(user: Reader, workspace: Workspace | None) -> QuerySet[Finding]:
    """Return the findings of a workspace: those its buyer follows, at its own sites, or of its firm's audits."""
    if workspace is None:
        return Finding.objects.none()
    here = workspace.organisation
    if workspace.is_buyer:
        return Finding.objects.filter(relationship_id__in=bought_relationships(user).filter(buyer=here).values("pk"))
    own = visible_findings(user).filter(site__organisation=here)
    if not workspace.is_firm:
        return own
    return firm_findings(user, here) | own if workspace.is_supplier else firm_findings(user, here)


def firm_findings(user: Reader, firm: Organisation) -> QuerySet[Finding]:
    """Return the findings of an audit firm: all for its managers, for its auditors those they work on.

    Which of the two is asked first: one statement for both would read the findings of every firm.
    """
    rows = Finding.objects.filter(firm=firm)
    if has_role(user, firm.pk, {Role.FIRM_MANAGER}):
        return rows
    mine = FindingInspector.objects.filter(user_id=user.pk or 0).values("finding_id")
    return rows.filter(pk__in=mine) if has_role(user, firm.pk, FIRM_ROLES) else rows.none()


def listed_findings(user: Reader, workspace: Workspace | None) -> QuerySet[Finding]:
    """Return the findings that a workspace lists, with what a row shows."""
    rows = workspace_rows(user, workspace).select_related("site__organisation", "relationship")
    return rows.annotate(severity_rank=SEVERITY_RANK)


def workspace_findings(
    user: Reader | None, organisation_id: int | None, params: Mapping[str, str]
) -> QuerySet[Finding]:
    """Return what the list of one of the user's workspaces shows for an address; used by the export."""
    if user is None:
        return Finding.objects.none()
    workspace = next((w for w in workspaces_of(user) if w.organisation.pk == organisation_id), None)
    return wanted_findings(listed_findings(user, workspace), workspace, facets_of(user, workspace, params), params)


def wanted_findings(
    rows: QuerySet[Finding], workspace: Workspace | None, facets: Sequence[Facet], params: Mapping[str, str]
) -> QuerySet[Finding]:
    """Return the rows that the address asks for, in its order; by date, those without one come last."""
    rows = search_rows(narrow_rows(rows, facets, params), params.get("q", ""), searched_by(workspace))
    wanted = params.get("sort", "")
    if wanted.removeprefix("-") == "due":
        day = F("next_due_on")
        return rows.order_by(day.desc(nulls_last=True) if wanted[0] == "-" else day.asc(nulls_last=True), "pk")
    return sort_rows(rows, COLUMNS, wanted, "severity")


def searched_by(workspace: Workspace | None) -> tuple[str, ...]:
    """Return the columns in which a workspace searches its lists."""
    return FIRM_SEARCHED if workspace is not None and workspace.is_firm else SEARCHED


def facets_of(user: Reader, workspace: Workspace | None, params: Mapping[str, str]) -> list[Facet]:
    """Return the filters of the list; that of one supplier or one source only where the address names it."""
    values = facet_values(user, workspace)
    lands = sorted(((code, str(countries.name(code))) for code in values["country"]), key=lambda pair: pair[1])
    # All findings of an audit firm come from audits and are confirmed at birth.
    hidden = {"source", "confirmed"} if workspace is not None and workspace.is_firm else set()
    own = (
        Facet("country", _("Country"), lands, PATHS["country"]),
        Facet("business_unit", _("Business unit"), plain_choices(values["business_unit"]), PATHS["business_unit"]),
        Facet("region", _("Region"), plain_choices(values["region"]), PATHS["region"]),
        Facet("category", _("Category"), plain_choices(values["category"]), PATHS["category"]),
        Facet("tier", _("Tier"), plain_choices(values["tier"]), PATHS["tier"]),
    )
    everywhere = [facet for facet in facets_of_all() if facet.name not in hidden or params.get(facet.name)]
    return [
        *everywhere,
        *(facet for facet in own if is_worth(facet, params)),
        *supplier_facet(user, params.get("relationship", "")),
        *batch_facet(params.get("source", ""), params.get("source_id", "")),
    ]


def is_worth(facet: Facet, params: Mapping[str, str]) -> bool:
    """Whether a filter is shown: one that the address uses, or that has something to choose between."""
    return len(facet.choices) > 1 or bool(facet.choices and params.get(facet.name))


def facets_of_all() -> list[Facet]:
    """Return the filters whose choices are the same for everybody."""
    ages = [
        ("0", _("Under 30 days")),
        ("30", _("30 to 90 days")),
        ("90", _("90 to 180 days")),
        ("180", _("180 days and more")),
    ]
    waits = [("no", _("Waits for it")), ("yes", pgettext("finding", "Confirmed"))]
    return [
        Facet("standing", _("Standing"), STANDINGS, standing_clause),
        Facet("state", _("State"), FindingState.choices, "state"),
        Facet("severity", _("Severity"), Severity.choices, "severity"),
        Facet("source", _("Source"), Source.choices, "source"),
        Facet("provision", _("Provision"), plain_choices(known_provisions()), "provision"),
        Facet("age", _("Age"), ages, age_clause),
        Facet("recurrence", _("Recurrence"), [("yes", _("Yes"))], lambda _value: Q(recurrence_of__isnull=False)),
        Facet("confirmed", _("Confirmation"), waits, confirmed_clause),
    ]


def standing_clause(value: str) -> Q:
    """Return the condition of findings that are open, overdue or settled."""
    if value == "settled":
        return Q(state__in=sorted(SETTLED_STATES))
    late = Q(next_due_on__lt=timezone.localdate()) if value == "overdue" else Q()
    return Q(state__in=UNSETTLED_STATES) & late


def age_clause(edge: str) -> Q:
    """Return the condition of findings raised so many days ago, up to just before the next edge."""
    now, number = timezone.now(), int(edge)
    older = [other for other in AGE_EDGES if other > number]
    young = Q(opened_at__lte=now - timedelta(days=number)) if number else Q()
    return young & Q(opened_at__gt=now - timedelta(days=older[0])) if older else young


def confirmed_clause(value: str) -> Q:
    """Return the condition of findings a person has confirmed, or of open ones that wait for that."""
    if value == "yes":
        return Q(confirmed_at__isnull=False)
    return Q(source__in=RULED_SOURCES, confirmed_at__isnull=True, state__in=UNSETTLED_STATES)


def batch_facet(source: str, wanted: str) -> list[Facet]:
    """Return the filter of one audit or one self-assessment, for the links from its page."""
    if source not in NUMBERED or not wanted.isdecimal():
        return []
    label = f"{Source(source).label} {wanted}"
    return [Facet("source_id", _("Number of the source"), [(wanted, label)], "source_id")]


def supplier_facet(user: Reader, wanted: str) -> list[Facet]:
    """Return the filter of one supplier, for the figures of its card: thirty thousand are no choice in a list."""
    if not wanted.isdecimal():
        return []
    bonds = bought_relationships(user).filter(pk=wanted).values_list("pk", "supplier__name")
    return [Facet("relationship", _("Supplier"), list(bonds), "relationship_id")] if bonds else []


def facet_values(user: Reader, workspace: Workspace | None) -> dict[str, list[str]]:
    """Return what the filters may offer, in one query: of the relationships, whether they have findings or not.

    There are fewer of them than findings, and a figure of 0 elsewhere still opens an empty list, not a full one.
    An audit firm is offered the countries of its findings only.
    """
    nothing: dict[str, list[str]] = {name: [] for name in PATHS}
    if workspace is None:
        return nothing
    here = workspace.organisation
    if workspace.is_firm and not workspace.is_buyer:
        return nothing | distinct_values(workspace_rows(user, workspace), {"country": PATHS["country"]})
    bonds = followed_relationships(user, here) if workspace.is_buyer else here.sells_to.all()
    own = {name: path.removeprefix("relationship__") for name, path in PATHS.items()}
    return distinct_values(bonds, {**own, "country": "supplier__sites__country"})


def followed_relationships(user: Reader, buyer: Organisation) -> QuerySet[Relationship]:
    """Return what the user sees of a buyer's relationships, for statements that name them many times over.

    Whether the user is narrowed is asked once here, so that five columns do not carry the question five times.
    """
    if sees_everything(user, buyer.pk, BUYER_ROLES):
        return Relationship.objects.filter(buyer=buyer)
    return bought_relationships(user).filter(buyer=buyer)


def distinct_values(rows: QuerySet[Any], paths: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the values each column has, as texts in a natural order; one query.

    A UNION of columns gives a hundred rows where the combinations of five columns are tens of thousands.
    """
    found: dict[str, set[str]] = {name: set() for name in paths}
    parts = [
        rows.order_by().values_list(Value(name, CharField()), Cast(path, CharField())).distinct()
        for name, path in paths.items()
    ]
    for name, value in parts[0].union(*parts[1:]):
        found[name].add(value)
    return {name: sorted(values - {"", None}, key=natural) for name, values in found.items()}


def known_provisions() -> list[str]:
    """Return the provisions of every code of conduct, each once."""
    codes = {provision for code in known_codes() for provision in read_code(code).provision_codes}
    return sorted(codes, key=natural)


def title_of(code_of_conduct: str, provision: str, language: str) -> str:
    """Return the title of a provision, empty for one its code does not know: a list must not fall over one row."""
    try:
        return provision_title(code_of_conduct, provision, language)
    except UnknownCode:
        return ""


def count_open(user: Reader, workspace: Workspace, kept: Mapping[str, str]) -> dict[str, int]:
    """Return findings not settled: `total`, `sites` they are at, and by severity, as the list counts; one query."""
    rows = workspace_rows(user, workspace).filter(state__in=UNSETTLED_STATES)
    return count_severities(rows.filter(**{PATHS[name]: value for name, value in kept.items()}))


def count_severities(rows: QuerySet[Finding]) -> dict[str, int]:
    """Return how many findings these are, the sites they are at, and how many of each severity; one query."""
    by_severity = {severity: Count("pk", filter=Q(severity=severity)) for severity in Severity.values}
    return rows.order_by().aggregate(total=Count("pk"), sites=Count("site", distinct=True), **by_severity)


def natural(value: object) -> tuple[str, int]:
    """Return a key that sorts A2 before A10."""
    text = str(value)
    head = text.rstrip("0123456789")
    tail = text[len(head) :]
    return head, int(tail) if tail else 0
