"""A returned declaration: who is written to, in which language, and the mail as it is drafted."""

from dataclasses import dataclass

from minerals.declarations.models import Declaration
from minerals.declarations.permissions import EDITORS
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
