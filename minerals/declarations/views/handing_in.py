"""The supplier's deeds: upload a filled template, look at what was read, hand it in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minerals.declarations.enums import Way
from minerals.declarations.forms.reviewing import UploadForm
from minerals.declarations.models import Declaration
from minerals.declarations.services import add_edition, hand_in
from minerals.declarations.services.receiving import receive_file
from minerals.declarations.views.detail import show_declaration
from minerals.declarations.views.fetching import fetch_declaration
from portal.accounts.queries import signed_in
from portal.lib.errors import DomainError
from portal.lib.numbers import read_number


@require_POST
@login_required
def declaration_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Read an uploaded template into a new edition; a file that cannot be read is refused with its sentence."""
    declaration = fetch_declaration(request, pk, "fill")
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            home = take_upload(request, declaration, form)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, _("The file is read. Look at what was read, then hand it in."))
            return redirect("declaration_detail", home.pk)
    return show_declaration(request, declaration, upload_form=form, status=422)


def take_upload(request: HttpRequest, declaration: Declaration, form: UploadForm) -> Declaration:
    """Store and read what a valid form holds; returns the declaration the edition belongs to."""
    actor, bond = signed_in(request), declaration.relationship
    stored, declared = receive_file(form.cleaned_data["file"], organisation_id=bond.supplier_id, actor=actor)
    return add_edition(declaration, declared, way=Way.UPLOAD, file=stored, actor=actor).declaration


@require_POST
@login_required
def declaration_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the edition that the reader has looked at."""
    declaration = fetch_declaration(request, pk, "hand_in")
    edition = get_object_or_404(declaration.editions, number=read_number(request.POST.get("edition", "")))
    hand_in(edition, actor=signed_in(request))
    buyer = declaration.relationship.buyer.name
    messages.success(request, _("Handed in. %(buyer)s sees it now.") % {"buyer": buyer})
    return redirect("declaration_detail", pk)
