"""The page of one finding: what is wrong, why, what it waits for, and what this reader may decide now."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.findings.enums import ActionManager, FindingState, NextStep, Source
from assessments.findings.forms import following as forms
from assessments.findings.models import Finding
from assessments.findings.permissions import may
from assessments.findings.queries import history_of, merge_targets, relatives_of, visible_findings
from assessments.findings.queries.plans import step_of
from assessments.findings.views.panel import manager_name, plan_context
from portal.lib.formats import shown_date
from suppliers.organisations.queries import Reader

RELATED = ("site__organisation", "relationship__buyer", "firm", "confirmed_by", "action__updated_by")
# What a step waits for, with a due date and without.
STEP_WORDS = {
    NextStep.PLAN: (
        _("Waits for the site: hand in a plan by %(day)s."),
        _("Waits for the site: hand in a plan."),
    ),
    NextStep.APPROVAL: (
        _("Waits for %(who)s: accept or reject the plan by %(day)s."),
        _("Waits for %(who)s: accept or reject the plan."),
    ),
    NextStep.ACTION: (
        _("Waits for the site: carry out the plan by %(day)s."),
        _("Waits for the site: carry out the plan."),
    ),
    NextStep.VERIFICATION: (_("Waits for %(who)s: verify what was done."),) * 2,
    NextStep.DISPUTE: (_("Waits for %(who)s: decide the dispute. No due date runs until then."),) * 2,
}
MAY_BE_SHARED = (FindingState.OPEN, FindingState.ACTION_AGREED, FindingState.IN_PROGRESS)


@dataclass(frozen=True)
class Decision:
    """One thing the reader may decide: its form opens under its title."""

    name: str
    url: str
    title: str
    text: str
    button: str
    form: Form

    @property
    def is_next(self) -> bool:
        """Whether the finding waits for this decision."""
        return self.name == "settle_dispute"


@login_required
def finding_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what is wrong, where it came from, what happened since."""
    finding = get_object_or_404(visible_findings(request.user).select_related(*RELATED), pk=pk)
    return render(request, "findings/detail.html", detail_context(request, finding))


def detail_context(request: HttpRequest, finding: Finding, **given: Form) -> dict[str, Any]:
    """Return what the page of one finding shows; `given` are forms sent with mistakes, by the name of their deed."""
    deeds = open_decisions(request.user, finding)
    return {
        **plan_context(request, finding, **given),
        "finding": finding,
        "waits_for": waits_for(finding),
        "manager": manager_name(finding),
        "source_url": source_url(finding),
        "relatives": relatives_of(request.user, finding),
        "events": history_of(finding),
        "may_confirm": "confirm" in deeds,
        "decisions": [decision for name in deeds if (decision := build_decision(name, finding, given))],
    }


def source_url(finding: Finding) -> str:
    """Return the page a finding came from: whoever sees the finding sees that, too."""
    if finding.source_id is None:
        return ""
    if finding.source == Source.FLAG:
        return f"{reverse('result', args=[finding.source_id])}#flag-{finding.rule}"
    page = {Source.AUDIT: "audit_detail", Source.DECLARATION: "declaration_detail"}.get(Source(finding.source))
    return reverse(page, args=[finding.source_id]) if page else ""


def waits_for(finding: Finding) -> str:
    """Return in one sentence what a finding waits for, of whom and until when."""
    buyer = finding.relationship.buyer.name
    facts = {"who": manager_name(finding), "day": shown_date(finding.next_due_on), "buyer": buyer}
    if finding.is_settled:
        return settled_words(finding)
    if finding.is_unconfirmed_flag and finding.state == FindingState.OPEN:
        if finding.source == Source.DECLARATION:
            words = _("Waits for %(buyer)s: confirm what the declaration showed. No due date runs until then.")
        else:
            words = _("Waits for %(buyer)s: confirm what the answers showed. No due date runs until then.")
        return str(words % facts)
    step = step_of(finding)
    if step is None:
        return str(_("Site and buyer mend this together. No due date runs."))
    if step is NextStep.DISPUTE and finding.manager == ActionManager.SITE:
        facts["who"] = buyer  # no site judges its own dispute
    dated, undated = STEP_WORDS[step]
    return str((dated if finding.next_due_on else undated) % facts)


