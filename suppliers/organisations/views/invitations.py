"""Pages behind the link of an invitation: accept it, join, hand it on, ask for a new link."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.accounts.enums import InvitationState
from portal.accounts.forms import AcceptForm, HandOnForm
from portal.accounts.models import Invitation, User
from portal.accounts.queries import person_with, signed_in
from portal.accounts.services import find_invitation, find_stale_invitation, open_invitation, shown_address
from portal.lib.errors import DomainError
from suppliers.organisations.models import MembershipOffer
from suppliers.organisations.queries import WORKSPACE_KEY
from suppliers.organisations.services import (
    accept_invitation,
    hand_on_invitation,
    join_by_invitation,
    resend_invitation,
)

RENEWABLE = (InvitationState.WAITING, InvitationState.OPENED, InvitationState.EXPIRED)


def offer_of(invitation: Invitation) -> MembershipOffer | None:
    """Return what an invitation brings."""
    return MembershipOffer.objects.select_related("organisation").filter(invitation=invitation).first()


def answer_unusable(request: HttpRequest, token: str, status: int = 410) -> HttpResponse:
    """Say why a link does not work and what to do about it."""
    found, stale = find_invitation(token), find_stale_invitation(token)
    invitation = found or stale
    context: dict[str, Any] = {"token": token, "state": "foreign"}
    if invitation is not None:
        context |= {
            "state": "stale" if stale and invitation.is_usable else invitation.state.value,
            "may_renew": invitation.state in RENEWABLE,
            "address": shown_address(invitation.email),
            "next_path": invitation.next_path,
            "inviter": invitation.created_by,
        }
    return render(request, "organisations/invitation_closed.html", context, status=status if invitation else 404)


@never_cache
@sensitive_post_parameters("password")
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an invitation brings; POST accepts it as a new person. Opening alone uses nothing up."""
    invitation = find_invitation(token)
    if invitation is None or not invitation.is_usable:
        return answer_unusable(request, token)
    open_invitation(invitation)
    person = person_with(invitation.email)
    context: dict[str, Any] = {"invitation": invitation, "offer": offer_of(invitation), "token": token}
    if request.user.is_authenticated or person is not None:
        context["is_same"] = request.user == person
        return render(request, "organisations/invitation_join.html", context)
    start = {"name": invitation.name, "language": get_language() or invitation.language}
    form = AcceptForm(request.POST or None, email=invitation.email, initial=start)
    if request.method == "POST" and form.is_valid():
        return accept(request, invitation, form.cleaned_data)
    context["form"] = form
    return render(request, "organisations/invitation_open.html", context, status=400 if form.errors else 200)


def accept(request: HttpRequest, invitation: Invitation, cleaned: dict[str, Any]) -> HttpResponse:
    """Create the person and sign them in."""
    user = accept_invitation(
        invitation=invitation,
        name=cleaned["name"],
        password=cleaned["password"],
        language=cleaned["language"],
    )
    return enter(request, invitation, user)


def enter(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Sign a person in, with every step sign-in has, and lead them where the invitation points."""
    target = next_of(invitation)
    response: HttpResponse = redirect(target)
    if request.user != user:
        response = perform_login(request, user, redirect_url=target, email=user.email)
    offer = offer_of(invitation)
    if offer is not None:
        request.session[WORKSPACE_KEY] = offer.organisation_id
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, httponly=True, samesite="Lax")
    return response


def next_of(invitation: Invitation) -> str:
    """Return the page an invitation points to, if it is one of ours."""
    path = invitation.next_path
    return path if path and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else reverse("home")


@require_POST
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation with the account one has."""
    invitation = find_invitation(token)
    if invitation is None or not invitation.is_usable:
        return answer_unusable(request, token)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={reverse('invitation_open', args=[token])}")
    user = join_by_invitation(invitation=invitation, user=signed_in(request))
    return enter(request, invitation, user)


@never_cache
def hand_on(request: HttpRequest, token: str) -> HttpResponse:
    """Not me: ask a colleague."""
    invitation = find_invitation(token)
    if invitation is None or not invitation.is_usable:
        return answer_unusable(request, token)
    form = HandOnForm(request.POST or None)
    context = {"invitation": invitation, "offer": offer_of(invitation), "token": token, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            following = hand_on_invitation(invitation=invitation, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return render(request, "organisations/invitation_handed_on.html", {"following": following})
    return render(request, "organisations/invitation_hand_on.html", context, status=400 if form.errors else 200)


@require_POST
def renew(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address the old one was sent to; the answer never says what became of it."""
    invitation = find_invitation(token) or find_stale_invitation(token)
    if invitation is not None and invitation.state in RENEWABLE:
        try:
            resend_invitation(invitation=invitation, actor=None)
        except DomainError:
            pass  # too often, or just closed: whoever owns the mailbox knows more than this page may say
    messages.success(request, _("If the invitation is still open, a new link is on its way to the same address."))
    return redirect("account_login")
