"""Pages of plans: write one, hand it in, decide on it; all plans of one audit or response on one page."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments.findings import services
from assessments.findings.forms.planning import AcceptForm, NewPlanForm, PlanForm, RejectForm
from assessments.findings.models import CorrectiveAction, Finding
from assessments.findings.permissions import may
from assessments.findings.queries.plans import (
    BATCHED,
    Progress,
    action_of,
    batch_findings,
    progress_of,
    sent_back_notes,
)
from assessments.findings.queries.sights import sight_of
from assessments.findings.services.planning import PLAN_FIELDS, plan_problems
from assessments.findings.views.access import answer_form, fetch_finding
from assessments.findings.views.panel import manager_name, possible_deeds
from portal.accounts.queries import signed_in
from portal.jobs.services import start_job
from portal.lib.errors import ConflictError, DomainError
from suppliers.organisations.queries import current_workspace


# 1. One plan ---------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@login_required
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the plan; a mistake or a colleague who was quicker shows the page again with everything typed."""
    finding = fetch_finding(request, pk, "plan")
    action = action_of(finding)
    if request.method == "POST":
        return keep_plan(request, finding, PlanForm(request.POST))
    initial: dict[str, Any] = {"base_version": 0}
    if action is not None:
        initial = {name: getattr(action, name) for name in PLAN_FIELDS} | {"base_version": action.version}
    return show_plan(request, finding, PlanForm(initial=initial))


def keep_plan(request: HttpRequest, finding: Finding, form: PlanForm) -> HttpResponse:
    """Save what was posted and, when asked to, hand it in."""
    if not form.is_valid():
        return show_plan(request, finding, form, status=422)
    actor, version = signed_in(request), form.cleaned_data["base_version"]
    try:
        action = services.save_plan(finding=finding, base_version=version, actor=actor, **form.plan_fields())
    except ConflictError as error:
        standing = error.detail if isinstance(error.detail, CorrectiveAction) else None
        form.add_error(None, error.message)
        return show_plan(request, finding, based_on(form, standing), standing=standing, status=error.status)
    except DomainError as error:
        form.add_error(None, error.message)
        return show_plan(request, finding, form, status=error.status)
    if "submit" in request.POST and may(request.user, "submit_plan", finding):
        return hand_in(request, finding, based_on(form, action))
    messages.success(request, _("The plan is saved. It counts once it is submitted."))
    return redirect("finding_detail", finding.pk)


def hand_in(request: HttpRequest, finding: Finding, form: PlanForm) -> HttpResponse:
    """Submit a plan that was just saved; what is missing is said on the same page."""
    try:
        services.submit_plan(finding=finding, actor=signed_in(request))
    except DomainError as error:
        form.is_valid()
        form.add_error(None, _("The plan is saved, but it cannot be submitted yet."))
        for problem in error.detail if isinstance(error.detail, list) else [error.message]:
            form.add_error(None, problem)
        return show_plan(request, finding, form, status=error.status)
    messages.success(request, _("The plan is submitted."))
    return redirect("finding_detail", finding.pk)


def based_on(form: PlanForm, action: CorrectiveAction | None) -> PlanForm:
    """Return the form with what was typed, to be saved over the version that stands now."""
    fresh = PlanForm(
        {name: form.data[name] for name in form.data} | {"base_version": str(action.version if action else 0)}
    )
    fresh.is_valid()
    for error in form.non_field_errors():
        fresh.add_error(None, error)
    return fresh


