"""Who gets the mails of a request, in which language, with what in them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import translation

from assessments.campaigns.models import Campaign
from assessments.campaigns.queries import MOST_RECIPIENTS, mail_keys, subject_of
from portal.accounts.models import Invitation, User
from portal.lib.formats import shown_date
from portal.lib.texts import pick_text
from portal.notices.models import Mail
from portal.notices.services import build_mail
from suppliers.organisations.enums import Role
from suppliers.organisations.models import Membership, Site

ANSWERING_ROLES = (Role.SUPPLIER_MANAGER, Role.SUPPLIER_EDITOR)
FALLBACK_LANGUAGE = "en"
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader of a mail: a member, or a contact who gets an invitation."""

    email: str
    name: str
    language: str
    user: User | None = None

    @property
    def is_member(self) -> bool:
        """Whether the person can sign in already."""
        return self.user is not None


def members_of(organisation_ids: Collection[int]) -> dict[int, list[User]]:
    """Return whom to write to in organisations that have people: the managers, else the editors; one query."""
    rows = answering_members().filter(organisation_id__in=organisation_ids).select_related("user")
    return leading((row.organisation_id, row.role, row.user) for row in rows)


def answering_members() -> QuerySet[Membership]:
    """Return memberships of people who may answer, in a steady order."""
    rows = Membership.objects.filter(role__in=ANSWERING_ROLES, user__is_active=True)
    return rows.order_by("organisation_id", "pk")


def leading(rows: Iterable[tuple[int, str, Thing]]) -> dict[int, list[Thing]]:
    """Group (organisation, role, thing): of each organisation a few of the managers', else of the editors'."""
    found: dict[int, dict[str, list[Thing]]] = {}
    for organisation_id, role, thing in rows:
        found.setdefault(organisation_id, {}).setdefault(role, []).append(thing)
    return {
        organisation_id: next(by_role[role] for role in ANSWERING_ROLES if role in by_role)[:MOST_RECIPIENTS]
        for organisation_id, by_role in found.items()
    }


def recipients_of(site: Site, members: Mapping[int, list[User]], languages: list[str]) -> list[Recipient]:
    """Return the readers of one site's mails: members of its organisation, else its contact, else nobody."""
    people = members.get(site.organisation_id)
    if people:
        return [Recipient(user.email, user.name, spoken(user.language, languages), user) for user in people]
    if not site.contact_email:
        return []
    language = spoken(site.contact_language, languages)
    return [Recipient(site.contact_email, site.contact_name, language)]


def spoken(language: str, languages: list[str]) -> str:
    """Return the reader's language if the campaign speaks it, else English, else the campaign's first."""
    if language in languages or not languages:
        return language or FALLBACK_LANGUAGE
    return FALLBACK_LANGUAGE if FALLBACK_LANGUAGE in languages else languages[0]


class Letter:
    """What all mails of one campaign share, worked out once per language."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.subject = subject_of(campaign)
        self._shared: dict[tuple[str, date], dict[str, Any]] = {}

    def shared(self, language: str, due_on: date) -> dict[str, Any]:
        """Return the part of the context that does not name the site."""
        key = (language, due_on)
        if key not in self._shared:
            with translation.override(language):
                due = shown_date(due_on)
            message, message_language = pick_text(self.campaign.message, language)
            self._shared[key] = {
                "campaign": self.campaign.name,
                "buyer": self.campaign.buyer.name,
                **self.subject.named(self.campaign, language),
                "due": due,
                "message": message,
                "message_language": message_language,
            }
        return self._shared[key]

    def context(
        self,
        recipient: Recipient,
        site: Site,
        *,
        request_id: int,
        due_on: date,
        path: str,
        invitation: Invitation | None,
    ) -> dict[str, Any]:
        """Return the whole context of one mail: strings and ids, no link."""
        door = {"invitation_id": invitation.pk} if invitation and not recipient.is_member else {"path": path}
        names = {"site": site.name, "supplier": site.organisation.name}
        return {**self.shared(recipient.language, due_on), **names, "request_id": request_id, **door}

    def mails(
        self,
        stem: str,
        letter: str,
        recipients: Iterable[Recipient],
        site: Site,
        *,
        request_id: int,
        thing_id: int,
        due_on: date,
        invitation: Invitation | None,
        extra: Mapping[str, Any] | None = None,
    ) -> list[Mail]:
        """Return one unsaved mail per recipient, with the keys `stem`, `stem:2` ...; `letter`: request or reminder."""
        path = self.subject.path(thing_id)
        return [
            build_mail(
                key,
                to_email=recipient.email,
                to_name=recipient.name,
                template=self.subject.letters[letter],
                context={
                    **self.context(
                        recipient, site, request_id=request_id, due_on=due_on, path=path, invitation=invitation
                    ),
                    **(extra or {}),
                },
                language=recipient.language,
                user=recipient.user,
                organisation_id=self.campaign.buyer_id,
            )
            for key, recipient in zip(mail_keys(stem, MOST_RECIPIENTS), recipients, strict=False)
        ]
