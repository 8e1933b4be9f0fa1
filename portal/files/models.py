"""Stored files: what they hold, whose they are, how long they stay."""

import uuid

from django.conf import settings
from django.db import models

from portal.files.enums import FileKind, ScanState


def storage_key(stored: "StoredFile", filename: str) -> str:
    """Return a key that says nothing of the content; the name stays in the row."""
    return f"{stored.kind}/{stored.pk.hex[:2]}/{stored.pk.hex}"


class StoredFile(models.Model):
    """One file in the storage. Rights are decided by the room whose row points here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=FileKind)
    name = models.CharField(max_length=255)
    content = models.FileField(upload_to=storage_key, max_length=120)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    scan_state = models.CharField(max_length=10, choices=ScanState, default=ScanState.SKIPPED)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.name
