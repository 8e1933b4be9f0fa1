"""The panel of the corrective action on the page of a finding: how it stands, and what this reader may do now."""

from dataclasses import dataclass

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse

from assessments.findings.enums import (
    WRITABLE_PLANS,
    ActionManager,
    ExtensionState,
    FindingState,
    NextStep,
    PlanState,
)
from assessments.findings.forms import planning as forms
from assessments.findings.models import ActionChange, ActionComment, ActionFile, CorrectiveAction, Extension, Finding
from assessments.findings.permissions import has_inspectors, may
from assessments.findings.queries.plans import BATCHED, Progress, action_of, progress_of, sent_back_notes, step_of
from assessments.findings.queries.sights import sight_of
from assessments.findings.services.extending import askable_dues
from assessments.findings.services.planning import plan_problems
from suppliers.organisations.queries import Reader

FORMS: dict[str, type[Form]] = {
    "accept": forms.AcceptForm,
    "reject": forms.RejectForm,
    "new_plan": forms.NewPlanForm,
    "finish": forms.FinishForm,
    "verify": forms.VerifyForm,
    "send_back": forms.SendBackForm,
    "comment": forms.CommentForm,
    "file": forms.FileForm,
}


@dataclass(frozen=True)
class Panel:
    """What templates/actions/panel.html shows; `action` is None, too, while its words are the site's own."""

    action: CorrectiveAction | None
    progress: Progress
    step: NextStep | None
    manager: str
    problems: list[str]
    sent_back: str
    files: list[ActionFile]
    comments: list[ActionComment]
    changes: list[ActionChange]
    extensions: list[Extension]
    deeds: frozenset[str]
    forms: dict[str, Form]
    batch_url: str
    upload_limit_mb: int


def plan_context(request: HttpRequest, finding: Finding, **given: Form) -> dict[str, Panel]:
    """Return {"plan": what templates/actions/panel.html shows}; `given` are forms sent with mistakes, by deed."""
    action = action_of(finding)
    wishes = list(finding.extensions.select_related("asked_by", "decided_by").order_by("-pk"))
    deeds = open_deeds(request.user, finding, action, wishes)
    panel = Panel(
        action=sight_of(request.user).plan_of(finding),
        progress=progress_of(finding),
        step=None if finding.is_unconfirmed_flag else step_of(finding),
        manager=manager_name(finding),
        problems=plan_problems(finding, action) if "submit" in deeds else [],
        sent_back=sent_back_notes([finding]).get(finding.pk, ""),
        files=list(finding.files.select_related("file", "added_by").order_by("pk")),
        comments=list(finding.comments.select_related("author").order_by("pk")),
        changes=list(action.changes.select_related("actor").order_by("pk")) if action else [],
        extensions=wishes,
        deeds=deeds,
        forms=shown_forms(finding, deeds, given),
        batch_url=batch_url(finding),
        upload_limit_mb=settings.UPLOAD_LIMIT_MB,
    )
    return {"plan": panel}


def shown_forms(finding: Finding, deeds: frozenset[str], given: dict[str, Form]) -> dict[str, Form]:
    """Return the empty forms of the open deeds, those sent with mistakes in their place."""
    empty: dict[str, Form] = {name: form(auto_id=f"{name}-%s") for name, form in FORMS.items() if name in deeds}
    if "extension" in deeds:
        empty["extension"] = forms.ExtensionForm(dues=askable_dues(finding), auto_id="extension-%s")
    if "decide_extension" in deeds:
        empty["decide_extension"] = forms.DecideExtensionForm(auto_id="decide-%s")
    return empty | given


def batch_url(finding: Finding) -> str:
    """Return the page with every finding of the same audit or response; "" for one that stands alone."""
    if finding.source not in BATCHED or finding.source_id is None or finding.is_unconfirmed_flag:
        return ""
    return reverse("plan_batch", args=[finding.source, finding.source_id])


def manager_name(finding: Finding) -> str:
    """Return who accepts plans and verifies, by name."""
    if finding.manager == ActionManager.SITE:
        return finding.site.organisation.name
    if finding.manager == ActionManager.FIRM and finding.firm is not None and has_inspectors(finding):
        return finding.firm.name
    return finding.relationship.buyer.name


def open_deeds(
    user: Reader, finding: Finding, action: CorrectiveAction | None, wishes: list[Extension]
) -> frozenset[str]:
    """Return what this reader may do now: rights are asked only for what the state allows."""
    possible = possible_deeds(finding, action)
    waiting = {wish.due for wish in wishes if wish.state == ExtensionState.ASKED}
    if waiting and not finding.is_settled:
        possible["decide_extension"] = "decide_extension"
    if not finding.is_unconfirmed_flag and [due for due in askable_dues(finding) if due not in waiting]:
        possible["extension"] = "ask_extension"
    rights = {right: may(user, right, finding) for right in set(possible.values())}
    return frozenset(deed for deed, right in possible.items() if rights[right])


def possible_deeds(finding: Finding, action: CorrectiveAction | None) -> dict[str, str]:
    """Return the deeds that the state of the finding and its plan allow, each with the right it needs."""
    deeds = {"comment": "comment"}
    if not finding.is_settled:
        deeds["file"] = "add_file"
    plan = PlanState(action.state) if action else PlanState.DRAFT
    match FindingState(finding.state):
        case FindingState.OPEN if plan is PlanState.SUBMITTED:
            deeds |= {"withdraw": "submit_plan", "accept": "decide_plan", "reject": "decide_plan"}
        case FindingState.OPEN if not finding.is_unconfirmed_flag:
            deeds["edit"] = "plan"
            if action and plan in WRITABLE_PLANS:
                deeds["submit"] = "submit_plan"
        case FindingState.ACTION_AGREED:
            deeds |= {"start": "start", "new_plan": "decide_plan"}
        case FindingState.COLLABORATIVE:
            deeds["start"] = "start"
        case FindingState.IN_PROGRESS:
            deeds["finish"] = "finish"
            if plan is PlanState.ACCEPTED:
                deeds["new_plan"] = "decide_plan"
        case FindingState.DONE:
            deeds |= {"verify": "verify", "send_back": "send_back"}
        case _:
            pass
    return deeds
