"""The account page, the language switch and the help page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from portal.accounts import services
from portal.accounts.forms import LanguageForm, ProfileForm
from portal.accounts.queries import has_second_factor, signed_in

YEAR = 365 * 24 * 3600


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what a person says of themselves."""
    user = signed_in(request)
    start = {"name": user.name, "language": user.language, "second_language": user.second_language}
    form = ProfileForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        services.change_profile(user=user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Saved."))
        return redirect("account")
    context = {"form": form, "has_second_factor": has_second_factor(user)}
    return render(request, "accounts/account.html", context, status=400 if form.errors else 200)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read in another language from now on; kept with the person, and in a cookie for before they sign in."""
    form = LanguageForm(request.POST)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    if not form.is_valid():
        messages.error(request, _("This language is not offered. Choose one from the menu."))
        return response
    language = form.cleaned_data["language"]
    if request.user.is_authenticated:
        services.choose_language(user=signed_in(request), language=language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def show_help(request: HttpRequest) -> HttpResponse:
    """Say how the portal works, on one page."""
    return render(request, "accounts/help.html")
