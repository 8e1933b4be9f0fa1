"""Tokens for machines, and what they posted."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Token(models.Model):
    """A machine's key: acts with the rights of its user, narrowed by its scopes. Only a hash is stored."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether the token still opens the door."""
        return not self.revoked_at and (self.expires_at is None or self.expires_at > timezone.now())


class Post(models.Model):
    """What a program posted under an idempotency key and was answered: the same post again gets the same answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="post_once")]

    def __str__(self) -> str:
        return self.key
