"""The deeds of an audit's life as one table: who may do each, when, with which input; and whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.audits.enums import Asker, AuditState
from assessments.audits.forms import requesting as inputs
from assessments.audits.permissions import may
from assessments.audits.queries import programme_of
from assessments.audits.queries.firms import engaged_firms
from assessments.audits.queries.people import firm_people
from assessments.audits.services import going, requesting
from assessments.audits.services.requesting import FIRM_STATES, TEAM_STATES
from assessments.audits.views.situation import Situation

State = AuditState
Values = dict[str, Any]
Judge = Callable[[Situation], bool]


def always(_situation: Situation) -> bool:
    """Whatever the situation."""
    return True


def never(_situation: Situation) -> bool:
    """In no situation."""
    return False


@dataclass(frozen=True)
class Deed:
    """One deed: its URL name, the rights (any of them), the states, its words, its form and the service behind it.

    `is_possible` hides it where it makes no sense; `is_next` says that everybody waits for it.
    """

    name: str
    rights: tuple[str, ...]
    states: tuple[AuditState, ...]
    title: Promise
    button: Promise
    done: Promise
    act: Callable[[Situation, Values], object]
    sentence: Promise | None = None
    build: Callable[[Situation, Any], forms.Form] | None = None
    is_possible: Judge = always
    is_next: Judge = always
    refusal: Promise | None = None

    def form(self, situation: Situation, data: Any = None) -> forms.Form | None:
        """Return the form of the deed, filled with what stands; None where a button is enough."""
        return self.build(situation, data) if self.build else None


@dataclass(frozen=True)
class Card:
    """A deed as the page shows it; `is_open`: its input was refused."""

    deed: Deed
    form: forms.Form | None
    is_open: bool = False


def plain(form: type[forms.Form]) -> Callable[[Situation, Any], forms.Form]:
    """Return a builder of a form that needs to know nothing; ids are told apart by the form's name."""
    return lambda _situation, data: form(data, auto_id=f"{form.__name__.lower()}_%s")


def answer(situation: Situation, values: Values) -> object:
    """Accept or decline."""
    audit, actor = situation.audit, situation.reader
    if values.get("answer") == "decline":
        return requesting.decline_audit(audit=audit, reason=values["reason"], actor=actor)
    return requesting.accept_audit(audit=audit, actor=actor)


def declare(situation: Situation, values: Values) -> object:
    """Write the reader's own word; a second time only a conflict can be declared."""
    mine = situation.mine
    if mine is None:
        raise KeyError("audit_declare")
    has_conflict = values.get("has_conflict", inputs.YES) == inputs.YES
    return requesting.declare_interest(
        assignment=mine, has_conflict=has_conflict, statement=values["statement"], actor=situation.reader
    )


def plan_closure(situation: Situation, values: Values) -> object:
    """Ask for the audit that checks this one; it stays with who pays for it, and with a firm that still is engaged."""
    audit = situation.audit
    firm = engaged_firms(audit.relationship.buyer).filter(pk=audit.firm_id or 0).first()
    return requesting.request_audit(
        relationship=audit.relationship,
        site=audit.site,
        programme_code=audit.programme.code,
        asked_by=Asker.BUYER,
        payer=audit.payer,
        firm=firm,
        follows=audit,
        actor=situation.reader,
        **values,
    )


def call(service: Callable[..., object]) -> Callable[[Situation, Values], object]:
    """Return a call of a service that takes the audit, the actor and the input."""
    return lambda situation, values: service(audit=situation.audit, actor=situation.reader, **values)


def firm_form(situation: Situation, data: Any) -> forms.Form:
    """Return the choice among the engaged firms."""
    firms = engaged_firms(situation.audit.relationship.buyer)
    return inputs.FirmForm(data, firms=firms, initial={"firm": situation.audit.firm_id}, auto_id="firm_%s")


def days_form(situation: Situation, data: Any) -> forms.Form:
    """Return the days as they stand, else the wished one."""
    audit = situation.audit
    first = audit.starts_on or audit.preferred_on
    initial = {"starts_on": first, "ends_on": audit.ends_on or first}
    return inputs.DaysForm(data, initial=initial, auto_id="days_%s")


def team_form(situation: Situation, data: Any) -> forms.Form:
    """Return the people of the firm who may go."""
    off = {row.user_id for row in situation.people if row.has_conflict}
    firm = situation.audit.firm
    people = [user for user in firm_people(firm) if user.pk not in off] if firm else []
    initial = inputs.TeamForm.values_of(situation.working)
    return inputs.TeamForm(data, people=people, initial=initial, auto_id="team_%s")


def declare_form(situation: Situation, data: Any) -> forms.Form:
    """Return the declaration; once given, only a conflict can be added."""
    is_first = situation.mine is None or situation.mine.has_conflict is None
    return plain(inputs.DeclareForm if is_first else inputs.ConflictForm)(situation, data)


def closure_form(situation: Situation, data: Any) -> forms.Form:
    """Return the kinds that check an audit of this programme."""
    return inputs.ClosureForm(data, programme=programme_of(situation.audit.programme), auto_id="closure_%s")


DEEDS: tuple[Deed, ...] = (
    Deed(
        name="audit_answer",
        rights=("answer",),
        states=(State.REQUESTED,),
        title=_("Accept or decline"),
        sentence=_("You are asked for this audit. Accept it, or decline it with a reason."),
        button=_("Accept the audit"),
        done=_("Your answer is on its way."),
        build=plain(inputs.AnswerForm),
        act=answer,
        refusal=_("Decline"),
    ),
    Deed(
        name="audit_again",
        rights=("ask_again",),
        states=(State.DECLINED,),
        title=_("Ask again"),
        sentence=_("The audit was declined. You can ask once more."),
        button=_("Ask again"),
        done=_("The audit is asked for again."),
        act=call(requesting.ask_again),
    ),
    Deed(
        name="audit_declare",
        rights=("declare",),
        states=TEAM_STATES,
        title=_("Declare a conflict of interest"),
        sentence=_("Declare whether you have a conflict of interest. The audit cannot start before."),
        button=_("Declare"),
        done=_("Your declaration is kept."),
        build=declare_form,
        act=declare,
        is_possible=lambda situation: situation.mine is not None,
        is_next=lambda situation: situation.mine is not None and situation.mine.has_conflict is None,
    ),
    Deed(
        name="audit_firm",
        rights=("choose_firm",),
        states=FIRM_STATES,
        title=_("Choose the audit firm"),
        sentence=_("Choose the audit firm that goes to the site."),
        button=_("Choose this firm"),
        done=_("The audit firm is chosen and told."),
        build=firm_form,
        act=call(requesting.choose_firm),
        is_next=lambda situation: situation.audit.firm_id is None and situation.audit.state != State.REQUESTED,
    ),
    Deed(
        name="audit_schedule",
        rights=("schedule", "schedule_as_firm"),
        states=(State.ACCEPTED, State.SCHEDULED),
        title=_("Set the days on site"),
        sentence=_("Set the days on site. The site, the firm and the auditors are told."),
        button=_("Set the days"),
        done=_("The days are set and everybody is told."),
        build=days_form,
        act=call(requesting.schedule_audit),
        is_next=lambda situation: situation.audit.state == State.ACCEPTED,
    ),
    Deed(
        name="audit_team",
        rights=("assign",),
        states=TEAM_STATES,
        title=_("Assign the auditors"),
        sentence=_("Assign the auditors and say who leads. Each is asked to declare conflicts of interest."),
        button=_("Assign"),
        done=_("The auditors are assigned and told."),
        build=team_form,
        act=call(requesting.assign_auditors),
        is_next=lambda situation: not situation.is_led,
    ),
    Deed(
        name="audit_start",
        rights=("start",),
        states=(State.SCHEDULED,),
        title=_("Start on site"),
        sentence=_("Everything is ready. Start when the opening meeting begins."),
        button=_("Start the audit"),
        done=_("The audit has started. Write what you see."),
        act=call(going.start_audit),
        is_possible=lambda situation: situation.is_ready,
    ),
    Deed(
        name="audit_present",
        rights=("write",),
        states=(State.IN_PROGRESS,),
        title=_("Present the findings"),
        sentence=_("Write the conclusions. At the closing meeting, present the findings to the site."),
        button=_("Present the findings to the site"),
        done=_("The site can read the findings now and is asked to acknowledge them."),
        act=call(going.present_audit),
        is_possible=lambda situation: situation.audit.presented_at is None,
    ),
    Deed(
        name="audit_acknowledge",
        rights=("acknowledge",),
        states=(State.IN_PROGRESS,),
        title=_("Acknowledge the findings"),
        sentence=_("The auditors have presented the findings. Read them and acknowledge that you have seen them."),
        button=_("Acknowledge"),
        done=_("The findings are acknowledged."),
        build=plain(inputs.NameForm),
        act=call(going.acknowledge_audit),
        is_possible=lambda situation: situation.audit.presented_at is not None,
    ),
    Deed(
        name="audit_unsigned",
        rights=("write",),
        states=(State.IN_PROGRESS,),
        title=_("Go on without the site's signature"),
        button=_("Go on without the signature"),
        done=_("The audit goes on. The site is told why."),
        build=plain(inputs.UnsignedForm),
        act=call(going.go_on_unsigned),
        is_possible=lambda situation: situation.audit.presented_at is not None and going.is_last_day(situation.audit),
        is_next=never,
    ),
    Deed(
        name="audit_draft",
        rights=("write",),
        states=(State.ACKNOWLEDGED,),
        title=_("Finish the draft"),
        sentence=_("Complete the conclusions. The draft is finished once nothing is missing."),
        button=_("Finish the draft"),
        done=_("The draft is whole."),
        act=call(going.finish_draft),
    ),
    Deed(
        name="audit_hand_over",
        rights=("hand_over",),
        states=(State.DRAFT,),
        title=_("Hand the draft over"),
        sentence=_("Hand the draft to the site, so that it can give its feedback."),
        button=_("Hand the draft to the site"),
        done=_("The site has the draft and is asked for its feedback."),
        act=call(going.hand_to_site),
    ),
    Deed(
        name="audit_feedback_done",
        rights=("give_feedback",),
        states=(State.FEEDBACK,),
        title=_("Finish the feedback"),
        sentence=_("Read the draft and write your feedback. Then say that it is finished, or that you have none."),
        button=_("Our feedback is finished"),
        done=_("The audit firm has your feedback."),
        act=call(going.finish_feedback),
    ),
    Deed(
        name="audit_release",
        rights=("check_quality",),
        states=(State.QUALITY_CHECK,),
        title=_("Release the report"),
        sentence=_("Check the report. Release it, or return it to the auditors with a reason."),
        button=_("Release the report"),
        done=_("The report is released. Site and buyer are told."),
        act=call(going.release_audit),
    ),
    Deed(
        name="audit_return",
        rights=("check_quality",),
        states=(State.QUALITY_CHECK,),
        title=_("Return it to the auditors"),
        button=_("Return"),
        done=_("The auditors have the report back."),
        build=lambda _situation, data: inputs.ReasonForm(data, auto_id="return_%s"),
        act=call(going.return_to_draft),
        is_next=never,
    ),
    Deed(
        name="audit_closure",
        rights=("plan_closure",),
        states=(State.ACTIONS_OPEN,),
        title=_("Plan a closure audit"),
        button=_("Ask for the closure audit"),
        done=_("The closure audit is asked for."),
        build=closure_form,
        act=plan_closure,
        is_possible=lambda situation: any(kind.follows for kind in programme_of(situation.audit.programme).kinds),
        is_next=never,
    ),
    Deed(
        name="audit_cancel",
        rights=("cancel",),
        states=(*FIRM_STATES, State.IN_PROGRESS),
        title=_("Call the audit off"),
        button=pgettext_lazy("audit", "Call off"),
        done=_("The audit is called off. Everybody on it is told."),
        build=lambda _situation, data: inputs.ReasonForm(data, auto_id="cancel_%s"),
        act=call(requesting.cancel_audit),
        is_next=never,
    ),
)
BY_NAME = {deed.name: deed for deed in DEEDS}


def open_deeds(situation: Situation) -> list[Deed]:
    """Return what the reader may do now, in the order of the table."""
    audit, reader = situation.audit, situation.reader
    possible = [deed for deed in DEEDS if audit.state in deed.states and deed.is_possible(situation)]
    held = {right: may(reader, right, audit) for right in {right for deed in possible for right in deed.rights}}
    return [deed for deed in possible if any(held[right] for right in deed.rights)]
