"""Findings, and what a site does about them."""

from django.conf import settings
from django.db import models
from django.db.models import Case, F, IntegerField, Q, Value, When

from assessments.findings.enums import (
    RULED_SOURCES,
    SETTLED_STATES,
    ActionManager,
    CloseReason,
    Due,
    ExtensionState,
    FindingState,
    PlanState,
    Severity,
    Source,
    Verification,
)
from portal.files.models import StoredFile
from suppliers.organisations.models import Organisation, Relationship, Site

SEVERITY_RANK = Case(
    *(When(severity=value, then=Value(rank)) for rank, value in enumerate(Severity.values)),
    output_field=IntegerField(),
)
UNSETTLED = ~Q(state__in=sorted(SETTLED_STATES))


class Finding(models.Model):
    """One thing wrong at one site, seen by one buyer.

    `source` and `source_id` name what it came from (a response, an audit), `rule` the flag rule or checkpoint in it.
    The due dates are written when its clock starts; `next_due` and `next_due_on` are the one that runs now,
    kept by the lifecycle for lists, reminders and dashboards.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="findings")
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="findings")
    source = models.CharField(max_length=15, choices=Source)
    source_id = models.BigIntegerField(null=True)
    rule = models.CharField(max_length=80)
    code_of_conduct = models.CharField(max_length=40)
    provision = models.CharField(max_length=20)
    topic = models.CharField(max_length=40, blank=True)
    severity = models.CharField(max_length=10, choices=Severity)
    text = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)
    law = models.TextField(blank=True)
    state = models.CharField(max_length=15, choices=FindingState, default=FindingState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=15, choices=CloseReason, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recurrence_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="recurrences")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    manager = models.CharField(max_length=10, choices=ActionManager, default=ActionManager.BUYER)
    firm = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    discovered_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    plan_due_on = models.DateField(null=True)
    approval_due_on = models.DateField(null=True)
    done_due_on = models.DateField(null=True)
    next_due = models.CharField(max_length=10, choices=Due, blank=True)
    next_due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "relationship", "source", "rule"],
                condition=UNSETTLED & Q(source__in=["flag", "declaration"]) & ~Q(rule=""),
                name="open_finding_once",
            ),
            models.UniqueConstraint(
                fields=["source_id", "rule"], condition=Q(source="audit"), name="finding_once_per_audit"
            ),
        ]
        indexes = [
            models.Index(fields=["relationship", "state", "severity"]),
            models.Index(fields=["relationship", "next_due_on"]),
            models.Index(fields=["state", "-opened_at"]),
            models.Index(fields=["site", "provision"]),
            models.Index(fields=["source", "source_id"]),
            models.Index(fields=["next_due_on"]),
            # The order of the list: worst first. Without it 200,000 rows are sorted to show fifty.
            models.Index(SEVERITY_RANK, F("id"), name="finding_worst_first"),
        ]

    def __str__(self) -> str:
        return f"{self.provision} {self.severity}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is awaited from the site."""
        return self.state in SETTLED_STATES

    @property
    def is_unconfirmed_flag(self) -> bool:
        """Whether a rule raised it and no person has confirmed it yet."""
        return self.source in RULED_SOURCES and self.confirmed_at is None


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


class FindingInspector(models.Model):
    """A person from outside buyer and site who works on a finding: an auditor of the audit it came from."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="inspectors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "user"], name="inspector_once")]

    def __str__(self) -> str:
        return f"{self.finding_id}/{self.user_id}"


class CorrectiveAction(models.Model):
    """What the site does about a finding. `version` counts the saves of the plan; its state is the plan's."""

    finding = models.OneToOneField(Finding, on_delete=models.CASCADE, related_name="action")
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    no_action = models.BooleanField(default=False)
    no_action_reason = models.TextField(blank=True)
    containment = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    corrective = models.TextField(blank=True)
    preventive = models.TextField(blank=True)
    owner_name = models.CharField(max_length=150, blank=True)
    owner_email = models.EmailField(blank=True)
    starts_on = models.DateField(null=True)
    planned_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    verified_how = models.CharField(max_length=10, choices=Verification, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.finding_id} {self.state}"


class ActionChange(models.Model):
    """One move of a plan from state to state."""

    action = models.ForeignKey(CorrectiveAction, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class ActionFile(models.Model):
    """A file that shows what was found or what was done."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="action_files")
    note = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "file"], name="action_file_once")]

    def __str__(self) -> str:
        return self.note


class ActionComment(models.Model):
    """What one side says to the other about a finding; only ever added."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:40]


class Extension(models.Model):
    """A wish for a later date and what became of it."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="extensions")
    due = models.CharField(max_length=10, choices=Due)
    was_on = models.DateField()
    wanted_on = models.DateField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "due"], condition=Q(state="asked"), name="extension_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.wanted_on}"
