"""What the site says about the draft, and what the auditors make of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.enums import AuditState
from assessments.audits.models import Audit, Feedback
from assessments.audits.queries import programme_of
from assessments.audits.services.concluding import UnknownCheckpointError, closed_error
from assessments.audits.services.contents import limited
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.trail.services import record

LONGEST = 5_000
ANSWERING_STATES = (AuditState.QUALITY_CHECK, AuditState.DRAFT)


@transaction.atomic
def give_feedback(*, audit: Audit, text: str, actor: User, checkpoint: str = "") -> Feedback:
    """Write what the site says about one checkpoint of the draft, or about all of it; the same words once.

    Raises ClosedError unless the draft lies with the site, DomainError without words.
    """
    hold(audit, (AuditState.FEEDBACK,))
    if checkpoint and checkpoint not in programme_of(audit.programme).by_code:
        message = _("The programme of this audit has no checkpoint %(code)s.")
        raise UnknownCheckpointError(message % {"code": checkpoint}, code="not_found")
    words = written(text)
    row, created = Feedback.objects.get_or_create(
        audit=audit, checkpoint=checkpoint, text=words, defaults={"author": actor}
    )
    if created:
        note("give_feedback", row, actor)
    return row


@transaction.atomic
def answer_feedback(*, feedback: Feedback, reply: str, incorporated: bool, actor: User) -> Feedback:
    """Answer what the site said, and say whether the draft was changed; an answer may be corrected until the release.

    Raises ClosedError while the draft lies with the site and after the release, DomainError without words.
    """
    hold(feedback.audit, ANSWERING_STATES)
    columns = {
        "reply": written(reply),
        "incorporated": incorporated,
        "replied_by": actor,
        "replied_at": timezone.now(),
    }
    if not Feedback.objects.filter(pk=feedback.pk, replied_at=feedback.replied_at).update(**columns):
        raise ConflictError(_("Somebody else answered this a moment ago. Reload the page to read it."))
    for name, value in columns.items():
        setattr(feedback, name, value)
    note("answer_feedback", feedback, actor)
    return feedback


def hold(audit: Audit, states: tuple[AuditState, ...]) -> None:
    """Lock the audit until the end of the transaction; raises ClosedError unless it is in one of the states."""
    audit.state = Audit.objects.select_for_update().values_list("state", flat=True).get(pk=audit.pk)
    if audit.state not in states:
        raise closed_error(audit)


def written(text: str) -> str:
    """Return the words of a remark or an answer; raises DomainError when there are none or too many."""
    words = limited(text, LONGEST)
    if not words:
        raise DomainError(_("Write what you want to say first."), code="empty")
    return words


def note(deed: str, row: Feedback, actor: User) -> None:
    """Leave a trace at the site whose audit it is."""
    audit = row.audit
    record(deed, actor=actor, thing=audit, organisation_id=audit.site.organisation_id, checkpoint=row.checkpoint)
