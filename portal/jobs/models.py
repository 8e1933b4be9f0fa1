"""Long work as rows: a lost queue loses nothing."""

import uuid

from django.conf import settings
from django.db import models

from portal.files.models import StoredFile
from portal.jobs.enums import JobState


class Job(models.Model):
    """One piece of long work: its kind names the runner, its params say what to do."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    source_file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    result_file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    return_path = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=10, default="en")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "heartbeat_at"]),
            models.Index(fields=["actor", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def percent(self) -> int:
        """Share done, 0 to 100."""
        return min(100, round(100 * self.done / self.total)) if self.total else 0
