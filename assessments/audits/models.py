"""Audits, who does them, what they conclude, and how that compares with the self-assessment."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.audits.enums import (
    Asker,
    AuditState,
    Conclusion,
    FileUse,
    Payer,
    SelfWord,
    UploadState,
    WorkerGroup,
)
from assessments.findings.models import Finding
from assessments.responses.models import Submission
from portal.files.models import StoredFile
from suppliers.organisations.models import Organisation, Relationship, Site


class ProgrammeVersion(models.Model):
    """A programme as it was when its first audit was asked for; it never changes.

    `document` is the JSON of document.Programme. A standard one has no owner. A buyer's own has one; of its
    versions new audits take the newest.
    """

    owner = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="programmes")
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.JSONField(default=dict)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "code", "version"], name="programme_version_once"),
            # SQLite knows no NULLS NOT DISTINCT, so what has no owner has a constraint of its own.
            models.UniqueConstraint(
                fields=["code", "version"], condition=models.Q(owner=None), name="standard_programme_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Engagement(models.Model):
    """An audit firm that works for a buyer: only these can be chosen for its audits."""

    buyer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engaged_firms")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engaged_by")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "firm"], name="engagement_once")]

    def __str__(self) -> str:
        return f"{self.buyer_id}/{self.firm_id}"


class Audit(models.Model):
    """One audit of one site for one buyer.

    The figures from `conform` to `minor` and the score are written by the service whenever conclusions change;
    lists and dashboards read them. `valid_until` is written at release.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="audits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="audits")
    programme = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="audits")
    kind = models.CharField(max_length=40)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    state = models.CharField(max_length=20, choices=AuditState, default=AuditState.REQUESTED)
    asked_by = models.CharField(max_length=10, choices=Asker)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    schedule = models.ForeignKey("AuditSchedule", null=True, on_delete=models.SET_NULL, related_name="audits")
    asked_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(_("Why this audit"), blank=True)
    preferred_on = models.DateField(_("Preferred date"), null=True, blank=True)
    firm = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="audits")
    payer = models.CharField(_("Who pays"), max_length=10, choices=Payer, default=Payer.BUYER)
    scope = models.TextField(_("Scope"), blank=True)
    starts_on = models.DateField(_("First day on site"), null=True, blank=True)
    ends_on = models.DateField(_("Last day on site"), null=True, blank=True)
    started_at = models.DateTimeField(null=True)
    presented_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_name = models.CharField(max_length=150, blank=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    released_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=0)
    reviewed = models.PositiveSmallIntegerField(default=0)
    applicable = models.PositiveSmallIntegerField(default=0)
    conform = models.PositiveSmallIntegerField(default=0)
    priority = models.PositiveSmallIntegerField(default=0)
    major = models.PositiveSmallIntegerField(default=0)
    minor = models.PositiveSmallIntegerField(default=0)
    score = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    recognition = models.CharField(max_length=40, blank=True)
    # Share of the provisions the site called conform and the auditors reviewed that the auditors called conform, too.
    claimed = models.PositiveSmallIntegerField(default=0)
    confirmed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["relationship", "state"]),
            models.Index(fields=["site", "-valid_until"]),
            models.Index(fields=["state", "starts_on"]),
            models.Index(fields=["state", "valid_until"]),
            models.Index(fields=["firm", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.site_id}"

    @property
    def finding_count(self) -> int:
        """Findings of every severity."""
        return self.priority + self.major + self.minor


class AuditChange(models.Model):
    """One move of an audit from state to state."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class AuditAssignment(models.Model):
    """An auditor on an audit. Nobody starts before each has declared whether a conflict of interest exists."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)
    declared_at = models.DateTimeField(null=True)
    has_conflict = models.BooleanField(null=True)
    statement = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "user"], name="auditor_once")]

    def __str__(self) -> str:
        return f"{self.audit_id}/{self.user_id}"


