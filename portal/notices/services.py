"""Mails: queue as rows, send by a worker, never decide state."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from portal.accounts.models import User
from portal.jobs.services import enqueue
from portal.notices.models import Mail


def build_mail(
    key: str,
    *,
    to_email: str,
    template: str,
    context: dict[str, Any],
    language: str,
    to_name: str = "",
    user: User | None = None,
    organisation_id: int | None = None,
) -> Mail:
    """Return an unsaved mail. `template` names templates/emails/<template>.{subject.txt,txt,html}."""
    return Mail(
        key=key,
        to_email=to_email,
        to_name=to_name,
        template=template,
        context=context,
        language=language,
        user=user,
        organisation_id=organisation_id,
    )


@transaction.atomic
def queue_mails(mails: Iterable[Mail]) -> int:
    """Save mails and wake the sender after commit; a key that exists is skipped. Returns how many were given."""
    rows = list(mails)
    Mail.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    enqueue("notices.send")
    return len(rows)
