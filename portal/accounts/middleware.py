"""Language of the reader and the second factor an organisation demands."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.queries import has_second_factor

Handler = Callable[[HttpRequest], HttpResponse]


class ReaderLanguageMiddleware:
    """Speaks the signed-in person's language; before that the cookie's, then the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language."""
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.user.is_authenticated:
            language = request.user.language
        if not translation.check_for_language(language):
            language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class SecondFactorMiddleware:
    """Sends people whose organisation demands a second factor to set one up before anything else."""

    # Setting one up, proving who one is meanwhile, leaving, reading in another language.
    OPEN_PAGES = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "account_email",
            "account_confirm_email",
            "account_email_verification_sent",
            "account_set_password",
            "account_change_password",
            "set_language",
            "help",
            "mailbox",
        }
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say what to do first."""
        user = request.user
        if not user.is_authenticated or not user.second_factor_required or self.is_open(request):
            return self.get_response(request)
        if has_second_factor(user):
            return self.get_response(request)
        return self.refuse(request)

    def is_open(self, request: HttpRequest) -> bool:
        """Whether the page works without a second factor."""
        try:
            name = resolve(request.path_info).url_name or ""
        except Resolver404:
            return True
        return name in self.OPEN_PAGES or name.startswith("mfa_")

    def refuse(self, request: HttpRequest) -> HttpResponse:
        """Answer a page with the set-up page, a script with its sentence."""
        sentence = _("Your organisation asks for a second factor. Set one up first; it takes two minutes.")
        wants_json = "application/json" in request.headers.get("Accept", "")
        if request.path_info.startswith("/api/") or wants_json:
            error = {"code": "second_factor", "message": sentence, "detail": None}
            return JsonResponse({"error": error}, status=403)
        messages.warning(request, sentence)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("mfa_index")})
        return redirect("mfa_index")
