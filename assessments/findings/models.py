"""Findings: one model for everything that is wrong at a site."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When

from assessments.findings.enums import CloseReason, FindingState, Severity, Source
from suppliers.organisations.models import Relationship, Site

SEVERITY_RANK = Case(
    *(When(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)),
    output_field=IntegerField(),
)


class Finding(models.Model):
    """One thing wrong at one site, seen by one buyer. `rule` is the stable key within its source."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="findings")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="findings")
    source = models.CharField(max_length=15, choices=Source)
    source_id = models.BigIntegerField(null=True)
    rule = models.CharField(max_length=80)
    code_of_conduct = models.CharField(max_length=40)
    provision = models.CharField(max_length=20)
    severity = models.CharField(max_length=10, choices=Severity)
    text = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)
    state = models.CharField(max_length=15, choices=FindingState, default=FindingState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=15, choices=CloseReason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "relationship", "source", "rule"],
                condition=Q(state="open"),
                name="open_finding_once",
            ),
        ]
        indexes = [
            models.Index(fields=["relationship", "state", "severity"]),
            models.Index(fields=["state", "-opened_at"]),
            # The order of the list: worst first. Without it 200,000 rows are sorted to show fifty.
            models.Index(SEVERITY_RANK, F("id"), name="finding_worst_first"),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.severity}"


class FindingChange(models.Model):
    """One move of a finding from state to state."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=15)
    target = models.CharField(max_length=15)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"
