"""Scores and flags: results of scoring one submission under one scoring version."""

from django.db import models

from assessments.findings.enums import Severity
from assessments.findings.models import Finding
from assessments.responses.models import Response, Submission


class Score(models.Model):
    """One submission scored under one version; `detail` holds sections, provisions and contributions."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="scores")
    scoring_version = models.CharField(max_length=20)
    total = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    band = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "scoring_version"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.total}"


class Flag(models.Model):
    """A rule that fired on a submission. `current` marks those of the response's latest submission."""

    score = models.ForeignKey(Score, on_delete=models.CASCADE, related_name="flags")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="flags")
    rule = models.CharField(max_length=80)
    provision = models.CharField(max_length=20)
    severity = models.CharField(max_length=10, choices=Severity)
    inputs = models.JSONField(default=dict)
    current = models.BooleanField(default=True)
    finding = models.ForeignKey(Finding, null=True, on_delete=models.SET_NULL, related_name="flags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "rule"], name="flag_once")]
        indexes = [models.Index(fields=["current", "provision", "severity"])]

    def __str__(self) -> str:
        return self.rule
