"""REST: frozen submissions, read only; the answers come with the page of one submission."""

import json
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.responses.enums import ResponseState
from assessments.responses.models import Submission
from assessments.responses.queries import visible_submissions
from portal.api.enums import Scope
from portal.api.views.filters import (
    ChoiceFilter,
    CountryFilter,
    IdFilter,
    OrderingFilter,
    Rows,
    SinceFilter,
    TextFilter,
    YesNoFilter,
)
from portal.api.views.resources import ReadViewSet


class SubmissionRow(serializers.ModelSerializer[Submission]):
    """A frozen copy of a response; it never changes, a correction is the next number."""

    response_id = serializers.IntegerField()
    latest = serializers.BooleanField(help_text="Whether the response has no later submission.")
    state = serializers.ChoiceField(
        source="response.state", choices=ResponseState.choices, help_text="Where the response stands now."
    )
    title = serializers.CharField(source="response.title")
    period = serializers.CharField(source="response.period")
    relationship_id = serializers.IntegerField(source="response.relationship_id")
    buyer_id = serializers.IntegerField(source="response.relationship.buyer_id")
    supplier_id = serializers.IntegerField(source="response.relationship.supplier_id")
    vendor_code = serializers.CharField(source="response.relationship.vendor_code")
    site_id = serializers.IntegerField(source="response.site_id")
    site_name = serializers.CharField(source="response.site.name")
    country = serializers.CharField(source="response.site.country.code", help_text="ISO 3166, two letters.")
    sha256 = serializers.CharField(help_text="Hash of the snapshot as canonical JSON.")

    class Meta:
        model = Submission
        fields: tuple[str, ...] = (
            "id",
            "response_id",
            "number",
            "latest",
            "state",
            "title",
            "period",
            "relationship_id",
            "buyer_id",
            "supplier_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "attested_name",
            "attested_on",
            "submitted_at",
            "sha256",
        )


class SubmissionDetail(SubmissionRow):
    """A submission with its snapshot: questionnaire, site, and every answer as it was handed in."""

    snapshot = serializers.SerializerMethodField()

    class Meta(SubmissionRow.Meta):
        fields = (*SubmissionRow.Meta.fields, "snapshot")

    @extend_schema_field(serializers.DictField())
    def get_snapshot(self, submission: Submission) -> Any:
        """Return the snapshot as data."""
        return json.loads(submission.snapshot)


class SubmissionFilter(Rows):
    """Filters of submissions."""

    response = IdFilter("response_id")
    campaign = IdFilter("response__request__campaign_id")
    relationship = IdFilter("response__relationship_id")
    site = IdFilter("response__site_id")
    country = CountryFilter("response__site__country")
    vendor_code = TextFilter("response__relationship__vendor_code")
    period = TextFilter("response__period")
    state = ChoiceFilter("response__state", choices=ResponseState.choices)
    latest = YesNoFilter("latest")
    submitted_since = SinceFilter("submitted_at")
    submitted_before = SinceFilter("submitted_at", lookup_expr="lt")
    ordering = OrderingFilter("id", "submitted_at", "number")


class SubmissionViewSet(ReadViewSet):
    """Submissions of the reader's own sites and of sites the reader asked as the buyer."""

    scope = Scope.SUBMISSIONS
    serializer_class = SubmissionRow
    detail_serializer_class = SubmissionDetail
    filterset_class = SubmissionFilter

    def rows(self) -> QuerySet[Submission]:
        """Return submissions the reader sees, without their answers."""
        return self.detail_rows().defer("snapshot")

    def detail_rows(self) -> QuerySet[Submission]:
        """Return submissions the reader sees, with the answers."""
        later = Submission.objects.filter(response=OuterRef("response"), number__gt=OuterRef("number"))
        named = visible_submissions(self.reader).select_related("response__relationship", "response__site")
        return named.annotate(latest=~Exists(later))
