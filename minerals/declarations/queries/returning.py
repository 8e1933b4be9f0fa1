"""A returned declaration: who is written to, in which language, and the mail as it is drafted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from minerals.declarations.models import Declaration
from minerals.declarations.permissions import EDITORS
from minerals.declarations.queries.words import say_kept
from minerals.templates_io.document import Issue
from portal.accounts.models import User
from suppliers.organisations.models import Membership

MOST_TOLD = 5


@dataclass(frozen=True)
class Recipient:
    """One person a mail goes to."""

    email: str
    name: str
    language: str
    user: User | None = None


@dataclass(frozen=True)
class Letter:
    """The mail of a return as it is drafted, in the language of the supplier."""

    subject: str
    body: str
    language: str


def recipients_of(declaration: Declaration) -> list[Recipient]:
    """Return who mends a declaration: who handed it in, else a few who may, else the contact of its site."""
    members = Membership.objects.filter(
        organisation_id=declaration.relationship.supplier_id, role__in=EDITORS, user__is_active=True
    )
    people = {row.user_id: row.user for row in members.select_related("user").order_by("pk")}
    author = declaration.current.created_by_id if declaration.current else None
    chosen = [people[author]] if author in people else list(people.values())[:MOST_TOLD]
    if chosen:
        return [Recipient(user.email, user.name, user.language, user) for user in chosen]
    site = declaration.site
    return [Recipient(site.contact_email, site.contact_name, site.contact_language)] if site.contact_email else []


def language_of(declaration: Declaration) -> str:
    """Return the language in which the supplier is written to."""
    return next((person.language for person in recipients_of(declaration)), declaration.site.contact_language)


def draft_letter(declaration: Declaration, language: str) -> Letter:
    """Return the mail as it is drafted, for the buyer to change."""
    facts = {
        "title": declaration.title,
        "buyer": declaration.relationship.buyer.name,
        "supplier": declaration.relationship.supplier.name,
        "template": declaration.current.template if declaration.current else declaration.template,
    }
    with translation.override(language):
        lines = [
            _("Dear colleague,"),
            _("Thank you for the %(template)s of %(supplier)s for “%(title)s”. We cannot use it yet.") % facts,
            _("Please mend the points below and hand it in again. Everything you sent is kept."),
            _("Kind regards,") + "\n" + facts["buyer"],
        ]
        subject = _("Please mend your declaration: %(title)s") % facts
    return Letter(subject, "\n\n".join(lines), language)


def say_points(issues: Iterable[Issue], language: str) -> list[str]:
    """Return the points of a mail in a language, each with its place in the file."""
    with translation.override(language):
        return [say_point(issue) for issue in issues]


def say_point(issue: Issue) -> str:
    """Return one point: where, and what to do."""
    words = say_kept(issue)
    return f"{issue.place}: {words}" if issue.place else words
