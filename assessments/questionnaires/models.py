"""Questionnaires and their frozen versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.questionnaires.enums import VersionState
from suppliers.organisations.models import Organisation


class Questionnaire(models.Model):
    """A line of versions. Without an owner it is a standard one that every buyer may send."""

    code = models.CharField(max_length=60)
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            # Two, because SQLite cannot hold one over an empty owner.
            models.UniqueConstraint(fields=["code", "owner"], name="questionnaire_code_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(owner=None), name="standard_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class QuestionnaireVersion(models.Model):
    """One typed document, immutable once published; the document is canonical JSON.

    With a `base` it is the base's questions and own ones after them.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    base = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="extensions")
    title = models.JSONField(default=dict)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in VersionState],
        default=VersionState.DRAFT.value,
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["questionnaire", "version"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.version}"
