"""REST: findings, read only."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework import serializers

from assessments.findings.enums import CloseReason, FindingState, Severity, Source
from assessments.findings.models import SEVERITY_RANK, Finding, FindingChange
from assessments.findings.queries import visible_findings
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    IdFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
)
from portal.api.views.resources import ReadViewSet


class FindingRow(serializers.ModelSerializer[Finding]):
    """One thing wrong at one site, seen by one buyer."""

    relationship_id = serializers.IntegerField()
    buyer_id = serializers.IntegerField(source="relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="relationship.supplier_id")
    vendor_code = serializers.CharField(source="relationship.vendor_code")
    site_id = serializers.IntegerField()
    site_name = serializers.CharField(source="site.name")
    country = serializers.CharField(source="site.country.code", help_text="ISO 3166, two letters.")
    source_id = serializers.IntegerField(allow_null=True, help_text="For a self-assessment the id of its response.")
    text = serializers.DictField(child=serializers.CharField(), help_text="What is wrong, by language.")
    advice = serializers.DictField(child=serializers.CharField(), help_text="What to do, by language.")

    class Meta:
        model = Finding
        fields = (
            "id",
            "relationship_id",
            "buyer_id",
            "supplier_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "source",
            "source_id",
            "rule",
            "code_of_conduct",
            "provision",
            "severity",
            "text",
            "advice",
            "state",
            "opened_at",
            "closed_at",
            "close_reason",
        )


class FindingFilter(Rows):
    """Filters of findings."""

    state = ChoiceFilter("state", choices=FindingState.choices)
    severity = ChoiceFilter("severity", choices=Severity.choices)
    provision = TextFilter("provision")
    code_of_conduct = TextFilter("code_of_conduct")
    rule = TextFilter("rule")
    source = ChoiceFilter("source", choices=Source.choices)
    source_id = IdFilter("source_id")
    close_reason = ChoiceFilter("close_reason", choices=CloseReason.choices)
    relationship = IdFilter("relationship_id")
    site = IdFilter("site_id")
    country = CountryFilter("site__country")
    vendor_code = TextFilter("relationship__vendor_code")
    opened_since = SinceFilter("opened_at")
    updated_since = SinceFilter("opened_at", method="moved_since")
    ordering = OrderingFilter("id", "opened_at", "closed_at", "provision", ("severity_rank", "severity"))

    def moved_since(self, rows: QuerySet[Finding], _name: str, moment: datetime) -> QuerySet[Finding]:
        """Narrow to findings opened, closed or reopened since."""
        moved = FindingChange.objects.filter(finding=OuterRef("pk"), at__gte=moment)
        return rows.filter(Q(opened_at__gte=moment) | Exists(moved))


class FindingViewSet(ReadViewSet):
    """Findings at the reader's own sites and at sites of suppliers the reader buys from."""

    scope = Scope.FINDINGS
    serializer_class = FindingRow
    filterset_class = FindingFilter

    def rows(self) -> QuerySet[Finding]:
        """Return findings the reader sees."""
        heavy = ("site__address", "site__contact_name", "site__contact_email")
        named = visible_findings(self.reader).select_related("site", "relationship").defer(*heavy)
        return named.annotate(severity_rank=SEVERITY_RANK)
