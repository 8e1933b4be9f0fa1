"""States and choices of audits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AuditState(TextChoices):
    """From the request to the end of the validity."""

    REQUESTED = "requested", pgettext_lazy("audit", "Requested")
    ACCEPTED = "accepted", pgettext_lazy("audit", "Accepted")
    DECLINED = "declined", pgettext_lazy("audit", "Declined")
    SCHEDULED = "scheduled", pgettext_lazy("audit", "Scheduled")
    IN_PROGRESS = "in_progress", pgettext_lazy("audit", "On site")
    ACKNOWLEDGED = "acknowledged", _("Findings acknowledged")
    DRAFT = "draft", _("Draft report")
    FEEDBACK = "feedback", _("Feedback of the site")
    QUALITY_CHECK = "quality_check", _("Quality check")
    RELEASED = "released", _("Released")
    ACTIONS_OPEN = "actions_open", _("Actions open")
    CLOSURE_SCHEDULED = "closure_scheduled", _("Closure scheduled")
    CLOSED = "closed", pgettext_lazy("audit", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("audit", "Cancelled")
    EXPIRED = "expired", pgettext_lazy("audit", "Expired")


# Before anybody is on site; these are the audits that a calendar plans.
PLANNED_STATES = (AuditState.REQUESTED, AuditState.ACCEPTED, AuditState.SCHEDULED)
# The firm's people write conclusions.
WRITING_STATES = (AuditState.IN_PROGRESS, AuditState.ACKNOWLEDGED, AuditState.DRAFT)
# The report is out: the result counts, the site and the buyer read it.
RELEASED_STATES = (
    AuditState.RELEASED,
    AuditState.ACTIONS_OPEN,
    AuditState.CLOSURE_SCHEDULED,
    AuditState.CLOSED,
    AuditState.EXPIRED,
)
# An audit that is going on: a schedule asks for no second one meanwhile.
GOING_STATES = (
    *PLANNED_STATES,
    *WRITING_STATES,
    AuditState.FEEDBACK,
    AuditState.QUALITY_CHECK,
)


class Asker(TextChoices):
    """Who asked for an audit."""

    BUYER = "buyer", _("The buyer")
    SITE = "site", _("The site")
    SCHEDULE = "schedule", _("A schedule")


class Payer(TextChoices):
    """Who pays the audit firm."""

    BUYER = "buyer", _("The buyer")
    SITE = "site", _("The site")
    SHARED = "shared", _("Both share the cost")


class Conclusion(TextChoices):
    """What the auditors conclude on one checkpoint."""

    CONFORM = "conform", _("Conform")
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    PRIORITY = "priority", _("Priority")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_REVIEWED = "not_reviewed", _("Not reviewed")


# What becomes a finding; the values are those of a finding's severity.
NONCONFORM = (Conclusion.PRIORITY, Conclusion.MAJOR, Conclusion.MINOR)


class FileUse(TextChoices):
    """What a file of an audit is."""

    REPORT = "report", _("The audit firm's report")
    EVIDENCE = "evidence", _("Evidence")
    ACKNOWLEDGEMENT = "acknowledgement", _("Signed acknowledgement")


class WorkerGroup(TextChoices):
    """The groups in which a worker profile counts heads."""

    PERMANENT = "permanent", _("Permanent employees")
    FIXED_TERM = "fixed_term", _("Fixed-term employees")
    DISPATCHED = "dispatched", _("Dispatched workers")
    CONTRACTORS = "contractors", _("On-site contractors")
    TRAINEES = "trainees", _("Technical intern trainees")
    STUDENTS = "students", _("Students and apprentices")


class AuditStatus(TextChoices):
    """How a site stands: the answer to "is it audited?"."""

    NEVER = "never", _("Never audited")
    PLANNED = "planned", _("Planned")
    VALID = "valid", _("Valid")
    EXPIRING = "expiring", _("Expires within 90 days")
    EXPIRED = "expired", _("Expired")


class UploadState(TextChoices):
    """How far an uploaded table of findings is."""

    MAPPING = "mapping", _("Columns to be matched")
    REFUSED = "refused", _("Cells to be corrected")
    READY = "ready", _("Ready to be applied")
    APPLIED = "applied", _("Applied")


class SelfWord(TextChoices):
    """What a self-assessment said about a provision or question."""

    CONFORM = "conform", _("Conform")
    GAP = "gap", _("Gap")
    UNKNOWN = "unknown", _("Not answered")
