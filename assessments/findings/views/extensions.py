"""Later dates: the site asks, whoever manages the action decides."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.enums import Due
from assessments.findings.forms.planning import DecideExtensionForm, ExtensionForm
from assessments.findings.services.extending import askable_dues
from assessments.findings.views.access import answer_form, fetch_finding
from portal.accounts.queries import signed_in


@require_POST
@login_required
def extension_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a later date."""
    finding = fetch_finding(request, pk, "ask_extension")
    return answer_form(
        request,
        finding,
        "extension",
        ExtensionForm(request.POST, dues=askable_dues(finding), auto_id="extension-%s"),
        lambda data: services.ask_extension(
            finding=finding,
            due=Due(data["due"]),
            wanted_on=data["wanted_on"],
            reason=data["reason"],
            actor=signed_in(request),
        ),
        done=_("The later date is asked for. The date that stands runs until it is granted."),
    )


@require_POST
@login_required
def extension_decide(request: HttpRequest, pk: int, extension_pk: int) -> HttpResponse:
    """Grant or refuse a later date."""
    finding = fetch_finding(request, pk, "decide_extension")
    wish = get_object_or_404(finding.extensions, pk=extension_pk)
    wish.finding = finding
    granted = request.POST.get("decision") == "grant"
    return answer_form(
        request,
        finding,
        "decide_extension",
        DecideExtensionForm(request.POST, auto_id="decide-%s"),
        lambda data: services.decide_extension(
            extension=wish, granted=granted, note=data["note"], actor=signed_in(request)
        ),
        done=_("The later date is granted.") if granted else _("The later date is refused."),
    )
