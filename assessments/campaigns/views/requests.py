"""One request: its mails, its link, who else to ask."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.campaigns import services
from assessments.campaigns.forms import ContactForm
from assessments.campaigns.models import Request
from assessments.campaigns.permissions import may
from assessments.campaigns.queries import mails_of, subject_of
from assessments.campaigns.views.fetching import fetch_request, person_of
from assessments.campaigns.views.listing import invitation_word, names_of
from portal.accounts.queries import chain_of
from portal.accounts.services import invitation_url
from portal.lib.errors import DomainError


@login_required
def campaign_request(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """What was sent to one of those asked, and the link to hand over by other means."""
    found = fetch_request(request, pk, request_pk, "read")
    return render(request, "campaigns/request.html", request_facts(request, found))


def request_facts(request: HttpRequest, found: Request, form: ContactForm | None = None) -> dict[str, Any]:
    """Return what the page of one request shows; the link only to those who may send it."""
    may_invite = may(request.user, "invite", found.campaign.buyer)
    # Handed on to a colleague, the link to copy is the colleague's.
    invitation = chain_of(found.invitation)[-1] if found.invitation else None
    shows_link = may_invite and invitation is not None and invitation.is_usable
    subject = subject_of(found.campaign)
    return {
        "asked": found,
        "subject": subject,
        "names": names_of(found, subject),
        "is_open": subject.is_open(found.thing),
        "campaign": found.campaign,
        "mails": mails_of(found)[:50],
        "invitation_word": invitation_word(found),
        "invitation": invitation,
        "link": invitation_url(invitation) if shows_link and invitation else "",
        "may_invite": may_invite,
        "form": form or ContactForm(initial={"language": found.site.contact_language}),
    }


@require_POST
@login_required
def request_again(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Send the first mail once more."""
    found = fetch_request(request, pk, request_pk, "invite")
    count = services.resend_request(request=found, actor=person_of(request))
    said = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
    messages.success(request, said % {"count": count})
    return redirect("campaign_request", pk, request_pk)


@require_POST
@login_required
def request_invite(request: HttpRequest, pk: int, request_pk: int) -> HttpResponse:
    """Ask another person."""
    found = fetch_request(request, pk, request_pk, "invite")
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.invite_contact(request=found, actor=person_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": found.contact_email})
            return redirect("campaign_request", pk, request_pk)
    return render(request, "campaigns/request.html", request_facts(request, found, form), status=422)
