"""The page of a person's tokens: make one, see when it was last used, revoke it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from portal.accounts.queries import signed_in
from portal.api import services
from portal.api.enums import Scope
from portal.api.forms import TokenForm
from portal.api.queries import token_organisations, tokens_of
from portal.lib.errors import DomainError


@never_cache
@login_required
@sensitive_variables("key", "context")
def token_list(request: HttpRequest) -> HttpResponse:
    """List the person's tokens; a POST makes one and shows its key, this once."""
    user = signed_in(request)
    allowed = bool(token_organisations(user))
    if request.method == "POST" and not allowed:
        raise PermissionDenied
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            token, key = services.create_token(**form.cleaned_data, actor=user)
        except DomainError as error:
            form.add_error("name" if error.code == "name_taken" else None, error.message)
        else:
            context = {"made": token, "key": key}
            form = TokenForm()
    labels = dict(Scope.choices)
    tokens = [(token, [labels.get(scope, scope) for scope in token.scopes]) for token in tokens_of(user)]
    context |= {"form": form, "tokens": tokens, "allowed": allowed}
    return render(request, "api/tokens.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token of one's own; people who lost the role may still do so."""
    user = signed_in(request)
    token = get_object_or_404(tokens_of(user), pk=pk)
    services.revoke_token(token=token, actor=user)
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("token_list")
