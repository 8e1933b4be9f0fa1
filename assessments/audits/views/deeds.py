"""What is pressed on the page of an audit: one view over the table of deeds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assessments.audits.models import Audit
from assessments.audits.queries import visible_audits
from assessments.audits.views.detail import detail_context
from assessments.audits.views.fetching import fetch_audit
from assessments.audits.views.situation import Situation
from assessments.audits.views.steps import BY_NAME, Deed
from portal.accounts.queries import signed_in
from portal.lib.errors import ConflictError, DomainError


@require_POST
@login_required
def audit_deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one deed on an audit; a refusal shows the page again with its sentence and what was typed."""
    deed = BY_NAME[name]
    audit = fetch_audit(request, pk, *deed.rights)
    situation = Situation(audit, signed_in(request))
    form = deed.form(situation, request.POST)
    if form is not None and not form.is_valid():
        return show_refused(request, audit, deed, form)
    values = {} if form is None else getattr(form, "chosen", form.cleaned_data)
    try:
        deed.act(situation, values)
    except ConflictError:
        raise
    except DomainError as error:
        if form is None:
            raise
        form.add_error(None, error.message)
        return show_refused(request, fetch_audit(request, pk), deed, form)
    messages.success(request, str(deed.done))
    still_seen = visible_audits(request.user).filter(pk=pk).exists()
    return redirect("audit_detail", pk) if still_seen else redirect("audit_list")


def show_refused(request: HttpRequest, audit: Audit, deed: Deed, form: object) -> HttpResponse:
    """Show the audit with a refused form."""
    context = detail_context(request, audit, wrong=deed, form=form)  # type: ignore[arg-type]
    return render(request, "audits/detail.html", context, status=422)
