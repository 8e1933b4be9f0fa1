"""Responses, answers, evidence and frozen submissions."""

from django.conf import settings
from django.db import models

from assessments.questionnaires.models import QuestionnaireVersion
from assessments.responses.enums import HANDED_IN_STATES, OPEN_STATES, ResponseState
from portal.files.models import StoredFile
from suppliers.organisations.models import Relationship, Site


class Response(models.Model):
    """A site's answering of one questionnaire version for one buyer.

    The figures below `score` are a summary that scoring writes for lists and dashboards;
    the reasons live with the score itself.
    """

    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="responses")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="responses")
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=20)
    due_on = models.DateField()
    state = models.CharField(max_length=15, choices=ResponseState, default=ResponseState.WAITING)
    previous = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    decline_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    answered = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    band = models.CharField(max_length=20, blank=True)
    priority_flags = models.PositiveSmallIntegerField(default=0)
    major_flags = models.PositiveSmallIntegerField(default=0)
    minor_flags = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["relationship", "state"]),
            models.Index(fields=["site", "-created_at"]),
            models.Index(fields=["state", "due_on"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_editable(self) -> bool:
        """Whether answers may still be changed."""
        return self.state in OPEN_STATES

    @property
    def is_handed_in(self) -> bool:
        """Whether a submission stands."""
        return self.state in HANDED_IN_STATES


class ResponseChange(models.Model):
    """One move of a response from state to state."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="changes")
    source = models.CharField(max_length=15)
    target = models.CharField(max_length=15)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class Answer(models.Model):
    """One row per question answered. `version` counts the saves; `origin` names a year carried over."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=40, blank=True)
    confirmed = models.BooleanField(default=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "code"], name="answer_once")]

    def __str__(self) -> str:
        return self.code


class AnswerRevision(models.Model):
    """What an answer was before and after each save; only ever added."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="revisions")
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["response", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Evidence(models.Model):
    """A file behind one answer; the same stored file may stand behind many."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "code", "file"], name="evidence_once")]

    def __str__(self) -> str:
        return self.code


class SectionAssignment(models.Model):
    """Who in the supplier's team takes care of a section."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="assignments")
    section = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "section"], name="section_assigned_once")]

    def __str__(self) -> str:
        return self.section


class Submission(models.Model):
    """The frozen copy of a response. Never changes; a correction is a new one with the next number."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.TextField()
    sha256 = models.CharField(max_length=64)
    attested_name = models.CharField(max_length=150)
    attested_on = models.DateField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    scored_version = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="submission_number_once")]
        indexes = [models.Index(fields=["scored_version", "submitted_at"])]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.number}"


class ReviewComment(models.Model):
    """What the buyer says about one question of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    code = models.CharField(max_length=60)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "code"], name="review_comment_once")]

    def __str__(self) -> str:
        return self.code
