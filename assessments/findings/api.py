"""REST: findings and corrective actions, read only."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.findings.enums import ActionManager, CloseReason, FindingState, PlanState, Severity, Source
from assessments.findings.models import (
    SEVERITY_RANK,
    ActionChange,
    CorrectiveAction,
    Extension,
    Finding,
    FindingChange,
)
from assessments.findings.queries import STANDINGS, standing_clause, visible_findings
from assessments.findings.queries.sights import Sight, plan_clause, sight_of
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    DayFilter,
    IdFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
    YesNoFilter,
)
from portal.api.views.resources import ReadViewSet

PLAN_FIELDS = (
    "state",
    "no_action",
    "no_action_reason",
    "containment",
    "root_cause",
    "corrective",
    "preventive",
    "owner_name",
    "starts_on",
    "planned_on",
    "submitted_at",
    "decided_at",
    "verified_how",
    "updated_at",
)
# What belongs to whom: relationship, supplier and site of a finding.
PLACE_FIELDS = (
    "relationship_id",
    "buyer_id",
    "supplier_id",
    "vendor_code",
    "site_id",
    "site_name",
    "country",
)
CODE_HELP = "Empty for audit firms: it is a word between buyer and supplier."
HEAVY = ("site__address", "site__contact_name", "site__contact_email")


class PlanRow(serializers.ModelSerializer[CorrectiveAction]):
    """What the site does about a finding."""

    class Meta:
        model = CorrectiveAction
        fields = PLAN_FIELDS


def told_code(row: serializers.BaseSerializer[Any], finding: Finding) -> str:
    """Return the vendor code as far as the reader of a row is told."""
    code: str = row.context["view"].sight.code_of(finding.relationship)
    return code


class FindingRow(serializers.ModelSerializer[Finding]):
    """One thing wrong at one site, seen by one buyer."""

    relationship_id = serializers.IntegerField()
    buyer_id = serializers.IntegerField(source="relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="relationship.supplier_id")
    vendor_code = serializers.SerializerMethodField(help_text=CODE_HELP)
    site_id = serializers.IntegerField()
    site_name = serializers.CharField(source="site.name")
    country = serializers.CharField(source="site.country.code", help_text="ISO 3166, two letters.")
    source_id = serializers.IntegerField(allow_null=True, help_text="For a self-assessment the id of its response.")
    text = serializers.DictField(child=serializers.CharField(), help_text="What is wrong, by language.")
    advice = serializers.DictField(
        child=serializers.CharField(), help_text="What to do, by language; of an audit the cause that the auditors see."
    )
    recurrence_of_id = serializers.IntegerField(allow_null=True, help_text="The earlier finding that this one repeats.")
    merged_into_id = serializers.IntegerField(allow_null=True, help_text="The finding that stands for this one.")
    firm_id = serializers.IntegerField(allow_null=True, help_text="The audit firm whose audit found it.")
    confirmed_at = serializers.DateTimeField(
        allow_null=True, help_text="When a person confirmed it; null while what a rule found waits for that."
    )
    corrective_action = serializers.SerializerMethodField(
        help_text="Null until the site has handed in a plan; its own people read drafts, too."
    )

    def get_vendor_code(self, finding: Finding) -> str:
        """Return the vendor code to those who use it."""
        return told_code(self, finding)

    @extend_schema_field(PlanRow(allow_null=True))
    def get_corrective_action(self, finding: Finding) -> dict[str, object] | None:
        """Return the plan of a finding, as far as the reader reads it."""
        action = self.context["view"].sight.plan_of(finding)
        return dict(PlanRow(action).data) if action else None

    class Meta:
        model = Finding
        fields = (
            "id",
            *PLACE_FIELDS,
            "source",
            "source_id",
            "rule",
            "code_of_conduct",
            "provision",
            "topic",
            "severity",
            "text",
            "advice",
            "law",
            "state",
            "opened_at",
            "confirmed_at",
            "closed_at",
            "close_reason",
            "recurrence_of_id",
            "merged_into_id",
            "manager",
            "firm_id",
            "discovered_on",
            "reported_on",
            "plan_due_on",
            "approval_due_on",
            "done_due_on",
            "next_due",
            "next_due_on",
            "done_on",
            "verified_on",
            "corrective_action",
        )


class SightedRows(Rows):
    """Filters of rows that name a vendor code: nobody asks by a code they are not told."""

    def with_code(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Narrow to rows of a vendor code the reader may know."""
        told = sight_of(self.request.user).code_clause(name.removesuffix("__vendor_code"))
        return rows.filter(told, **{name: value})


class FindingFilter(SightedRows):
    """Filters of findings."""

    state = ChoiceFilter("state", choices=FindingState.choices)
    standing = ChoiceFilter(choices=STANDINGS, method="as_standing")
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
    vendor_code = TextFilter("relationship__vendor_code", method="with_code")
    opened_since = SinceFilter("opened_at")
    updated_since = SinceFilter("opened_at", method="moved_since")
    due_before = DayFilter("next_due_on", lookup_expr="lte")
    due_after = DayFilter("next_due_on", lookup_expr="gte")
    manager = ChoiceFilter("manager", choices=ActionManager.choices)
    confirmed = YesNoFilter("confirmed_at__isnull", exclude=True)
    recurrence = YesNoFilter("recurrence_of__isnull", exclude=True)
    ordering = OrderingFilter("id", "opened_at", "closed_at", "next_due_on", "provision", ("severity_rank", "severity"))

    def as_standing(self, rows: QuerySet[Finding], _name: str, value: str) -> QuerySet[Finding]:
        """Narrow to findings that are open, overdue or settled, whatever their state."""
        return rows.filter(standing_clause(value))

    def moved_since(self, rows: QuerySet[Finding], _name: str, moment: datetime) -> QuerySet[Finding]:
        """Narrow to findings of which anything moved since: state, plan, confirmation, due dates."""
        found = Q(opened_at__gte=moment) | Q(confirmed_at__gte=moment) | Q(action__updated_at__gte=moment)
        return rows.filter(found | moved_clause("pk", moment))