def settled_words(finding: Finding) -> str:
    """Return how a settled finding ended."""
    if finding.state == FindingState.VERIFIED:
        facts = {"day": shown_date(finding.verified_on)}
        return str(_("Mended and verified on %(day)s. Nothing more is awaited.") % facts)
    if finding.state == FindingState.NO_ACTION:
        return str(_("Settled without an action; the reason stands in the plan."))
    facts = {"day": shown_date(finding.closed_at), "reason": finding.get_close_reason_display()}
    return str(_("Closed on %(day)s: %(reason)s.") % facts)


# What may be decided -------------------------------------------------------------------------------


def open_decisions(user: Reader, finding: Finding) -> list[str]:
    """Return what this reader may decide now: rights are asked only for what the state allows."""
    possible = possible_decisions(finding)
    rights = {right: may(user, right, finding) for right in set(possible.values())}
    return [name for name, right in possible.items() if rights[right]]


def possible_decisions(finding: Finding) -> dict[str, str]:
    """Return the decisions that the state of a finding allows, each with the right it needs."""
    state = FindingState(finding.state)
    if finding.is_settled:
        return {"reopen": "reopen"}
    found = {"confirm": "confirm", "dismiss": "dismiss"} if finding.is_unconfirmed_flag else {}
    if state is FindingState.DISPUTED:
        return {"settle_dispute": "decide_dispute"}
    if finding.source != Source.AUDIT:
        found["merge"] = "merge"
    if state is FindingState.OPEN:
        found["dispute"] = "dispute"
    if not finding.is_unconfirmed_flag:
        if state in MAY_BE_SHARED:
            found["collaborate"] = "make_collaborative"
        found["close"] = "close"
    return found


def build_decision(name: str, finding: Finding, given: dict[str, Form]) -> Decision | None:
    """Return what the page shows of a decision; None for one that is a button or has nothing to choose from."""
    if name not in DECISION_WORDS:
        return None
    form = given.get(name) or form_of(name, finding)
    if isinstance(form, forms.MergeForm) and not form.targets:
        return None
    title, text, button = (str(words) for words in DECISION_WORDS[name])
    address = "finding_move" if name in ("close", "reopen") else f"finding_{name}"
    return Decision(name, reverse(address, args=[finding.pk]), title, text, button, form)


def form_of(name: str, finding: Finding, data: Any = None) -> Form:
    """Return the form of a decision."""
    kwargs: dict[str, Any] = {"targets": merge_targets(finding)} if name == "merge" else {}
    return FORMS[name](data, auto_id=f"{name}-%s", **kwargs)


FORMS: dict[str, type[Form]] = {
    "dismiss": forms.DismissForm,
    "merge": forms.MergeForm,
    "dispute": forms.DisputeForm,
    "settle_dispute": forms.SettleDisputeForm,
    "collaborate": forms.CollaborateForm,
    "close": forms.CloseForm,
    "reopen": forms.ReopenForm,
}
DECISION_WORDS = {
    "dismiss": (
        _("Dismiss it"),
        _("The answers showed this, but it is no finding. It stays closed until a newer self-assessment shows it."),
        _("Dismiss finding"),
    ),
    "merge": (
        _("Merge it into another finding"),
        _("Another finding of this site says the same. This one is closed, the other goes on."),
        _("Merge findings"),
    ),
    "dispute": (
        _("Dispute it"),
        _("You say that this finding is wrong. Whoever manages it decides; the due dates stop until then."),
        _("Dispute finding"),
    ),
    "settle_dispute": (
        _("Decide the dispute"),
        _("The site says that this finding is wrong. Its reason stands in the history."),
        _("Decide"),
    ),
    "collaborate": (
        _("Make it collaborative"),
        _("The site cannot mend this alone."),
        _("Make collaborative"),
    ),
    "close": (
        _("Close this finding"),
        _("Nothing more is awaited from the site. A finding that was mended is better verified than closed."),
        _("Close finding"),
    ),
    "reopen": (
        _("Open this finding again"),
        _("The site is asked for a plan again."),
        _("Reopen finding"),
    ),
}
