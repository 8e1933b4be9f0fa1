"""The company's own answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from minerals.rollup.forms import ProfileForm
from minerals.rollup.models import CompanyProfile
from minerals.rollup.services.profiling import save_profile
from minerals.rollup.views.frame import owner_here
from portal.accounts.queries import signed_in


@login_required
def company_profile(request: HttpRequest) -> HttpResponse:
    """The company block and the answers A to H that stand in every declaration the company gives."""
    owner = owner_here(request, "edit_profile")
    profile = CompanyProfile.objects.filter(owner=owner).select_related("updated_by").first()
    form = ProfileForm(request.POST or None, profile=profile, owner=owner)
    if request.method == "POST" and form.is_valid():
        save_profile(owner=owner, company=form.company(), answers=form.given_answers(), actor=signed_in(request))
        messages.success(request, _("Saved. Declarations composed from now on carry these answers."))
        return redirect("company_profile")
    status = 422 if form.errors else 200
    return render(request, "minerals/rollup/profile.html", {"form": form, "profile": profile}, status=status)
