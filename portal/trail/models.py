"""The trail: entries are only ever added; seals chain them by hash."""

from typing import Any, Never

from django.conf import settings
from django.db import models


class AppendOnlyError(TypeError):
    """Raised on any try to change or remove what was recorded."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses bulk changes; the database refuses them too (see the migration)."""

    def update(self, **kwargs: object) -> Never:
        """Refuse."""
        raise AppendOnlyError

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnlyError


class Entry(models.Model):
    """Who did what to which thing, when and from where."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=254, blank=True)
    organisation_id = models.BigIntegerField(null=True, db_index=True)
    deed = models.CharField(max_length=60, db_index=True)
    thing_type = models.CharField(max_length=60, blank=True)
    thing_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thing_type", "thing_id"]),
            models.Index(fields=["organisation_id", "-id"]),
            models.Index(fields=["actor", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.thing_type}:{self.thing_id}"


class Seal(models.Model):
    """The hash of one entry and of all sealed before it; `number` is the order of sealing, without gaps."""

    number = models.BigIntegerField(unique=True)
    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest
