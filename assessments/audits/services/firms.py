"""Audit firms: engage one for a buyer, end that, check that one is engaged."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.audits.models import Engagement
from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.enums import FIRM_ROLES, Role
from suppliers.organisations.models import Organisation
from suppliers.organisations.services import create_organisation, invite_member, refuse_flood


@transaction.atomic
def engage_firm(
    *, buyer: Organisation, name: str, country: str, email: str, language: str = "en", actor: User
) -> Engagement:
    """Make a new audit firm, engage it for the buyer and invite its first manager. Writes the trail, queues a mail.

    Only a firm made here gets a manager by the buyer's word: nobody is ever invited into a company that exists.
    Raises DomainError when the buyer works with a firm of this name already, or when the actor invites too many people.
    """
    refuse_flood(actor)
    refuse_known_firm(buyer, name)
    firm = create_organisation(name=name, country=country, actor=actor)
    invite_member(organisation=firm, role=Role.FIRM_MANAGER, email=email, language=language, actor=actor)
    return engage_known_firm(buyer=buyer, firm=firm, actor=actor)


def refuse_known_firm(buyer: Organisation, name: str) -> None:
    """Raise DomainError when one of the buyer's firms has this name."""
    if Engagement.objects.filter(buyer=buyer, firm__name__iexact=name.strip()).exists():
        message = _("You work with a firm of this name already. Find it in the list and engage it again.")
        raise DomainError(message, code="firm_known")


@transaction.atomic
def engage_known_firm(*, buyer: Organisation, firm: Organisation, actor: User) -> Engagement:
    """Engage a firm that the buyer made or worked with before. Writes the trail."""
    engagement, created = Engagement.objects.get_or_create(buyer=buyer, firm=firm)
    if created or engagement.ended_on is not None:
        engagement.ended_on = None
        engagement.save(update_fields=["ended_on"])
        record("engage_firm", actor=actor, thing=engagement, organisation_id=buyer.pk, name=firm.name)
    return engagement


@transaction.atomic
def end_engagement(*, engagement: Engagement, actor: User) -> Engagement:
    """Take a firm off the choice for new audits; those it works on stay with it. Writes the trail."""
    if engagement.ended_on is None:
        engagement.ended_on = timezone.localdate()
        engagement.save(update_fields=["ended_on"])
        record(
            "end_engagement",
            actor=actor,
            thing=engagement,
            organisation_id=engagement.buyer_id,
            name=engagement.firm.name,
        )
    return engagement


def check_engaged(buyer_id: int, firm: Organisation) -> None:
    """Raise DomainError when a firm does not work for the buyer."""
    if not Engagement.objects.filter(buyer_id=buyer_id, firm=firm, ended_on=None).exists():
        message = _("%(firm)s does not work for this buyer. Choose one of the engaged audit firms.")
        raise DomainError(message % {"firm": firm.name}, code="not_engaged")


def check_people(firm: Organisation, users: list[User]) -> None:
    """Raise DomainError when somebody does not belong to the firm."""
    known = set(
        firm.memberships.filter(role__in=FIRM_ROLES, user__in=users).values_list("user_id", flat=True),
    )
    strange = [user for user in users if user.pk not in known]
    if strange:
        message = _("%(name)s does not belong to %(firm)s. Choose people of the firm.")
        raise DomainError(message % {"name": strange[0], "firm": firm.name}, code="stranger")
