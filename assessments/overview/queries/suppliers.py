"""The supplier list and the supplier card: relationships with the standing of their sites."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from assessments.audits.enums import AuditStatus
from assessments.audits.models import Audit
from assessments.audits.queries.status import site_statuses
from assessments.campaigns.models import Campaign, Request
from assessments.findings.enums import UNSETTLED_STATES, Severity
from assessments.findings.models import Finding
from assessments.findings.queries import distinct_values, followed_relationships, known_provisions
from assessments.overview.queries import dashboard
from assessments.responses.enums import HANDED_IN_STATES, OPEN_STATES
from assessments.responses.models import Response
from assessments.scoring.models import Flag
from portal.lib.listing import Facet, narrow_rows, plain_choices, search_rows
from suppliers.organisations.models import Relationship, Site
from suppliers.organisations.queries import Reader, Workspace, bought_relationships

SEARCHED = ("supplier__name", "vendor_code")
SUPPLIER_COLUMNS = {
    "name": "supplier__name",
    "code": "vendor_code",
    "country": "supplier__country",
    "unit": "business_unit",
    "tier": "tier",
}


def listed_suppliers(user: Reader, workspace: Workspace | None) -> QuerySet[Relationship]:
    """Return the relationships a buyer's workspace lists; its own sites are one of them."""
    if workspace is None:
        return Relationship.objects.none()
    rows = bought_relationships(user).filter(buyer=workspace.organisation)
    return rows.select_related("supplier")


def supplier_facets(bonds: QuerySet[Relationship], campaigns: Sequence[Campaign]) -> list[Facet]:
    """Return the filters of the supplier list; one query."""
    names = ("business_unit", "region", "category", "tier")
    found = distinct_values(bonds, {**dict(zip(names, names, strict=True)), "country": "supplier__country"})
    lands = [(code, str(countries.name(code))) for code in found["country"]]
    choices = {name: plain_choices(found[name]) for name in names}
    return [
        Facet("campaign", _("Campaign"), [(str(c.pk), c.name) for c in campaigns], asked_clause),
        Facet("business_unit", _("Business unit"), choices["business_unit"], "business_unit"),
        Facet("region", _("Region"), choices["region"], "region"),
        Facet("country", _("Country"), sorted(lands, key=lambda pair: pair[1]), "supplier__country"),
        Facet("category", _("Category"), choices["category"], "category"),
        Facet("tier", _("Tier"), choices["tier"], "tier"),
        *own_facets(),
        Facet("provision", _("Flag"), plain_choices(known_provisions()), flag_clause),
    ]


def own_facets() -> list[Facet]:
    """Return the filters that only this list has."""
    return [
        Facet("standing", _("Relationship"), STANDINGS, ended_clause),
        Facet("band", _("Risk band"), BAND_CHOICES, band_clause),
        Facet("audit", _("Audit status"), AuditStatus.choices, audit_clause),
    ]


def campaign_facets(campaigns: Sequence[Campaign]) -> list[Facet]:
    """Return the filters while one campaign is chosen: those of its requests, then the list's own."""
    flag = Facet("provision", _("Flag"), plain_choices(known_provisions()), flag_clause)
    return [*dashboard.facets_of(campaigns), *own_facets(), flag]


def wanted_suppliers(
    user: Reader, workspace: Workspace, params: Mapping[str, str]
) -> tuple[QuerySet[Relationship], list[Facet]]:
    """Return the relationships that the address asks for, and the filters.

    With a campaign the filters mean its requests, as they do on the dashboard: one supplier may have sites in
    many countries, and a flag of another year is not one of this campaign.
    """
    rows = listed_suppliers(user, workspace)
    campaigns = dashboard.sent_campaigns(user, workspace.organisation)
    if params.get("campaign") not in {str(campaign.pk) for campaign in campaigns}:
        facets = supplier_facets(followed_relationships(user, workspace.organisation), campaigns)
        return search_rows(narrow_rows(rows, facets, params), params.get("q", ""), SEARCHED), facets
    facets = campaign_facets(campaigns)
    requests = dashboard.wanted_requests(user, workspace.organisation, facets[: -len(own_facets()) - 1], params)
    if facets[-1].allows(params.get("provision", "")):
        flagged = Flag.objects.filter(current=True, provision=params["provision"], response=OuterRef("response_id"))
        requests = requests.filter(Exists(flagged), response__state__in=HANDED_IN_STATES)
    rows = rows.filter(pk__in=requests.order_by().values("relationship_id"))
    return search_rows(narrow_rows(rows, own_facets(), params), params.get("q", ""), SEARCHED), facets


