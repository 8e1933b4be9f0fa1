"""Choices of people and invitations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InvitationState(TextChoices):
    """Where an invitation stands; it follows from its dates."""

    WAITING = "waiting", _("Not opened yet")
    OPENED = "opened", _("Opened")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Withdrawn")
    HANDED_ON = "handed_on", _("Handed on")
