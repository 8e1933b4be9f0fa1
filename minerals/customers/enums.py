"""Choices of customers' requests."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    """Where a request stands."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined")


class AskedScope(TextChoices):
    """What the customer wants the declaration to speak of."""

    COMPANY = "company", _("Whole company")
    GROUP = "group", _("Product group")
    PRODUCTS = "products", _("Listed products")
