"""The buyer's deeds: return with what to mend, accept; and what expires by itself."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.lifecycle import advance
from minerals.declarations.models import Declaration
from minerals.declarations.queries.overlaps import overlapping_rows
from minerals.declarations.queries.policy import months_valid, shift_months
from minerals.declarations.queries.returning import Recipient, language_of, recipients_of, say_points
from minerals.declarations.services.editions import plain_issues
from minerals.templates_io.document import Issue
from portal.accounts.models import User
from portal.lib.errors import ConflictError, DomainError
from portal.lib.formats import shown_date
from portal.notices.models import Mail
from portal.notices.services import build_mail, queue_mails
from portal.trail.services import record

STANDING_STATES = (State.RECEIVED, State.ACCEPTED, State.EXPIRED)


@transaction.atomic
def return_declaration(
    declaration: Declaration,
    *,
    subject: str,
    body: str,
    actor: User | None,
    issues: Sequence[Issue] = (),
    seen: int | None = None,
) -> None:
    """Send a declaration back with a mail that says what to mend; the supplier's page shows the same.

    `issues` follow the text of the mail as a list, in the language of the supplier. The mail goes to who handed it
    in, else to a few who may fill it in, else to the contact of the site. `seen` is the number of the edition that
    the actor looked at. Raises DomainError for an empty subject or mail, ConflictError where another one stands.
    """
    refuse_unseen(declaration, seen)
    if not subject.strip() or not body.strip():
        message = _("Write a subject and a text: the supplier has to know what to mend.")
        raise DomainError(message, code="no_text")
    change = advance(declaration, State.RETURNED, actor=actor, reason=body.strip())
    change.issues = plain_issues(issues)
    change.save(update_fields=["issues"])
    people = recipients_of(declaration)
    letter: dict[str, object] = {
        "subject": " ".join(subject.split()),
        "body": body.strip(),
        "lines": say_points(issues, language_of(declaration)),
        "path": reverse("declaration_detail", args=[declaration.pk]),
    }
    queue_mails(returned_mail(declaration, change.pk, person, letter) for person in people)
    record(
        "return_declaration",
        actor=actor,
        thing=declaration,
        organisation_id=declaration.relationship.buyer_id,
        issues=len(issues),
        mails=len(people),
    )


def returned_mail(declaration: Declaration, change_id: int, person: Recipient, letter: dict[str, object]) -> Mail:
    """Return the buyer's mail to one person; only its frame is ours."""
    return build_mail(
        f"declaration-returned:{change_id}:{person.email}",
        to_email=person.email,
        to_name=person.name,
        template="declaration_returned",
        context=letter,
        language=person.language,
        user=person.user,
        organisation_id=declaration.relationship.supplier_id,
    )


@transaction.atomic
def accept_declaration(
    declaration: Declaration, *, actor: User | None, despite_later: bool = False, seen: int | None = None
) -> int:
    """Accept what was received; older declarations of the same scope are superseded. Returns how many.

    Older is what was effective earlier, or on the same day and received earlier. Raises DomainError with the code
    "later" where an accepted one of the same scope is effective later, unless the actor says that this is right, and
    ConflictError where another edition stands than the one the actor looked at, whose number is `seen`.
    """
    rows = Declaration.objects.select_for_update().filter(
        relationship_id=declaration.relationship_id, template=declaration.template, state__in=STANDING_STATES
    )
    standing = list(rows.order_by("pk"))  # locked in one order, or two who accept at once wait for each other
    refuse_unseen(declaration, seen)
    others = overlapping_rows(declaration, standing)
    later = [row for row in others if row.state == State.ACCEPTED and age_of(row) > age_of(declaration)]
    if later and not despite_later:
        raise later_error(later[0])
    advance(declaration, State.ACCEPTED, actor=actor)
    gone = [row for row in others if row in later or age_of(row) <= age_of(declaration)]
    for row in gone:
        advance(row, State.SUPERSEDED, actor=actor, reason="")
    record(
        "accept_declaration",
        actor=actor,
        thing=declaration,
        organisation_id=declaration.relationship.buyer_id,
        superseded=len(gone),
    )
    return len(gone)


def refuse_unseen(declaration: Declaration, seen: int | None) -> None:
    """Refuse to decide on an edition that the actor has not looked at; None is whoever looked at none in particular.

    Locks the declaration: its supplier may hand in a better edition at this very moment.
    """
    rows = Declaration.objects.select_for_update(of=("self",)).select_related("current")
    current = rows.get(pk=declaration.pk).current
    if seen is not None and (current is None or current.number != seen):
        raise unseen_error()


def unseen_error() -> ConflictError:
    """The error where another edition stands than the one that was looked at."""
    message = _("A newer edition came in since you opened the page. Look at it, then decide.")
    return ConflictError(message, code="unseen")


def age_of(declaration: Declaration) -> tuple[date, float]:
    """Return what the newer of two declarations is told by; one without a date is older than any with one."""
    received = declaration.submitted_at.timestamp() if declaration.submitted_at else 0.0
    return declaration.effective_on or date.min, received


def later_error(row: Declaration) -> DomainError:
    """The error where a newer declaration stands."""
    message = _(
        "“%(title)s” is accepted and effective later, since %(day)s. Accept this one only if its date is right "
        "and it is to replace the other."
    )
    facts = {"title": row.title, "day": shown_date(row.effective_on)}
    return DomainError(message % facts, code="later", detail={"declaration": row.pk})


def expire_declarations() -> int:
    """Expire what was accepted and is older than the buyer's limit; returns how many. May run twice."""
    limit = shift_months(timezone.localdate(), -months_valid())
    old = Declaration.objects.filter(state=State.ACCEPTED, effective_on__lt=limit).order_by(F("effective_on"))
    expired = list(old[:500])
    for row in expired:
        advance(row, State.EXPIRED, actor=None)
    return len(expired)