def show_plan(
    request: HttpRequest,
    finding: Finding,
    form: PlanForm,
    *,
    standing: CorrectiveAction | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page on which a plan is written; `standing` is what a colleague saved meanwhile."""
    context = {
        "finding": finding,
        "form": form,
        "standing": changed_fields(form, standing) if standing else [],
        "standing_action": standing,
        "may_submit": may(request.user, "submit_plan", finding),
        "manager": manager_name(finding),
        "sent_back": sent_back_notes([finding]).get(finding.pk, ""),
    }
    return render(request, "actions/plan.html", context, status=status)


def changed_fields(form: PlanForm, standing: CorrectiveAction) -> list[tuple[str, Any]]:
    """Return (label, what stands) of every field in which a colleague wrote something else."""
    typed = form.plan_fields() if form.is_valid() or hasattr(form, "cleaned_data") else {}
    fields = [name for name in PLAN_FIELDS if typed.get(name) != getattr(standing, name)]
    return [(str(form.fields[name].label), getattr(standing, name)) for name in fields]


@require_POST
@login_required
def plan_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the plan as it stands."""
    finding = fetch_finding(request, pk, "submit_plan")
    services.submit_plan(finding=finding, actor=signed_in(request))
    messages.success(request, _("The plan is submitted."))
    return redirect(back_of(request, finding))


@require_POST
@login_required
def plan_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted plan back to change it."""
    finding = fetch_finding(request, pk, "submit_plan")
    services.withdraw_plan(finding=finding, actor=signed_in(request))
    messages.success(request, _("The plan is a draft again."))
    return redirect(back_of(request, finding))


@require_POST
@login_required
def plan_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a plan, or send it back with the reason."""
    finding = fetch_finding(request, pk, "decide_plan")
    actor, seen = signed_in(request), request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() else None
    if request.POST.get("decision") == "accept":
        answer = answer_form(
            request,
            finding,
            "accept",
            AcceptForm(request.POST, auto_id="accept-%s"),
            lambda data: services.accept_plan(finding=finding, note=data["note"], actor=actor, version=version),
            done=_("The plan is accepted."),
        )
    else:
        answer = answer_form(
            request,
            finding,
            "reject",
            RejectForm(request.POST, auto_id="reject-%s"),
            lambda data: services.reject_plan(finding=finding, reason=data["reason"], actor=actor),
            done=_("The plan was sent back to the site."),
        )
    return redirect(back_of(request, finding)) if answer.status_code == 302 else answer  # noqa: PLR2004


@require_POST
@login_required
def plan_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for another plan after one was agreed."""
    finding = fetch_finding(request, pk, "decide_plan")
    return answer_form(
        request,
        finding,
        "new_plan",
        NewPlanForm(request.POST, auto_id="new_plan-%s"),
        lambda data: services.ask_new_plan(finding=finding, reason=data["reason"], actor=signed_in(request)),
        done=_("The site is asked for another plan."),
    )


def back_of(request: HttpRequest, finding: Finding) -> str:
    """Return where a deed was done: the page of the whole plan if it was that, else that of the finding."""
    back = request.POST.get("back", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("finding_detail", args=[finding.pk])


# 2. The plan of one audit or response --------------------------------------------------------------
@dataclass
class PlanLine:
    """One finding of a plan that covers several; `action` is None, too, while its words are the site's own."""

    finding: Finding
    action: CorrectiveAction | None
    progress: Progress
    sent_back: str = ""
    problems: list[str] = field(default_factory=list)
    deeds: frozenset[str] = frozenset()


def fetch_batch(request: HttpRequest, source: str, source_id: int) -> list[Finding]:
    """Return the findings of an audit or response that the reader sees; 404 when there are none."""
    rows = list(batch_findings(request.user, source, source_id)) if source in BATCHED else []
    if not rows:
        raise Http404
    return rows


@login_required
def plan_batch(request: HttpRequest, source: str, source_id: int) -> HttpResponse:
    """Every finding of one audit or response: what is planned, what is missing, what is due."""
    rows = fetch_batch(request, source, source_id)
    lines = plan_lines(request, rows)
    context = {
        "source": source,
        "source_id": source_id,
        "first": rows[0],
        "lines": lines,
        "managers": manager_names(rows),
        "complete": sum("submit" in line.deeds and not line.problems for line in lines),
        "may_plan": any("edit" in line.deeds for line in lines),
        "planned": sum(line.progress.done >= 2 for line in lines),  # noqa: PLR2004  the second step: submitted
    }
    return render(request, "actions/batch.html", context)


def manager_names(rows: list[Finding]) -> list[str]:
    """Return who decides on the plans: the programme of an audit may name another side for each severity."""
    first_of = {(finding.manager, finding.firm_id): finding for finding in reversed(rows)}
    return sorted({manager_name(finding) for finding in first_of.values()})


def plan_lines(request: HttpRequest, rows: list[Finding]) -> list[PlanLine]:
    """Return a line per finding; a right is asked once per manager, for all findings are of one site and buyer."""
    known: dict[tuple[str, str, int | None], bool] = {}
    sight, notes = sight_of(request.user), sent_back_notes(rows)
    lines = []
    for finding in rows:
        action = action_of(finding)
        deeds = set()
        for deed, right in possible_deeds(finding, action).items():
            key = (right, finding.manager, finding.firm_id)
            if key not in known:
                known[key] = may(request.user, right, finding)
            if known[key]:
                deeds.add(deed)
        problems = plan_problems(finding, action) if "edit" in deeds else []
        shown, note = sight.plan_of(finding), notes.get(finding.pk, "")
        lines.append(PlanLine(finding, shown, progress_of(finding), note, problems, frozenset(deeds)))
    return lines


@require_POST
@login_required
def plan_batch_submit(request: HttpRequest, source: str, source_id: int) -> HttpResponse:
    """Hand in every plan that is complete."""
    rows = fetch_batch(request, source, source_id)
    if not may(request.user, "submit_plan", rows[0]):
        raise PermissionDenied
    ready = [line.finding for line in plan_lines(request, rows) if "submit" in line.deeds and not line.problems]
    services.submit_plans(findings=ready, actor=signed_in(request))
    message = ngettext("%(count)d plan is submitted.", "%(count)d plans are submitted.", len(ready))
    messages.success(request, message % {"count": len(ready)})
    return redirect("plan_batch", source, source_id)


@require_POST
@login_required
def plan_batch_pdf(request: HttpRequest, source: str, source_id: int) -> HttpResponse:
    """Start printing the plan."""
    fetch_batch(request, source, source_id)
    workspace = current_workspace(request)
    job = start_job(
        "findings.plan_pdf",
        actor=signed_in(request),
        organisation_id=workspace.organisation.pk if workspace else None,
        params={"source": source, "source_id": source_id},
        return_path=reverse("plan_batch", args=[source, source_id]),
    )
    return redirect("job_detail", job.pk)
