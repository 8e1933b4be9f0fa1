"""What is known of a smelter, and what becomes of a name that nobody knows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Statuses of the audit programme that decide something; other words are kept verbatim beside them."""

    CONFORMANT = "conformant", _("Conformant")
    ACTIVE = "active", pgettext_lazy("smelter", "Active")
    RECOGNISED = "recognised", _("Cross-recognised")
    ELIGIBLE = "eligible", _("Eligible only")
    OUTREACH = "outreach", _("Outreach required")
    IN_COMMUNICATION = "in_communication", _("In communication")
    SUSPENDED = "suspended", _("Communication suspended")
    UNABLE = "unable", _("Unable to proceed")
    NON_CONFORMANT = "non_conformant", _("Non conformant")
    REMOVED = "removed", _("Removed from the list")
    UNKNOWN = "unknown", _("Not stated")


class Light(TextChoices):
    """The traffic light of a smelter; it follows from the status."""

    GREEN = "green", _("Conformant or recognised")
    AMBER = "amber", _("On the way")
    RED = "red", _("Not conformant")
    GREY = "grey", _("Status not known")


LIGHTS: dict[str, Light] = {
    Status.CONFORMANT: Light.GREEN,
    Status.RECOGNISED: Light.GREEN,
    Status.ACTIVE: Light.AMBER,
    Status.IN_COMMUNICATION: Light.AMBER,
    Status.OUTREACH: Light.RED,
    Status.SUSPENDED: Light.RED,
    Status.UNABLE: Light.RED,
    Status.NON_CONFORMANT: Light.RED,
    Status.REMOVED: Light.RED,
    Status.ELIGIBLE: Light.GREY,
    Status.UNKNOWN: Light.GREY,
}


class NameKind(TextChoices):
    """What a name of a smelter is."""

    STANDARD = "standard", _("Standard name")
    LOOKUP = "lookup", _("Look-up name")
    ALIAS = "alias", _("Alias")
    FORMER = "former", _("Former name")
    OLD_ID = "old_id", _("Identification before 2014")


class How(TextChoices):
    """By what a row was matched with a smelter, or why a smelter is suggested for it."""

    NONE = "", _("Not identified")
    ID = "id", _("Same identification")
    ID_OTHER_NAME = "id_other_name", _("Same identification, the name differs")
    OLD_ID = "old_id", _("Identification of the years before 2014")
    STANDARD = "standard", _("Same standard name")
    ALIAS = "alias", _("Same name")
    DECIDED = "decided", _("Decided by a person")
    CASE = "case", pgettext_lazy("smelter name", "Waits for a decision")
    KEPT = "kept", pgettext_lazy("smelter name", "Kept as unknown")
    REJECTED = "rejected", pgettext_lazy("smelter name", "Rejected")
    MENDED = "mended", _("Same identification, written differently")
    DIGIT = "digit", _("Identification with one digit different, similar name")
    SWAPPED = "swapped", _("Identification with two digits swapped, similar name")
    LENGTH = "length", _("Identification with a digit missing or too many, similar name")
    OTHER_METAL = "other_metal", _("Same identification, but of another metal")
    SAME_NAME = "same_name", _("Same name")
    FORMER = "former", _("Former name")
    ALIKE = "alike", _("Similar name")


class ListKind(TextChoices):
    """Where a list of smelters came from."""

    TEMPLATE = "template", _("Look-up list of a template")
    FILE = "file", _("Imported file")


class ListState(TextChoices):
    """Where an imported list stands."""

    PREVIEW = "preview", _("Waiting for a decision")
    APPLIED = "applied", _("Applied")
    DISCARDED = "discarded", _("Discarded")


class Change(TextChoices):
    """What a list says that the registry does not."""

    ADDED = "added", _("Added")
    REMOVED = "removed", _("Removed")
    RENAMED = "renamed", _("Renamed")
    STATUS = "status", _("Status changed")
    COUNTRY = "country", _("Country changed")


class CaseState(TextChoices):
    """What became of a smelter name that the registry does not know."""

    OPEN = "open", pgettext_lazy("smelter name", "To decide")
    MATCHED = "matched", pgettext_lazy("smelter name", "Matched")
    UNKNOWN = "unknown", pgettext_lazy("smelter name", "Kept as unknown")
    REJECTED = "rejected", pgettext_lazy("smelter name", "Rejected")


class OutreachKind(TextChoices):
    """What happened between the company and a smelter."""

    ASKED = "asked", _("Asked to join the audit programme")
    ANSWERED = "answered", pgettext_lazy("smelter", "Answered")
    DONATED = "donated", _("Donated to the initial audit fund")
    OTHER = "other", _("Other contact")


class Rejection(TextChoices):
    """Why a name that a declaration gives is no smelter."""

    NO_NAME = "no_name", _("No name of a smelter")
    METAL = "metal", _("Name of a metal")
    TRADER = "trader", _("Distributor or trader")
    MINE = "mine", _("Mine, not a smelter")
    SUPPLIER = "supplier", _("Supplier, not a smelter")
    OTHER = "other", pgettext_lazy("rejection", "Another reason")
