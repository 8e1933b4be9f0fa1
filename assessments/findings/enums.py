"""Severities, sources, states and clocks of findings and of what is done about them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Severity(TextChoices):
    """How bad it is, worst first."""

    PRIORITY = "priority", _("Priority")
    MAJOR = "major", _("Major")
    MINOR = "minor", _("Minor")


class Source(TextChoices):
    """Where a finding came from."""

    FLAG = "flag", _("Self-assessment")
    AUDIT = "audit", _("Audit")
    DECLARATION = "declaration", _("Declaration")
    DOCUMENT = "document", _("Expired document")
    GRIEVANCE = "grievance", _("Grievance")


# What a person may enter by hand: the others are raised by what they come from.
ENTERED_SOURCES = (Source.DECLARATION, Source.DOCUMENT, Source.GRIEVANCE)
# What rules raise: such a finding names its rule and waits until a person confirms it.
RULED_SOURCES = (Source.FLAG, Source.DECLARATION)


class FindingState(TextChoices):
    """From open to closed; what the site does about it is a corrective action."""

    OPEN = "open", _("Open")
    DISPUTED = "disputed", _("Disputed")
    ACTION_AGREED = "action_agreed", _("Action agreed")
    IN_PROGRESS = "in_progress", pgettext_lazy("finding", "In progress")
    DONE = "done", _("Done, to be verified")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    NO_ACTION = "no_action", _("No action")
    COLLABORATIVE = "collaborative", _("Collaborative")


SETTLED_STATES = frozenset({FindingState.VERIFIED, FindingState.CLOSED, FindingState.NO_ACTION})
UNSETTLED_STATES = tuple(state for state in FindingState if state not in SETTLED_STATES)


class CloseReason(TextChoices):
    """Why a finding was closed."""

    MENDED = "mended", _("Mended and checked")
    CORRECTED = "corrected", _("The answer was corrected")
    NEWER = "newer", _("A newer self-assessment no longer shows it")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")
    MERGED = "merged", _("Merged into another finding")


class ActionManager(TextChoices):
    """Who accepts plans and verifies what was done."""

    SITE = "site", _("The site itself")
    BUYER = "buyer", _("The buyer")
    FIRM = "firm", _("The audit firm")


class PlanState(TextChoices):
    """How far the plan of a corrective action is."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted")
    ACCEPTED = "accepted", pgettext_lazy("plan", "Accepted")
    REJECTED = "rejected", pgettext_lazy("plan", "Rejected")


WRITABLE_PLANS = frozenset({PlanState.DRAFT, PlanState.REJECTED})


class Verification(TextChoices):
    """How somebody made sure that it is mended."""

    DESK = "desk", _("At the desk, from the evidence")
    ON_SITE = "on_site", _("On site")


class Due(TextChoices):
    """What a clock waits for."""

    PLAN = "plan", _("Plan")
    APPROVAL = "approval", _("Approval of the plan")
    DONE = "done", _("Action done")


class NextStep(TextChoices):
    """What a finding waits for; the first and the third are the site's, the others the action manager's."""

    PLAN = "plan", _("Plan")
    APPROVAL = "approval", _("Approval of the plan")
    ACTION = "action", _("Action")
    VERIFICATION = "verification", _("Verification")
    DISPUTE = "dispute", _("Decision on the dispute")


SITE_STEPS = frozenset({NextStep.PLAN, NextStep.ACTION})


class Anchor(TextChoices):
    """The day from which a clock runs."""

    DISCOVERY = "discovery", _("Day of discovery")
    REPORT = "report", _("Day of the report")


class ExtensionState(TextChoices):
    """What became of a wish for a later date."""

    ASKED = "asked", pgettext_lazy("later date", "Asked")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
