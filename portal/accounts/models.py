"""People and the links that bring them in."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import InvitationState


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create and return a user; without a password the person signs in by code or reset link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What they may do comes from their memberships, never from here."""

    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=150, blank=True)
    language = models.CharField(_("Language"), max_length=10, choices=settings.LANGUAGES, default="en")
    second_language = models.CharField(max_length=10, blank=True)
    second_factor_required = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return str(self)


def new_nonce() -> str:
    """Return an unguessable part for a link."""
    return secrets.token_urlsafe(16)


def invitation_end() -> datetime:
    """Return the moment a new invitation runs out."""
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


class Invitation(models.Model):
    """A single-use link; its token is signed from id and nonce, so nothing secret is stored."""

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, default="en")
    nonce = models.CharField(max_length=32, default=new_nonce)
    next_path = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=invitation_end)
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    handed_on_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="handed_on_from")

    class Meta:
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return self.email

    @property
    def state(self) -> InvitationState:
        """Where the invitation stands, by its dates."""
        facts = (
            (self.accepted_at, InvitationState.ACCEPTED),
            (self.handed_on_to_id, InvitationState.HANDED_ON),
            (self.revoked_at, InvitationState.REVOKED),
            (self.expires_at <= timezone.now(), InvitationState.EXPIRED),
            (self.opened_at, InvitationState.OPENED),
        )
        return next((state for fact, state in facts if fact), InvitationState.WAITING)

    @property
    def is_usable(self) -> bool:
        """Whether the link still opens the door."""
        return self.state in (InvitationState.WAITING, InvitationState.OPENED)
