"""Doing a corrective action: the work list, start, finish, verify, send back, comments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.findings import services
from assessments.findings.enums import Verification
from assessments.findings.forms import planning as forms
from assessments.findings.queries.plans import action_facets, progress_of, waiting_findings, wanted_actions
from assessments.findings.views.access import answer_form, fetch_finding
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.formats import figure
from portal.lib.listing import filter_context, page_of
from portal.trail.services import record
from suppliers.organisations.queries import current_workspace


# 1. The work list ----------------------------------------------------------------------------------
@login_required
def action_list(request: HttpRequest) -> HttpResponse:
    """What is due next at this workspace's findings, overdue first."""
    workspace = current_workspace(request)
    facets = action_facets(request.user, workspace, request.GET.dict())
    rows = waiting_findings(request.user, workspace)
    page = page_of(wanted_actions(rows, workspace, facets, request.GET), request)
    total = page.paginator.count
    remains = ngettext("%(shown)s action", "%(shown)s actions", total) % {"shown": figure(total)}
    label = _("Site or supplier") if workspace and workspace.is_firm else _("Site, supplier or vendor code")
    bar = filter_context(request, facets, search_label=label, remains=remains)
    context = {
        "page": page,
        "lines": [(finding, progress_of(finding)) for finding in page],
        "sort": request.GET.get("sort", "") or "due",
        **bar,
    }
    return render(request, "actions/list.html", context)


@require_POST
@login_required
def action_export(request: HttpRequest) -> HttpResponse:
    """Start an export of the list as it is filtered."""
    workspace = current_workspace(request)
    filters = {name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "back")}
    here = workspace.organisation.pk if workspace else None
    record("export_actions", actor=signed_in(request), organisation_id=here, filters=filters)
    job = start_job(
        "findings.export_actions",
        actor=signed_in(request),
        organisation_id=here,
        params={"filters": filters},
        return_path=request.POST.get("back", ""),
    )
    return redirect("job_detail", job.pk)


# 2. One action -------------------------------------------------------------------------------------
@require_POST
@login_required
def action_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the agreed action."""
    finding = fetch_finding(request, pk, "start")
    services.start_action(finding=finding, actor=signed_in(request))
    messages.success(request, _("The action is in progress."))
    return redirect("finding_detail", finding.pk)


@require_POST
@login_required
def action_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the action is done."""
    finding = fetch_finding(request, pk, "finish")
    return answer_form(
        request,
        finding,
        "finish",
        forms.FinishForm(request.POST, auto_id="finish-%s"),
        lambda data: services.finish_action(finding=finding, note=data["note"], actor=signed_in(request)),
        done=_("The action is done and waits to be verified."),
    )


@require_POST
@login_required
def action_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that it is mended; of two who do it at once the second gets a page that says so."""
    finding = fetch_finding(request, pk, "verify")
    return answer_form(
        request,
        finding,
        "verify",
        forms.VerifyForm(request.POST, auto_id="verify-%s"),
        lambda data: services.verify_action(
            finding=finding, how=Verification(data["how"]), note=data["note"], actor=signed_in(request)
        ),
        done=_("The action is verified."),
    )


@require_POST
@login_required
def action_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is still missing."""
    finding = fetch_finding(request, pk, "send_back")
    return answer_form(
        request,
        finding,
        "send_back",
        forms.SendBackForm(request.POST, auto_id="send_back-%s"),
        lambda data: services.send_back_action(finding=finding, reason=data["reason"], actor=signed_in(request)),
        done=_("The action was sent back to the site."),
    )


@require_POST
@login_required
def action_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to the other side."""
    finding = fetch_finding(request, pk, "comment")
    return answer_form(
        request,
        finding,
        "comment",
        forms.CommentForm(request.POST, auto_id="comment-%s"),
        lambda data: services.add_comment(finding=finding, text=data["text"], actor=signed_in(request)),
        done=_("The comment is added."),
    )
