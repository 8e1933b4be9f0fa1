"""Mails: tell the people who must act next. A mail decides nothing."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation

from assessments.audits.models import Audit
from assessments.audits.queries import programme_of
from portal.accounts.models import User
from portal.lib.formats import shown_date
from portal.lib.texts import pick_text
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails


def tell_people(audit: Audit, step: str, people: Iterable[User], *, event: object, note: str = "") -> None:
    """Queue one mail for each person; `step` names a sentence of templates/emails/audit_step.txt.

    `event` tells one occurrence of the step from the next: the same event mails nobody twice.
    """
    chosen = {user.pk: user for user in people}
    queue_mails(step_mail(audit, step, user, event=event, note=note) for user in chosen.values())


def step_mail(audit: Audit, step: str, user: User, *, event: object, note: str) -> Mail:
    """Return the unsaved mail of a step in the language of its reader."""
    kind = programme_of(audit.programme).kind(audit.kind)
    with translation.override(user.language):
        context = {
            "step": step,
            "kind": pick_text(kind.title)[0],
            "site": audit.site.name,
            "supplier": audit.site.organisation.name,
            "buyer": audit.relationship.buyer.name,
            "by_site": audit.asked_by == "site",
            "first": shown_date(audit.starts_on),
            "last": shown_date(audit.ends_on),
            "note": note,
            "path": reverse("audit_detail", args=[audit.pk]),
        }
    return build_mail(
        f"audit:{audit.pk}:{step}:{event}:{user.pk}",
        to_email=user.email,
        to_name=user.name,
        template="audit_step",
        context=context,
        language=user.language,
        user=user,
        organisation_id=audit.relationship.buyer_id,
    )