class WorkerCount(models.Model):
    """Heads of one group at the site, and how many of them were interviewed."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="worker_counts")
    group = models.CharField(max_length=15, choices=WorkerGroup)
    women = models.PositiveIntegerField(default=0)
    men = models.PositiveIntegerField(default=0)
    interviewed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "group"], name="worker_group_once")]

    def __str__(self) -> str:
        return self.group


class AuditConclusion(models.Model):
    """What the auditors wrote on one checkpoint. `version` counts the saves: no tablet overwrites another."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="conclusions")
    checkpoint = models.CharField(max_length=40)
    conclusion = models.CharField(max_length=15, choices=Conclusion, blank=True)
    topic = models.CharField(max_length=40, blank=True)
    data_points = models.JSONField(default=list)  # texts: what was seen, heard or read
    description = models.TextField(blank=True)
    law = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    root_cause = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()
    finding = models.OneToOneField(Finding, null=True, on_delete=models.SET_NULL, related_name="conclusion")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "checkpoint"], name="conclusion_once")]

    def __str__(self) -> str:
        return f"{self.checkpoint} {self.conclusion}"


class ConclusionRevision(models.Model):
    """What a conclusion was after each save; only ever added. `content` holds the columns that a person writes."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="revisions")
    checkpoint = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["audit", "checkpoint"])]

    def __str__(self) -> str:
        return f"{self.checkpoint} {self.version}"


class AuditFile(models.Model):
    """A file of an audit: its report, or evidence behind one checkpoint."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="audit_files")
    use = models.CharField(max_length=20, choices=FileUse)
    checkpoint = models.CharField(max_length=40, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "use", "checkpoint", "file"], name="audit_file_once")]

    def __str__(self) -> str:
        return self.use


class Feedback(models.Model):
    """What the site says about one checkpoint of the draft, and what the auditors made of it."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="feedback")
    checkpoint = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reply = models.TextField(blank=True)
    incorporated = models.BooleanField(null=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:40]


class FindingUpload(models.Model):
    """A table of conclusions that a firm uploaded: parsed, previewed, applied all or not at all, once."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="uploads")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="finding_uploads")
    sheet = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=UploadState)
    mapping = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.audit_id} {self.state}"


class ColumnMapping(models.Model):
    """How a firm's own sheet is read, by the fingerprint of its headers.

    `columns` is {our column: its header}, `words` {its word for a conclusion: ours}.
    """

    firm = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="column_mappings")
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "fingerprint"], name="column_mapping_once")]

    def __str__(self) -> str:
        return self.fingerprint


class AuditSchedule(models.Model):
    """A buyer's rule by which audits are asked for: every condition that is set must hold for a site."""

    buyer = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="audit_schedules")
    name = models.CharField(_("Name"), max_length=150)
    programme_code = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    bands = models.JSONField(default=list)  # risk bands of the newest score; empty: any
    months = models.PositiveSmallIntegerField(_("Months since the last audit"), null=True, blank=True)
    least_spend = models.PositiveBigIntegerField(_("Yearly spend from"), null=True, blank=True)
    firm = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    payer = models.CharField(_("Who pays"), max_length=10, choices=Payer, default=Payer.BUYER)
    lead_days = models.PositiveSmallIntegerField(_("Days from the request to the audit"), default=60)
    most_a_month = models.PositiveSmallIntegerField(_("At most per month"), default=20)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Comparison(models.Model):
    """One provision of one audit beside the self-assessment: what the site said, what the auditors found."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="comparisons")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="comparisons")
    provision = models.CharField(max_length=20)
    said = models.CharField(max_length=10, choices=SelfWord)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    found = models.CharField(max_length=15, choices=Conclusion)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "provision"], name="comparison_once")]
        indexes = [models.Index(fields=["said", "found"])]

    def __str__(self) -> str:
        return f"{self.provision} {self.said} {self.found}"


class QuestionCheck(models.Model):
    """One question the site answered as conform, on a provision the auditors reviewed: were they of the same mind?"""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="question_checks")
    question = models.CharField(max_length=60)
    provision = models.CharField(max_length=20)
    is_confirmed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "question", "provision"], name="question_check_once")]
        indexes = [models.Index(fields=["question"])]

    def __str__(self) -> str:
        return self.question
