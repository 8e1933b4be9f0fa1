"""Deeds on memberships: who belongs to an organisation, in which role, for which part of it."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.lib.errors import DomainError
from portal.trail.services import record
from suppliers.organisations.enums import BUYER_ROLES, Role, ScopeKind
from suppliers.organisations.models import Membership, MembershipScope, Organisation
from suppliers.organisations.queries import LEADING_ROLES


def refresh_second_factor(people: QuerySet[User]) -> None:
    """Write for each person whether one of their organisations demands a second factor."""
    demanding = Membership.objects.filter(user_id=OuterRef("pk"), organisation__require_second_factor=True)
    people.update(second_factor_required=Exists(demanding))


def hold_organisation(organisation_id: int) -> Organisation:
    """Lock the organisation, so that of two people who remove each other at once one is told."""
    return Organisation.objects.select_for_update().get(pk=organisation_id)


@transaction.atomic
def add_member(*, user: User, organisation: Organisation, role: Role | str, actor: User | None) -> Membership:
    """Give a person a role; a role they have already stays as it is. Writes the trail."""
    membership, created = Membership.objects.get_or_create(user=user, organisation=organisation, role=Role(role))
    if created:
        refresh_second_factor(User.objects.filter(pk=user.pk))
        record(
            "add_member",
            actor=actor,
            thing=membership,
            organisation_id=organisation.pk,
            person=user.email,
            role=membership.role,
        )
    return membership


def refuse_last_leader(membership: Membership) -> None:
    """Raise DomainError when nobody else could lead after this membership is gone."""
    if Role(membership.role) not in LEADING_ROLES:
        return
    others = Membership.objects.filter(
        organisation_id=membership.organisation_id, role=membership.role, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        message = _("This is the last “%(role)s”. Give somebody else this role first.")
        raise DomainError(message % {"role": Role(membership.role).label}, code="last_leader")


@transaction.atomic
def remove_member(*, membership: Membership, actor: User | None) -> None:
    """Take a role away. Raises DomainError for the last manager or administrator. Writes the trail."""
    organisation = hold_organisation(membership.organisation_id)
    refuse_last_leader(membership)
    record(
        "remove_member",
        actor=actor,
        thing=membership,
        organisation_id=organisation.pk,
        person=membership.user.email,
        role=membership.role,
    )
    user_id = membership.user_id
    membership.delete()
    refresh_second_factor(User.objects.filter(pk=user_id))


@transaction.atomic
def change_role(*, membership: Membership, role: Role | str, actor: User | None) -> Membership:
    """Change a member's role. Raises DomainError for the last leader and for a role they have besides."""
    role, before = Role(role), membership.role
    if role == before:
        return membership
    organisation = hold_organisation(membership.organisation_id)
    refuse_last_leader(membership)
    siblings = Membership.objects.filter(user_id=membership.user_id, organisation=organisation, role=role)
    if siblings.exists():
        raise DomainError(_("This person has that role already. Remove this one instead."))
    membership.role = role
    membership.save(update_fields=["role"])
    if role not in BUYER_ROLES:
        membership.scopes.all().delete()
    record(
        "change_role",
        actor=actor,
        thing=membership,
        organisation_id=organisation.pk,
        person=membership.user.email,
        before=before,
        role=role,
    )
    return membership


@transaction.atomic
def change_scopes(*, membership: Membership, regions: list[str], business_units: list[str], actor: User | None) -> None:
    """Narrow a buyer membership; two empty lists mean everything. Raises DomainError for other roles."""
    if Role(membership.role) not in BUYER_ROLES:
        raise DomainError(_("Only buyer roles can be narrowed to regions or business units."))
    before = sorted(membership.scopes.values_list("kind", "value"))
    membership.scopes.all().delete()
    wanted = [(ScopeKind.REGION, value) for value in regions]
    wanted += [(ScopeKind.BUSINESS_UNIT, value) for value in business_units]
    MembershipScope.objects.bulk_create(
        MembershipScope(membership=membership, kind=kind, value=value) for kind, value in dict.fromkeys(wanted)
    )
    record(
        "change_scopes",
        actor=actor,
        thing=membership,
        organisation_id=membership.organisation_id,
        person=membership.user.email,
        before=[list(pair) for pair in before],
        after=[[str(kind), value] for kind, value in wanted],
    )


@transaction.atomic
def demand_second_factor(*, organisation: Organisation, demanded: bool, actor: User | None) -> None:
    """Switch whether everybody of the organisation signs in with a second factor. Writes the trail."""
    organisation.require_second_factor = demanded
    organisation.save(update_fields=["require_second_factor"])
    members = Membership.objects.filter(organisation=organisation).values("user_id")
    refresh_second_factor(User.objects.filter(pk__in=members))
    record(
        "demand_second_factor",
        actor=actor,
        thing=organisation,
        organisation_id=organisation.pk,
        demanded=demanded,
    )
