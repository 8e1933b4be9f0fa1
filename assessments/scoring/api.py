"""REST: scores with what every question did to them, and flags; read only."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.findings.enums import Severity
from assessments.responses.models import Submission
from assessments.scoring.enums import State
from assessments.scoring.models import Flag, Score
from assessments.scoring.queries import visible_flags, visible_scores
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

CONTRIBUTION = ("state", "earned", "weight", "gain", "lost", "missing_evidence")


class ScoreRow(serializers.ModelSerializer[Score]):
    """The result of scoring one submission under one scoring version."""

    submission_id = serializers.IntegerField()
    response_id = serializers.IntegerField(source="submission.response_id")
    latest = serializers.BooleanField(help_text="Whether this score stands now: newest submission, newest scoring.")
    submitted_at = serializers.DateTimeField(source="submission.submitted_at")
    period = serializers.CharField(source="submission.response.period")
    relationship_id = serializers.IntegerField(source="submission.response.relationship_id")
    vendor_code = serializers.CharField(source="submission.response.relationship.vendor_code")
    site_id = serializers.IntegerField(source="submission.response.site_id")
    site_name = serializers.CharField(source="submission.response.site.name")
    country = serializers.CharField(source="submission.response.site.country.code", help_text="ISO 3166, two letters.")
    total = serializers.FloatField(allow_null=True, help_text="0 to 100; null when nothing could be scored.")
    scored_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Score
        fields: tuple[str, ...] = (
            "id",
            "submission_id",
            "response_id",
            "latest",
            "submitted_at",
            "period",
            "relationship_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "scoring_version",
            "total",
            "band",
            "scored_at",
        )


class Contribution(serializers.Serializer[Any]):
    """What one question did to the score."""

    question = serializers.CharField()
    state = serializers.ChoiceField(choices=[(state.value, state.value) for state in State])
    earned = serializers.FloatField(help_text="Fraction of its weight, 0 to 1.")
    weight = serializers.FloatField()
    gain = serializers.FloatField(help_text="Points of the total that it brought.")
    lost = serializers.FloatField(help_text="Points of the total that it cost.")
    missing_evidence = serializers.BooleanField()


class Tally(serializers.Serializer[Any]):
    """The score of a part of the questionnaire."""

    score = serializers.FloatField(allow_null=True, help_text="0 to 100; null when nothing counts.")
    earned = serializers.FloatField(help_text="Weight that was earned.")
    weight = serializers.FloatField(help_text="Weight that counts: N/A and hidden questions do not.")


class ScoreDetail(ScoreRow):
    """A score with its reasons."""

    sections = serializers.DictField(child=Tally(), source="detail.sections", help_text="By section.")
    provisions = serializers.DictField(child=Tally(), source="detail.provisions", help_text="By provision.")
    contributions = serializers.SerializerMethodField()
    not_evaluated = serializers.ListField(
        child=serializers.CharField(), source="detail.not_evaluated", help_text="Rules whose answers are missing."
    )

    class Meta(ScoreRow.Meta):
        fields = (*ScoreRow.Meta.fields, "sections", "provisions", "contributions", "not_evaluated")

    @extend_schema_field(Contribution(many=True))
    def get_contributions(self, score: Score) -> list[dict[str, Any]]:
        """Return one row per question, in the order of the questionnaire."""
        parts: dict[str, list[Any]] = score.detail.get("contributions", {})
        return [{"question": code, **dict(zip(CONTRIBUTION, part, strict=True))} for code, part in parts.items()]


class FlagRow(serializers.ModelSerializer[Flag]):
    """A rule that fired on a submission, with the answers that made it fire."""

    score_id = serializers.IntegerField()
    submission_id = serializers.IntegerField(source="score.submission_id")
    response_id = serializers.IntegerField()
    finding_id = serializers.IntegerField(allow_null=True)
    relationship_id = serializers.IntegerField(source="response.relationship_id")
    vendor_code = serializers.CharField(source="response.relationship.vendor_code")
    site_id = serializers.IntegerField(source="response.site_id")
    site_name = serializers.CharField(source="response.site.name")
    country = serializers.CharField(source="response.site.country.code", help_text="ISO 3166, two letters.")
    period = serializers.CharField(source="response.period")
    inputs = serializers.DictField(help_text="Question codes and the answers the rule read.")
    current = serializers.BooleanField(help_text="Whether it stands on the latest submission.")
    flagged_at = serializers.DateTimeField(source="score.created_at")

    class Meta:
        model = Flag
        fields = (
            "id",
            "score_id",
            "submission_id",
            "response_id",
            "finding_id",
            "relationship_id",
            "vendor_code",
            "site_id",
            "site_name",
            "country",
            "period",
            "rule",
            "provision",
            "severity",
            "inputs",
            "current",
            "flagged_at",
        )


class ScoreFilter(Rows):
    """Filters of scores."""

    submission = IdFilter("submission_id")
    response = IdFilter("submission__response_id")
    campaign = IdFilter("submission__response__request__campaign_id")
    relationship = IdFilter("submission__response__relationship_id")
    site = IdFilter("submission__response__site_id")
    country = CountryFilter("submission__response__site__country")
    vendor_code = TextFilter("submission__response__relationship__vendor_code")
    period = TextFilter("submission__response__period")
    band = TextFilter("band")
    scoring_version = TextFilter("scoring_version")
    latest = YesNoFilter("latest")
    submitted_since = SinceFilter("submission__submitted_at")
    updated_since = SinceFilter("created_at")
    ordering = OrderingFilter("id", "total", ("created_at", "scored_at"), ("submission__submitted_at", "submitted_at"))


class FlagFilter(Rows):
    """Filters of flags."""

    score = IdFilter("score_id")
    submission = IdFilter("score__submission_id")
    response = IdFilter("response_id")
    finding = IdFilter("finding_id")
    campaign = IdFilter("response__request__campaign_id")
    relationship = IdFilter("response__relationship_id")
    site = IdFilter("response__site_id")
    country = CountryFilter("response__site__country")
    vendor_code = TextFilter("response__relationship__vendor_code")
    period = TextFilter("response__period")
    rule = TextFilter("rule")
    provision = TextFilter("provision")
    severity = ChoiceFilter("severity", choices=Severity.choices)
    current = YesNoFilter("current")
    submitted_since = SinceFilter("score__submission__submitted_at")
    updated_since = SinceFilter("score__created_at")
    ordering = OrderingFilter("id", "provision", ("score__created_at", "flagged_at"))


class ScoreViewSet(ReadViewSet):
    """Scores of responses the reader may see; a submission scored anew under a later version has several."""

    scope = Scope.SCORES
    serializer_class = ScoreRow
    detail_serializer_class = ScoreDetail
    filterset_class = ScoreFilter

    def rows(self) -> QuerySet[Score]:
        """Return scores the reader sees, without their reasons."""
        return self.detail_rows().defer("detail", "submission__snapshot")

    def detail_rows(self) -> QuerySet[Score]:
        """Return scores the reader sees, with their reasons."""
        later = Submission.objects.filter(
            response=OuterRef("submission__response"), number__gt=OuterRef("submission__number")
        )
        stands = Q(~Exists(later), submission__scored_version=F("scoring_version"))
        named = visible_scores(self.reader).select_related(
            "submission__response__relationship", "submission__response__site"
        )
        return named.defer("submission__snapshot").annotate(latest=stands)


class FlagViewSet(ReadViewSet):
    """Flags of responses the reader may see."""

    scope = Scope.FLAGS
    serializer_class = FlagRow
    filterset_class = FlagFilter

    def rows(self) -> QuerySet[Flag]:
        """Return flags the reader sees."""
        named = visible_flags(self.reader).select_related("score", "response__relationship", "response__site")
        return named.defer("score__detail")
