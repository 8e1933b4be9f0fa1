"""Entering a request and correcting it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from minerals.customers.forms import RequestForm
from minerals.customers.services import change_request, enter_request
from minerals.customers.views.fetching import fetch_owner, fetch_request
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError


@login_required
def customer_request_new(request: HttpRequest) -> HttpResponse:
    """Enter a request."""
    owner = fetch_owner(request, "enter")
    initial = {"received_on": timezone.localdate(), "template": "CMRT", "language": get_language()}
    form = RequestForm(request.POST or None, owner=owner, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            asked = enter_request(owner=owner, values=form.cleaned_data, actor=signed_in(request))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The request is in the register."))
            return redirect("customer_request_detail", asked.pk)
    return render(request, "minerals/customers/edit.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def customer_request_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a request."""
    asked = fetch_request(request, pk, "enter")
    stored = fetch_request(request, pk, "enter")  # validating a ModelForm changes the row it holds
    form = RequestForm(request.POST or None, owner=asked.owner, instance=stored)
    if request.method == "POST" and form.is_valid():
        try:
            change_request(request=asked, values=form.cleaned_data, actor=signed_in(request))
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The request is saved."))
            return redirect("customer_request_detail", asked.pk)
    context = {"form": form, "asked": asked}
    return render(request, "minerals/customers/edit.html", context, status=422 if form.errors else 200)
