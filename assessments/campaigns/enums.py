"""What a campaign asks for, its states and the choices of its selection."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assessments.responses.enums import ResponseState
from minerals.declarations.enums import DeclarationState


class CampaignKind(TextChoices):
    """What a campaign asks for."""

    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    DECLARATION = "declaration", _("Declaration of minerals")


class CampaignState(TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", _("Draft")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    CLOSED = "closed", _("Closed")


class OwnSites(TextChoices):
    """Whether a selection by filter takes the buyer's own sites."""

    WITHOUT = "without", _("Suppliers only")
    WITH = "with", _("Suppliers and own sites")
    ONLY = "only", _("Own sites only")


class Progress(TextChoices):
    """How far a request is, as the lists of a campaign filter it. Late is read from the dates."""

    UNOPENED = "unopened", _("Not opened")
    OPENED = "opened", _("Opened")
    STARTED = "started", _("Started")
    SUBMITTED = "submitted", _("Submitted")
    LATE = "late", _("Late")
    RETURNED = "returned", _("Returned")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    OPEN = "open", _("Still open")


class MailMark(TextChoices):
    """What a list says of the mails of a request."""

    FAILED = "failed", _("Mail failed")
    NOBODY = "nobody", _("Nobody to write to")


# What the thing asked for can be in, whichever kind it is.
REQUEST_STATES = tuple({**dict(DeclarationState.choices), **dict(ResponseState.choices)}.items())
DEFAULT_REMINDER_DAYS = (-14, -3, 1, 7)
