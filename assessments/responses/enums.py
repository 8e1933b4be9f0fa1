"""States of a response and of its parts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from suppliers.organisations.enums import Role


class ResponseState(TextChoices):
    """Where a response stands. Late is not a state: it is read from the dates."""

    WAITING = "waiting", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


EDITABLE_STATES = (ResponseState.WAITING, ResponseState.IN_PROGRESS, ResponseState.RETURNED)
HANDED_IN_STATES = (ResponseState.SUBMITTED, ResponseState.IN_REVIEW, ResponseState.ACCEPTED)
OPEN_STATES = EDITABLE_STATES
EDITORS = frozenset({Role.SUPPLIER_MANAGER, Role.SUPPLIER_EDITOR})
