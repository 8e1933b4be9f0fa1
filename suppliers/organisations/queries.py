"""Reads: every list of this room starts here. Rights are WHERE clauses over memberships."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from portal.accounts.models import Invitation, User
from portal.jobs.models import Job
from portal.trail.models import Entry
from portal.trail.queries import entries_of, narrow_entries
from suppliers.organisations.enums import BUYER_ROLES, FIRM_ROLES, SUPPLIER_ROLES, Role, ScopeKind
from suppliers.organisations.models import Membership, MembershipScope, Organisation, Relationship, Site

Reader = User | AnonymousUser
WORKSPACE_KEY = "organisation_id"


def memberships_of(user: Reader) -> QuerySet[Membership]:
    """Return the user's own memberships."""
    return Membership.objects.filter(user_id=user.pk or 0)


def organisations_where(user: Reader, roles: frozenset[Role]) -> QuerySet[Membership, Any]:
    """Return ids of organisations in which the user has one of the roles, as a subquery."""
    return memberships_of(user).filter(role__in=roles).values("organisation_id")


def bought_clause(user: Reader) -> Q:
    """Return what a buyer sees as a WHERE clause: all its relationships, or those within the scopes of a membership.

    The first half is decided once per statement; the second, row by row, only where the reader is narrowed.
    """
    buying = memberships_of(user).filter(role__in=BUYER_ROLES)
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    region = narrowed.filter(kind=ScopeKind.REGION)
    unit = narrowed.filter(kind=ScopeKind.BUSINESS_UNIT)
    in_scope = buying.filter(
        ~Exists(region) | Exists(region.filter(value=OuterRef(OuterRef("region")))),
        ~Exists(unit) | Exists(unit.filter(value=OuterRef(OuterRef("business_unit")))),
        organisation_id=OuterRef("buyer_id"),
    )
    whole = buying.exclude(Exists(narrowed)).values("organisation_id")
    part = buying.filter(Exists(narrowed)).values("organisation_id")
    return Q(buyer_id__in=whole) | (Q(buyer_id__in=part) & Q(Exists(in_scope)))


def bought_relationships(user: Reader) -> QuerySet[Relationship]:
    """Return relationships the user sees as a buyer, within the scopes of the membership."""
    return Relationship.objects.filter(bought_clause(user))


def visible_relationships(user: Reader) -> QuerySet[Relationship]:
    """Return relationships the user sees: as the buyer (within scopes) or as the supplier."""
    return Relationship.objects.filter(
        bought_clause(user) | Q(supplier_id__in=organisations_where(user, SUPPLIER_ROLES))
    )


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


def sees_everything(user: Reader, organisation_id: int, roles: frozenset[Role]) -> bool:
    """Whether one of these roles of the user in the organisation is not narrowed to a part of it."""
    narrowed = MembershipScope.objects.filter(membership_id=OuterRef("pk"))
    mine = memberships_of(user).filter(organisation_id=organisation_id, role__in=roles)
    return mine.exclude(Exists(narrowed)).exists()


def leading_sites(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Return, of each company among these sites, the one through which it is asked as a whole.

    That is the first with a contact, else the first.
    """
    first = Coalesce(Min("pk", filter=~Q(contact_email="")), Min("pk"))
    leaders = sites.order_by().values("organisation_id").annotate(leading=first).values("leading")
    # Beside an "or", PostgreSQL reads the leaders once. Alone they are joined, and where its statistics are still those
    # of an empty table (right after an import) they are counted anew for every site: minutes for 4,000 of them.
    return Site.objects.filter(Q(pk__in=leaders) | Q(pk__isnull=True))


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
    def is_firm(self) -> bool:
        """Whether an audit firm's pages make sense here."""
        return bool(self.roles & FIRM_ROLES)

    @property
    def is_supplier(self) -> bool:
        """Whether supplier pages make sense here."""
        return bool(self.roles & SUPPLIER_ROLES)


def workspaces_of(user: Reader) -> list[Workspace]:
    """Return every workspace of the user, by name; one query."""
    rows = memberships_of(user).select_related("organisation").order_by("organisation__name", "organisation_id")
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


# The team ------------------------------------------------------------------------------------------

LEADING_ROLES = frozenset({Role.SUPPLIER_MANAGER, Role.BUYER_ADMINISTRATOR, Role.FIRM_MANAGER})


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return who belongs to an organisation, by name, with their scopes."""
    found = Membership.objects.filter(organisation=organisation).select_related("user")
    return found.prefetch_related("scopes").order_by(Lower("user__name"), "user__email", "pk")


def visible_invitations(user: Reader) -> QuerySet[Invitation]:
    """Return invitations into organisations the user leads, the newest first."""
    led = organisations_where(user, LEADING_ROLES)
    found = Invitation.objects.filter(offer__organisation_id__in=led).order_by("-created_at", "-pk")
    return found.select_related("offer", "created_by", "handed_on_to")


def offered_roles(user: Reader, organisation: Organisation) -> frozenset[Role]:
    """Return the roles the user may give in an organisation: a manager's side by managers, a buyer's by administrators.

    An administrator of a buyer that also sells (or answers for its own sites) may give the supplier's roles too.
    """
    roles: frozenset[Role] = frozenset()
    if has_role(user, organisation.pk, {Role.SUPPLIER_MANAGER}):
        roles |= SUPPLIER_ROLES
    if has_role(user, organisation.pk, {Role.BUYER_ADMINISTRATOR}):
        roles |= BUYER_ROLES
        if Relationship.objects.filter(supplier=organisation).exists():
            roles |= SUPPLIER_ROLES
    if has_role(user, organisation.pk, {Role.FIRM_MANAGER}):
        roles |= FIRM_ROLES
    return roles


def scope_values(organisation: Organisation) -> tuple[list[str], list[str]]:
    """Return the regions and the business units a buyer uses."""
    bonds = Relationship.objects.filter(buyer=organisation)
    regions = bonds.exclude(region="").order_by("region").values_list("region", flat=True).distinct()
    units = bonds.exclude(business_unit="").order_by("business_unit").values_list("business_unit", flat=True).distinct()
    return list(regions), list(units)


IMPORT_KIND = "organisations.import"


def visible_imports(user: Reader) -> QuerySet[Job]:
    """Return the supplier imports of organisations for which the user buys, the newest first."""
    buying = organisations_where(user, frozenset({Role.BUYER_ADMINISTRATOR, Role.BUYER_PROCUREMENT}))
    rows = Job.objects.filter(kind=IMPORT_KIND, organisation_id__in=buying)
    return rows.select_related("actor", "source_file").order_by("-created_at")


# The record ----------------------------------------------------------------------------------------

TRAIL_FILTERS = ("deed", "person", "first", "last")


def day_of(text: str) -> date | None:
    """Return a day, None for nothing and for nonsense."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def listed_entries(organisation: Organisation, chosen: Mapping[str, str]) -> QuerySet[Entry]:
    """Return the record of an organisation and its members, narrowed by TRAIL_FILTERS, the newest first."""
    members = Membership.objects.filter(organisation=organisation).values("user_id")
    return narrow_entries(
        entries_of(organisation.pk, members),
        deed=chosen.get("deed", ""),
        person=chosen.get("person", ""),
        first=day_of(chosen.get("first", "")),
        last=day_of(chosen.get("last", "")),
    )
