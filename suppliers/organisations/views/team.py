"""The team of an organisation: who belongs to it, who is invited, who may do what."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import Invitation
from portal.accounts.queries import chain_of, signed_in
from portal.accounts.services import invitation_url
from portal.lib.errors import DomainError
from suppliers.organisations import services
from suppliers.organisations.enums import BUYER_ROLES, Role, ScopeKind
from suppliers.organisations.forms.members import DemandForm, InviteForm, RoleForm, ScopeForm
from suppliers.organisations.models import Membership, Organisation
from suppliers.organisations.permissions import may
from suppliers.organisations.queries import (
    current_workspace,
    members_of,
    offered_roles,
    scope_values,
    visible_invitations,
    visible_memberships,
)

PAGE = 50
SHOWN_INVITATIONS = 100


def workplace(request: HttpRequest) -> Organisation:
    """Return the organisation whose team is shown; 404 for people without one."""
    workspace = current_workspace(request)
    if workspace is None:
        raise Http404
    return workspace.organisation


def demand(request: HttpRequest, deed: str, organisation: Organisation) -> None:
    """Raise PermissionDenied unless the reader may do the deed."""
    if not may(signed_in(request), deed, organisation):
        raise PermissionDenied


@login_required
def team(request: HttpRequest) -> HttpResponse:
    """List members and invitations."""
    organisation, user = workplace(request), signed_in(request)
    factor = Authenticator.objects.filter(
        user_id=OuterRef("user_id"), type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    )
    members = members_of(organisation).annotate(has_factor=Exists(factor))
    page = Paginator(members, PAGE).get_page(request.GET.get("page"))
    leads = may(user, "invite_member", organisation)
    context = {
        "organisation": organisation,
        "page": page,
        "leads": leads,
        "invitations": invitation_rows(request, organisation) if leads else [],
        "demand_form": DemandForm(initial={"demanded": organisation.require_second_factor}) if leads else None,
    }
    return render(request, "organisations/team.html", context)


def invitation_rows(request: HttpRequest, organisation: Organisation) -> list[dict[str, Any]]:
    """Return the invitations nobody has accepted, each with its link and where it was handed on to."""
    found = visible_invitations(signed_in(request)).filter(offer__organisation=organisation, accepted_at=None)
    return [
        {
            "invitation": invitation,
            "role": Role(invitation.offer.role).label,
            "state": invitation.state,
            "link": invitation_url(invitation) if invitation.is_usable else "",
            "handed_on_to": chain_of(invitation)[1:] if invitation.handed_on_to_id else [],
            "is_open": invitation.state in ("waiting", "opened", "expired"),
        }
        for invitation in found[:SHOWN_INVITATIONS]
    ]


@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody into the organisation."""
    organisation, user = workplace(request), signed_in(request)
    demand(request, "invite_member", organisation)
    form = InviteForm(
        request.POST or None, roles=offered_roles(user, organisation), initial={"language": user.language}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.refuse_flood(user)
            services.invite_member(organisation=organisation, actor=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % form.cleaned_data)
            return redirect("team")
    context = {"form": form, "organisation": organisation}
    return render(request, "organisations/team_invite.html", context, status=400 if form.errors else 200)


def fetch_invitation(request: HttpRequest, pk: int) -> Invitation:
    """Return an invitation into an organisation the reader leads; 404 for others."""
    return get_object_or_404(visible_invitations(signed_in(request)), pk=pk)


@require_POST
@login_required
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link; the old one goes stale."""
    invitation = fetch_invitation(request, pk)
    services.resend_invitation(invitation=invitation, actor=signed_in(request))
    messages.success(request, _("A new link is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("team")


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    invitation = fetch_invitation(request, pk)
    services.revoke_invitation(invitation=invitation, actor=signed_in(request))
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("team")


def fetch_membership(request: HttpRequest, pk: int) -> Membership:
    """Return a membership the reader may change: 404 for a stranger's; 403 unless the reader gives such roles."""
    found = visible_memberships(signed_in(request)).select_related("user", "organisation")
    membership = get_object_or_404(found, pk=pk)
    demand(request, "remove_member", membership.organisation)
    if Role(membership.role) not in offered_roles(signed_in(request), membership.organisation):
        raise PermissionDenied
    return membership


def scope_form(membership: Membership, data: Any = None) -> ScopeForm:
    """Return the form of a buyer member's scopes; values no relationship uses any more can still be unticked."""
    regions, units = scope_values(membership.organisation)
    chosen = list(membership.scopes.all())
    mine = [scope.value for scope in chosen if scope.kind == ScopeKind.REGION]
    my_units = [scope.value for scope in chosen if scope.kind == ScopeKind.BUSINESS_UNIT]
    return ScopeForm(
        data,
        regions=list(dict.fromkeys([*regions, *mine])),
        business_units=list(dict.fromkeys([*units, *my_units])),
        initial={"regions": mine, "business_units": my_units},
    )


@login_required
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one member with what can be changed; POST changes the role."""
    membership = fetch_membership(request, pk)
    roles = offered_roles(signed_in(request), membership.organisation)
    form = RoleForm(request.POST or None, roles=roles, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_role(membership=membership, role=form.cleaned_data["role"], actor=signed_in(request))
        except DomainError as error:
            form.add_error("role", error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("team_member", pk=pk)
    context = {
        "membership": membership,
        "form": form,
        "scope_form": scope_form(membership) if membership.role in BUYER_ROLES else None,
    }
    return render(request, "organisations/team_member.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def narrow(request: HttpRequest, pk: int) -> HttpResponse:
    """Change which regions and business units a member sees."""
    membership = fetch_membership(request, pk)
    form = scope_form(membership, request.POST)
    if not form.is_valid():
        raise DomainError(_("Choose from the regions and business units listed."))
    services.change_scopes(membership=membership, actor=signed_in(request), **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("team_member", pk=pk)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    membership = fetch_membership(request, pk)
    user = signed_in(request)
    services.remove_member(membership=membership, actor=user)
    messages.success(request, _("%(name)s no longer has this role.") % {"name": membership.user})
    return redirect("home" if membership.user == user else "team")


@require_POST
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Switch whether everybody signs in with a second factor."""
    organisation = workplace(request)
    demand(request, "change_organisation", organisation)
    demanded = bool(request.POST.get("demanded"))
    services.demand_second_factor(organisation=organisation, demanded=demanded, actor=signed_in(request))
    said = _("From now on everybody signs in with a second factor.")
    messages.success(request, said if demanded else _("A second factor is now a free choice."))
    return redirect("team")
