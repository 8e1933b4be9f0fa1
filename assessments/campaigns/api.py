"""REST: campaigns and requests, read only."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework import serializers

from assessments.campaigns.enums import REQUEST_STATES, CampaignKind, CampaignState, Progress
from assessments.campaigns.models import Campaign, Request
from assessments.campaigns.queries import SUBJECTS, subject_of, visible_campaigns, visible_requests
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    IdFilter,
    NumberFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
    YesNoFilter,
)
from portal.api.views.resources import ReadViewSet

FILTERED = ("state", "due_on", "submitted_at")


class CampaignRow(serializers.ModelSerializer[Campaign]):
    """A buyer asks many sites a questionnaire, or many suppliers for a declaration, at once."""

    buyer_id = serializers.IntegerField()
    questionnaire = serializers.CharField(source="version.questionnaire.code", allow_null=True)
    questionnaire_version = serializers.CharField(source="version.version", allow_null=True)
    template = serializers.CharField(help_text="Of a declaration: CMRT, EMRT or AMRT; else empty.")
    minerals = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Campaign
        fields = (
            "id",
            "buyer_id",
            "name",
            "year",
            "kind",
            "questionnaire",
            "questionnaire_version",
            "template",
            "minerals",
            "due_on",
            "languages",
            "state",
            "created_at",
            "sent_at",
        )


class RequestRow(serializers.ModelSerializer[Request]):
    """One site's part of a campaign, or one supplier's. Country to tier are as they were when it was sent."""

    campaign_id = serializers.IntegerField()
    campaign_name = serializers.CharField(source="campaign.name")
    relationship_id = serializers.IntegerField()
    supplier_id = serializers.IntegerField(source="relationship.supplier_id")
    vendor_code = serializers.CharField(source="relationship.vendor_code")
    site_id = serializers.IntegerField()
    site_name = serializers.CharField(source="site.name")
    response_id = serializers.IntegerField(allow_null=True)
    declaration_id = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(source="thing.state", choices=REQUEST_STATES)
    late = serializers.SerializerMethodField(help_text="Whether it is still open past its due date.")
    due_on = serializers.DateField(source="thing.due_on", allow_null=True)
    opened_at = serializers.DateTimeField(source="thing.opened_at", allow_null=True)
    started_at = serializers.DateTimeField(source="thing.started_at", allow_null=True)
    submitted_at = serializers.DateTimeField(source="thing.submitted_at", allow_null=True)
    answered = serializers.IntegerField(source="response.answered", allow_null=True)
    asked = serializers.IntegerField(source="response.asked", allow_null=True)
    score = serializers.FloatField(source="response.score", allow_null=True)
    band = serializers.CharField(source="response.band", allow_null=True)

    class Meta:
        model = Request
        fields = (
            "id",
            "campaign_id",
            "campaign_name",
            "relationship_id",
            "supplier_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "business_unit",
            "region",
            "category",
            "tier",
            "response_id",
            "declaration_id",
            "state",
            "late",
            "due_on",
            "opened_at",
            "started_at",
            "submitted_at",
            "answered",
            "asked",
            "score",
            "band",
            "created_at",
        )

    def get_late(self, request: Request) -> bool:
        """Whether it is late today."""
        thing = request.thing
        is_past = thing.due_on is not None and thing.due_on < timezone.localdate()
        return is_past and subject_of(request.campaign).is_open(thing)


class CampaignFilter(Rows):
    """Filters of campaigns."""

    buyer = IdFilter("buyer_id")
    year = NumberFilter("year")
    kind = ChoiceFilter("kind", choices=CampaignKind.choices)
    state = ChoiceFilter("state", choices=CampaignState.choices)
    questionnaire = TextFilter("version__questionnaire__code")
    created_since = SinceFilter("created_at")
    ordering = OrderingFilter("id", "year", "name", "due_on", "sent_at")


class RequestFilter(Rows):
    """Filters of requests."""

    campaign = IdFilter("campaign_id")
    relationship = IdFilter("relationship_id")
    response = IdFilter("response_id")
    declaration = IdFilter("declaration_id")
    site = IdFilter("site_id")
    country = CountryFilter("country")
    vendor_code = TextFilter("relationship__vendor_code")
    business_unit = TextFilter("business_unit")
    region = TextFilter("region")
    category = TextFilter("category")
    tier = NumberFilter("tier")
    kind = ChoiceFilter("campaign__kind", choices=CampaignKind.choices)
    state = ChoiceFilter("thing_state", choices=REQUEST_STATES)
    band = TextFilter("response__band")
    late = YesNoFilter(method="is_late")
    submitted_since = SinceFilter("thing_submitted_at")
    created_since = SinceFilter("created_at")
    ordering = OrderingFilter(
        "id",
        "created_at",
        ("thing_due_on", "due_on"),
        ("thing_submitted_at", "submitted_at"),
        ("response__score", "score"),
    )

    def is_late(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Narrow to requests still open past their due date, or to the others."""
        today, late = timezone.localdate(), Q()
        for subject in SUBJECTS.values():
            late |= subject.progress_filter(Progress.LATE, today)
        return rows.filter(late if value == "true" else ~late)


class CampaignViewSet(ReadViewSet):
    """Campaigns of organisations where the reader is a buyer."""

    scope = Scope.REQUESTS
    serializer_class = CampaignRow
    filterset_class = CampaignFilter

    def rows(self) -> QuerySet[Campaign]:
        """Return campaigns the reader sees."""
        heavy = ("message", "selection", "facets", "version__document", "version__title")
        return visible_campaigns(self.reader).select_related("version__questionnaire").defer(*heavy)


class RequestViewSet(ReadViewSet):
    """Requests of the reader's campaigns; a reader narrowed to regions or units sees those."""

    scope = Scope.REQUESTS
    serializer_class = RequestRow
    filterset_class = RequestFilter

    def rows(self) -> QuerySet[Request]:
        """Return requests the reader sees."""
        heavy = ("campaign__message", "campaign__selection", "campaign__facets", "response__decline_reason")
        things = ("response", "declaration")
        named = visible_requests(self.reader).select_related("campaign", "relationship", "site", *things)
        either = {f"thing_{name}": Coalesce(*(f"{thing}__{name}" for thing in things)) for name in FILTERED}
        return named.annotate(**either).defer(*heavy, "site__address")
