"""States and choices of declarations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeclarationState(TextChoices):
    """From the request to the day it no longer counts."""

    REQUESTED = "requested", pgettext_lazy("declaration", "Requested")
    RECEIVED = "received", pgettext_lazy("declaration", "Received")
    RETURNED = "returned", pgettext_lazy("declaration", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("declaration", "Accepted")
    SUPERSEDED = "superseded", pgettext_lazy("declaration", "Superseded")
    EXPIRED = "expired", pgettext_lazy("declaration", "Expired")
    CANCELLED = "cancelled", pgettext_lazy("declaration", "Cancelled")


# The supplier has something to do.
OPEN_STATES = (DeclarationState.REQUESTED, DeclarationState.RETURNED)
# A file or form has been handed in and stands.
HANDED_IN_STATES = (
    DeclarationState.RECEIVED,
    DeclarationState.ACCEPTED,
    DeclarationState.SUPERSEDED,
    DeclarationState.EXPIRED,
)


class Way(TextChoices):
    """How an edition came in."""

    UPLOAD = "upload", _("Uploaded by the supplier")
    FORM = "form", _("Filled in on the page")
    BUYER = "buyer", _("Entered by the buyer")
    API = "api", _("Sent by a program")


class BatchFileState(TextChoices):
    """What became of one file of many that a buyer entered at once."""

    WAITING = "waiting", _("Waiting to be read")
    ENTERED = "entered", _("Entered")
    TO_MATCH = "to_match", _("Choose the supplier")
    KNOWN = "known", _("Already here")
    REFUSED = "refused", _("Cannot be read")
    SET_ASIDE = "set_aside", _("Set aside")