STANDINGS = [("running", gettext_lazy("Running")), ("ended", gettext_lazy("Ended"))]
BAND_CHOICES = [
    ("high", gettext_lazy("High risk")),
    ("medium", gettext_lazy("Medium risk")),
    ("low", gettext_lazy("Low risk")),
]


def ended_clause(value: str) -> Q:
    """Return the condition of a running or an ended relationship."""
    over = Q(ended_on__lte=timezone.localdate())
    return over if value == "ended" else Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())


def band_clause(value: str) -> Q:
    """Return suppliers with a site whose newest handed-in response is in the band."""
    newer = Response.objects.filter(
        site_id=OuterRef("site_id"),
        relationship_id=OuterRef("relationship_id"),
        state__in=HANDED_IN_STATES,
        submitted_at__gt=OuterRef("submitted_at"),
    )
    newest = Response.objects.filter(relationship_id=OuterRef("pk"), state__in=HANDED_IN_STATES, band=value).filter(
        ~Exists(newer)
    )
    return Q(Exists(newest))


def audit_clause(value: str) -> Q:
    """Return suppliers with a site that stands so with its audits; "never" are those without any audited site."""
    rows = site_statuses(Audit.objects.filter(site__closed_on=None))
    if value == AuditStatus.NEVER:
        return ~Q(pk__in=rows.exclude(status=AuditStatus.NEVER).values("relationship_id"))
    return Q(pk__in=rows.filter(status=value).values("relationship_id"))


def asked_clause(value: str) -> Q:
    """Return suppliers asked in a campaign."""
    return Q(pk__in=Request.objects.filter(campaign_id=value).values("relationship_id"))


def flag_clause(value: str) -> Q:
    """Return suppliers with a current flag on the provision."""
    return Q(
        Exists(
            Flag.objects.filter(
                current=True,
                provision=value,
                response__relationship_id=OuterRef("pk"),
                response__state__in=HANDED_IN_STATES,
            )
        )
    )


@dataclass
class SupplierRow:
    """One line of the supplier list: the relationship and its sites' newest standing."""

    relationship: Relationship
    sites: int = 0
    scored: int = 0
    lowest: float | None = None
    band: str = ""
    handed_in: Any = None
    waiting: int = 0
    findings: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Severity.values, 0))
    audits: Counter[str] = field(default_factory=Counter)

    @property
    def audited(self) -> int:
        """Sites with a valid audit, those that expire soon included."""
        return self.audits[AuditStatus.VALID] + self.audits[AuditStatus.EXPIRING]


def standing_of(page: list[Relationship]) -> list[SupplierRow]:
    """Return the lines of one page; four queries whatever its length."""
    rows = {relationship.pk: SupplierRow(relationship) for relationship in page}
    by_supplier = {relationship.supplier_id: relationship.pk for relationship in page}
    sites = Site.objects.filter(organisation_id__in=by_supplier, closed_on=None).order_by()
    for supplier_id, count in sites.values_list("organisation_id").annotate(count=Count("pk")):
        rows[by_supplier[supplier_id]].sites = count
    responses = Response.objects.filter(relationship_id__in=rows).order_by("submitted_at", "pk")
    newest: dict[tuple[int, int], Any] = {}
    for response in responses.values("relationship_id", "site_id", "state", "score", "band", "submitted_at"):
        if response["state"] in HANDED_IN_STATES:
            newest[response["relationship_id"], response["site_id"]] = response
        elif response["state"] in OPEN_STATES:
            rows[response["relationship_id"]].waiting += 1
    for (relationship_id, _site), response in newest.items():
        add_standing(rows[relationship_id], response)
    add_findings(rows)
    add_audits(rows)
    return list(rows.values())


def add_standing(row: SupplierRow, response: Mapping[str, Any]) -> None:
    """Fold one site's newest response into its supplier's line: the lowest score counts."""
    row.handed_in = max(filter(None, (row.handed_in, response["submitted_at"])), default=None)
    if response["score"] is None:
        return
    row.scored += 1
    if row.lowest is None or response["score"] < row.lowest:
        row.lowest, row.band = response["score"], response["band"]


def add_findings(rows: dict[int, SupplierRow]) -> None:
    """Count open findings of one page of suppliers by severity."""
    found = Finding.objects.filter(relationship_id__in=rows, state__in=UNSETTLED_STATES).order_by()
    for relationship_id, severity, count in found.values_list("relationship_id", "severity").annotate(
        count=Count("pk")
    ):
        rows[relationship_id].findings[severity] = count


def add_audits(rows: dict[int, SupplierRow]) -> None:
    """Count the open sites of one page of suppliers by their audit status."""
    found = site_statuses(Audit.objects.filter(relationship_id__in=rows, site__closed_on=None))
    for line in found:
        rows[line["relationship_id"]].audits[line["status"]] += 1