def moved_clause(finding: str, moment: datetime) -> Q:
    """Return the condition that a finding, its plan or a due date moved since; `finding` is the path to its id."""
    own = OuterRef(finding)
    return (
        Q(Exists(FindingChange.objects.filter(finding=own, at__gte=moment)))
        | Q(Exists(ActionChange.objects.filter(action__finding=own, at__gte=moment)))
        | Q(Exists(Extension.objects.filter(finding=own, decided_at__gte=moment)))
    )


class SightedViewSet(ReadViewSet):
    """Rows that tell each side what is its to know."""

    @cached_property
    def sight(self) -> Sight:
        """What the reader is told."""
        return sight_of(self.reader)


class FindingViewSet(SightedViewSet):
    """Findings at own sites, at sites of suppliers the reader buys from, and of audits the reader works on."""

    scope = Scope.FINDINGS
    serializer_class = FindingRow
    filterset_class = FindingFilter

    def rows(self) -> QuerySet[Finding]:
        """Return findings the reader sees."""
        named = visible_findings(self.reader).select_related("site", "relationship", "action").defer(*HEAVY)
        return named.annotate(severity_rank=SEVERITY_RANK)


class ActionRow(serializers.ModelSerializer[CorrectiveAction]):
    """What a site does about a finding, with where and what the finding is."""

    finding_id = serializers.IntegerField()
    relationship_id = serializers.IntegerField(source="finding.relationship_id")
    buyer_id = serializers.IntegerField(source="finding.relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="finding.relationship.supplier_id")
    vendor_code = serializers.SerializerMethodField(help_text=CODE_HELP)
    site_id = serializers.IntegerField(source="finding.site_id")
    site_name = serializers.CharField(source="finding.site.name")
    country = serializers.CharField(source="finding.site.country.code", help_text="ISO 3166, two letters.")
    provision = serializers.CharField(source="finding.provision")
    severity = serializers.ChoiceField(source="finding.severity", choices=Severity.choices)
    finding_state = serializers.ChoiceField(source="finding.state", choices=FindingState.choices)
    next_due = serializers.CharField(source="finding.next_due", help_text="plan, approval, done or empty.")
    next_due_on = serializers.DateField(source="finding.next_due_on", allow_null=True)
    done_on = serializers.DateField(source="finding.done_on", allow_null=True)
    verified_on = serializers.DateField(source="finding.verified_on", allow_null=True)

    def get_vendor_code(self, action: CorrectiveAction) -> str:
        """Return the vendor code to those who use it."""
        return told_code(self, action.finding)

    class Meta:
        model = CorrectiveAction
        fields = (
            "id",
            "finding_id",
            *PLACE_FIELDS,
            "provision",
            "severity",
            "finding_state",
            "next_due",
            "next_due_on",
            "done_on",
            "verified_on",
            *PLAN_FIELDS,
        )


class ActionFilter(SightedRows):
    """Filters of corrective actions."""

    state = ChoiceFilter("state", choices=PlanState.choices)
    finding = IdFilter("finding_id")
    finding_state = ChoiceFilter("finding__state", choices=FindingState.choices)
    standing = ChoiceFilter(choices=STANDINGS, method="as_standing")
    severity = ChoiceFilter("finding__severity", choices=Severity.choices)
    provision = TextFilter("finding__provision")
    source = ChoiceFilter("finding__source", choices=Source.choices)
    source_id = IdFilter("finding__source_id")
    relationship = IdFilter("finding__relationship_id")
    site = IdFilter("finding__site_id")
    country = CountryFilter("finding__site__country")
    vendor_code = TextFilter("finding__relationship__vendor_code", method="with_code")
    due_before = DayFilter("finding__next_due_on", lookup_expr="lte")
    due_after = DayFilter("finding__next_due_on", lookup_expr="gte")
    updated_since = SinceFilter("updated_at", method="moved_since")
    ordering = OrderingFilter("id", "updated_at", "planned_on", ("finding__next_due_on", "next_due_on"))

    def as_standing(self, rows: QuerySet[CorrectiveAction], _name: str, value: str) -> QuerySet[CorrectiveAction]:
        """Narrow to actions whose findings are open, overdue or settled."""
        return rows.filter(finding__in=Finding.objects.filter(standing_clause(value)))

    def moved_since(self, rows: QuerySet[CorrectiveAction], _name: str, moment: datetime) -> QuerySet[CorrectiveAction]:
        """Narrow to actions of which anything moved since."""
        return rows.filter(Q(updated_at__gte=moment) | moved_clause("finding_id", moment))


class ActionViewSet(SightedViewSet):
    """Corrective actions of the findings the reader sees; a plan not handed in is read by its site alone."""

    scope = Scope.FINDINGS
    serializer_class = ActionRow
    filterset_class = ActionFilter

    def rows(self) -> QuerySet[CorrectiveAction]:
        """Return corrective actions the reader sees."""
        seen = CorrectiveAction.objects.filter(plan_clause(self.reader), finding__in=visible_findings(self.reader))
        heavy = [f"finding__{name}" for name in HEAVY]
        return seen.select_related("finding__site", "finding__relationship").defer(*heavy)
