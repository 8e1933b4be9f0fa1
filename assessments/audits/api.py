"""REST: audits with what was concluded; the firm's people post conclusions."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.audits.enums import Asker, AuditState, Conclusion
from assessments.audits.models import Audit, AuditChange, AuditConclusion
from assessments.audits.permissions import may
from assessments.audits.queries import visible_audits
from assessments.audits.queries.audits import readable_clause
from assessments.audits.services.posting import post_findings
from assessments.findings.api import CODE_HELP, SightedRows
from assessments.findings.queries.sights import Sight, sight_of
from portal.accounts.models import User
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    DayFilter,
    IdFilter,
    OrderingFilter,
    SinceFilter,
    TextFilter,
)
from portal.api.views.writing import KEY_PARAMETER, StrictSerializer, WriteViewSet, key_of

MOST_CONCLUSIONS = 500
FIGURES = ("recognition", "reviewed", "applicable", "conform", "priority", "major", "minor", "score")


class AuditRow(serializers.ModelSerializer[Audit]):
    """One audit of one site for one buyer. The figures are null until the reader may read what was concluded."""

    relationship_id = serializers.IntegerField()
    buyer_id = serializers.IntegerField(source="relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="relationship.supplier_id")
    vendor_code = serializers.SerializerMethodField(help_text=CODE_HELP)
    site_id = serializers.IntegerField()
    site_name = serializers.CharField(source="site.name")
    country = serializers.CharField(source="site.country.code", help_text="ISO 3166, two letters.")
    programme = serializers.CharField(source="programme.code")
    programme_version = serializers.CharField(source="programme.version")
    firm_id = serializers.IntegerField(allow_null=True)
    firm_name = serializers.CharField(source="firm.name", allow_null=True, default=None)
    recognition = serializers.CharField(allow_null=True)
    reviewed = serializers.IntegerField(allow_null=True)
    applicable = serializers.IntegerField(allow_null=True)
    conform = serializers.IntegerField(allow_null=True)
    priority = serializers.IntegerField(allow_null=True)
    major = serializers.IntegerField(allow_null=True)
    minor = serializers.IntegerField(allow_null=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=1, allow_null=True)

    class Meta:
        model = Audit
        fields: tuple[str, ...] = (
            "id",
            "relationship_id",
            "buyer_id",
            "supplier_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "programme",
            "programme_version",
            "kind",
            "state",
            "asked_by",
            "asked_at",
            "firm_id",
            "firm_name",
            "starts_on",
            "ends_on",
            "released_on",
            "valid_until",
            *FIGURES,
        )

    def get_vendor_code(self, audit: Audit) -> str:
        """Return the vendor code, "" for audit firms."""
        code: str = self.context["view"].sight.code_of(audit.relationship)
        return code

    def to_representation(self, audit: Any) -> dict[str, Any]:
        """Return the columns; the figures only where `is_readable` says so."""
        row: dict[str, Any] = super().to_representation(audit)
        return row if audit.is_readable else {**row, **dict.fromkeys(FIGURES)}


class ConclusionRow(serializers.ModelSerializer[AuditConclusion]):
    """What the auditors wrote on one checkpoint."""

    data_points = serializers.ListField(child=serializers.CharField(), help_text="What was seen, heard or read.")
    finding_id = serializers.IntegerField(allow_null=True)

    class Meta:
        model = AuditConclusion
        fields = (
            "checkpoint",
            "conclusion",
            "data_points",
            "description",
            "law",
            "evidence",
            "root_cause",
            "topic",
            "version",
            "updated_at",
            "finding_id",
        )


class AuditDetail(AuditRow):
    """One audit with its conclusions; they are null until the reader may read them."""

    conclusions = serializers.SerializerMethodField()

    class Meta(AuditRow.Meta):
        fields = (*AuditRow.Meta.fields, "conclusions")

    @extend_schema_field(ConclusionRow(many=True, allow_null=True))
    def get_conclusions(self, audit: Audit) -> list[dict[str, Any]] | None:
        """Return the conclusions in the order of their codes, null while the reader may not read them."""
        readable: bool = audit.is_readable  # type: ignore[attr-defined]  # annotated by rows()
        return list(ConclusionRow(audit.conclusions.all(), many=True).data) if readable else None


class ConclusionPost(StrictSerializer):
    """One conclusion to be written. A field that is left out stays as it is."""

    checkpoint = serializers.CharField(max_length=40)
    conclusion = serializers.ChoiceField(choices=Conclusion.choices)
    data_points = serializers.ListField(child=serializers.CharField(), required=False, max_length=50)
    description = serializers.CharField(required=False, allow_blank=True)
    law = serializers.CharField(required=False, allow_blank=True)
    evidence = serializers.CharField(required=False, allow_blank=True)
    root_cause = serializers.CharField(required=False, allow_blank=True)
    topic = serializers.CharField(required=False, allow_blank=True)


class FindingsPost(StrictSerializer):
    """Conclusions to be written together, all or none."""

    conclusions = ConclusionPost(many=True, allow_empty=False, max_length=MOST_CONCLUSIONS)  # type: ignore[call-arg]  # of the list


class WrittenPoint(serializers.Serializer[Any]):
    """How a checkpoint stands after a post."""

    checkpoint = serializers.CharField()
    version = serializers.IntegerField(help_text="How often it was saved.")


class FindingsAnswer(serializers.Serializer[Any]):
    """What a post did."""

    audit_id = serializers.IntegerField()
    written = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    conclusions = WrittenPoint(many=True)


class AuditFilter(SightedRows):
    """Filters of audits."""

    state = ChoiceFilter("state", choices=AuditState.choices)
    asked_by = ChoiceFilter("asked_by", choices=Asker.choices)
    programme = TextFilter("programme__code")
    kind = TextFilter("kind")
    site = IdFilter("site_id")
    relationship = IdFilter("relationship_id")
    firm = IdFilter("firm_id")
    country = CountryFilter("site__country")
    vendor_code = TextFilter("relationship__vendor_code", method="with_code")
    starts_from = DayFilter("starts_on", lookup_expr="gte")
    starts_until = DayFilter("starts_on", lookup_expr="lte")
    released_from = DayFilter("released_on", lookup_expr="gte")
    released_until = DayFilter("released_on", lookup_expr="lte")
    valid_from = DayFilter("valid_until", lookup_expr="gte")
    valid_until = DayFilter("valid_until", lookup_expr="lte")
    updated_since = SinceFilter("asked_at", method="moved_since")
    ordering = OrderingFilter("id", "asked_at", "starts_on", "released_on", "valid_until")

    def moved_since(self, rows: QuerySet[Audit], _name: str, moment: datetime) -> QuerySet[Audit]:
        """Narrow to audits asked for or moved to another state since."""
        moved = AuditChange.objects.filter(audit=OuterRef("pk"), at__gte=moment)
        return rows.filter(Q(asked_at__gte=moment) | Exists(moved))


class AuditViewSet(WriteViewSet):
    """Audits at the reader's own sites, of suppliers the reader buys from, and those the reader's firm carries out."""

    scope: ClassVar[str] = Scope.AUDITS
    serializer_class = AuditRow
    detail_serializer_class = AuditDetail
    filterset_class = AuditFilter

    @cached_property
    def sight(self) -> Sight:
        """What the reader is told."""
        return sight_of(self.reader)

    def rows(self) -> QuerySet[Audit]:
        """Return audits the reader sees, and of each whether the reader may read what was concluded."""
        heavy = ("site__address", "site__contact_name", "site__contact_email", "programme__document", "reason", "scope")
        readable = Case(When(readable_clause(self.reader), then=Value(True)), default=Value(False))
        named = visible_audits(self.reader).select_related("site", "relationship", "programme", "firm").defer(*heavy)
        return named.annotate(is_readable=readable)

    def detail_rows(self) -> QuerySet[Audit]:
        """Return the same with the conclusions."""
        return self.rows().prefetch_related(Prefetch("conclusions", AuditConclusion.objects.order_by("checkpoint")))

    @extend_schema(request=FindingsPost, responses=FindingsAnswer, filters=False, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"], scope=Scope.WRITE_FINDINGS)
    def findings(self, request: Request, pk: str) -> Response:
        """Write conclusions of an audit, all or none. For its auditors and the manager of the audit firm."""
        audit = self.get_object()
        if not may(self.reader, "write", audit):
            raise PermissionDenied
        answer, is_replay = post_findings(
            audit=audit,
            key=key_of(request),
            conclusions=self.posted(FindingsPost)["conclusions"],
            actor=cast(User, self.reader),
        )
        return Response(answer, headers={"Idempotent-Replay": "true"} if is_replay else {})
