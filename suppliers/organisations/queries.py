"""Reads: every list of this room starts here. Rights are WHERE clauses over memberships."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from portal.accounts.models import User
from suppliers.organisations.enums import BUYER_ROLES, SUPPLIER_ROLES, Role, ScopeKind
from suppliers.organisations.models import Membership, MembershipScope, Organisation, Relationship, Site

Reader = User | AnonymousUser
WORKSPACE_KEY = "organisation_id"


def memberships_of(user: Reader) -> QuerySet[Membership]:
    """Return the user's own memberships."""
    return Membership.objects.filter(user_id=user.pk)


def organisations_where(user: Reader, roles: frozenset[Role]) -> QuerySet[Membership]:
    """Return ids of organisations in which the user has one of the roles, as a subquery."""
    return memberships_of(user).filter(role__in=roles).values("organisation_id")


def visible_relationships(user: Reader) -> QuerySet[Relationship]:
    """Return relationships the user sees: as the buyer (within scopes) or as the supplier."""
    member = Membership.objects.filter(
        user_id=user.pk, role__in=BUYER_ROLES, organisation_id=OuterRef("buyer_id")
    )
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    region = narrowed.filter(kind=ScopeKind.REGION)
    unit = narrowed.filter(kind=ScopeKind.BUSINESS_UNIT)
    in_scope = member.filter(
        ~Exists(region) | Exists(region.filter(value=OuterRef(OuterRef("region")))),
        ~Exists(unit) | Exists(unit.filter(value=OuterRef(OuterRef("business_unit")))),
    )
    as_supplier = Q(supplier_id__in=organisations_where(user, SUPPLIER_ROLES))
    return Relationship.objects.filter(Exists(in_scope) | as_supplier)


def bought_relationships(user: Reader) -> QuerySet[Relationship]:
    """Return relationships the user sees as a buyer."""
    return visible_relationships(user).filter(buyer_id__in=organisations_where(user, BUYER_ROLES))


def visible_organisations(user: Reader) -> QuerySet[Organisation]:
    """Return the user's own organisations, their suppliers, and the buyers that ask them."""
    relationships = visible_relationships(user)
    return Organisation.objects.filter(
        Q(pk__in=memberships_of(user).values("organisation_id"))
        | Q(pk__in=relationships.values("supplier_id"))
        | Q(pk__in=relationships.values("buyer_id"))
    )


def visible_sites(user: Reader) -> QuerySet[Site]:
    """Return sites of the user's own organisations and of suppliers the user buys from."""
    return Site.objects.filter(
        Q(organisation_id__in=memberships_of(user).values("organisation_id"))
        | Q(organisation_id__in=bought_relationships(user).values("supplier_id"))
    )


def visible_memberships(user: Reader) -> QuerySet[Membership]:
    """Return memberships in organisations the user belongs to."""
    return Membership.objects.filter(organisation_id__in=memberships_of(user).values("organisation_id"))


def has_role(user: Reader, organisation_id: int, roles: frozenset[Role] | set[Role]) -> bool:
    """Whether the user has one of the roles in the organisation."""
    return memberships_of(user).filter(organisation_id=organisation_id, role__in=roles).exists()


@dataclass(frozen=True)
class Workspace:
    """The organisation a person works for just now, and the roles they have in it."""

    organisation: Organisation
    roles: frozenset[str]

    @property
    def is_buyer(self) -> bool:
        """Whether buyer pages make sense here."""
        return bool(self.roles & BUYER_ROLES)

    @property
    def is_supplier(self) -> bool:
        """Whether supplier pages make sense here."""
        return bool(self.roles & SUPPLIER_ROLES)


def workspaces_of(user: Reader) -> list[Workspace]:
    """Return every workspace of the user, by name; one query."""
    rows = (
        memberships_of(user).select_related("organisation").order_by("organisation__name", "organisation_id")
    )
    found: dict[int, tuple[Organisation, set[str]]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, (row.organisation, set()))[1].add(row.role)
    return [Workspace(organisation, frozenset(roles)) for organisation, roles in found.values()]


def current_workspace(request: HttpRequest) -> Workspace | None:
    """Return the workspace chosen in this session, else the first; None for people without any. Decides no right."""
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "sanpo_workspaces"):
        request.sanpo_workspaces = workspaces_of(request.user)  # type: ignore[attr-defined]
    spaces: list[Workspace] = request.sanpo_workspaces  # type: ignore[attr-defined]
    chosen = request.session.get(WORKSPACE_KEY)
    return next((space for space in spaces if space.organisation.pk == chosen), spaces[0] if spaces else None)
