"""The blank templates a company fills."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from minerals.customers.forms import BlankForm
from minerals.customers.permissions import may_in
from minerals.customers.queries import visible_blanks
from minerals.customers.services import add_blank, remove_blank
from minerals.customers.views.fetching import fetch_owner
from portal.accounts.queries import signed_in
from portal.files.services import file_response
from portal.lib.errors import DomainError
from portal.lib.listing import page_of


@login_required
def blank_list(request: HttpRequest) -> HttpResponse:
    """The blanks there are, and the form to upload one."""
    owner = fetch_owner(request, "read")
    may_keep = may_in(request.user, "keep_blanks", owner)
    form = BlankForm()
    if request.method == "POST":
        fetch_owner(request, "keep_blanks")
        form = BlankForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                blank = add_blank(owner=owner, upload=form.cleaned_data["file"], actor=signed_in(request))
            except DomainError as error:
                form.add_error("file", error.message)
            else:
                messages.success(request, _("%(blank)s can be filled now.") % {"blank": blank})
                return redirect("blank_list")
    page = page_of(visible_blanks(request.user).filter(owner=owner), request)
    context = {"form": form, "page": page, "may_keep": may_keep}
    return render(request, "minerals/customers/blanks.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def blank_file(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out a blank as it was uploaded."""
    return file_response(get_object_or_404(visible_blanks(request.user), pk=pk).file)


@require_POST
@login_required
def blank_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a blank off the list."""
    blank = get_object_or_404(visible_blanks(request.user), pk=pk)
    fetch_owner(request, "keep_blanks")
    remove_blank(blank=blank, actor=signed_in(request))
    messages.success(request, _("The blank is no longer offered."))
    return redirect("blank_list")
