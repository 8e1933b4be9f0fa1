"""Input for plans and corrective actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.findings.enums import Due, Verification

LONGEST = 4000
LONGEST_NOTE = 2000


class DayInput(forms.DateInput):
    """A day in the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def words(label: Any, help_text: Any = "", *, rows: int = 4, required: bool = False) -> forms.CharField:
    """Return a field of running text."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def note(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    """Return a field for what one side says to the other."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST_NOTE, widget=widget)


class PlanForm(forms.Form):
    """The plan of a site; anything may be empty until it is submitted."""

    containment = words(
        _("Containment: what did you do at once?"),
        _(
            "The step that stopped the harm on the day you learned of it. "
            "Example: “The emergency exit was cleared the same afternoon and a guard was posted beside it.”"
        ),
    )
    root_cause = words(
        _("Root cause: why could it happen?"),
        _(
            "Ask why until the answer is something you can change. “Human error” is not a cause. "
            "Example: “Pallets are put before the exit because the store has no place marked for them.”"
        ),
    )
    corrective = words(
        _("Corrective action: what removes the cause?"),
        _(
            "What you change, where, and with what. "
            "Example: “A place for 40 pallets is marked in hall 2, and the ground before the exit is painted red.”"
        ),
    )
    preventive = words(
        _("Preventive action: what keeps it from coming back, also elsewhere?"),
        _(
            "A rule, a check or a training that goes on without you. "
            "Example: “Every shift leader checks all exits at the start of a shift and signs a list.”"
        ),
    )
    owner_name = forms.CharField(
        label=_("Who is responsible?"),
        help_text=_("One person by name, not a department."),
        max_length=150,
        required=False,
    )
    owner_email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("May stay empty. If they have an account here, they are reminded too."),
        required=False,
    )
    starts_on = forms.DateField(
        label=_("Work starts on"), help_text=_("May stay empty."), required=False, widget=DayInput()
    )
    planned_on = forms.DateField(
        label=_("Done by"),
        help_text=_("Not after the day by which it must be done."),
        required=False,
        widget=DayInput(),
    )
    no_action = forms.BooleanField(
        label=_("We take no action"),
        help_text=_("Only with a good reason. Whoever decides on the plan has to agree to it."),
        required=False,
    )
    no_action_reason = words(_("Why no action is taken"), rows=3)
    base_version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput())

    def plan_fields(self) -> dict[str, Any]:
        """Return what save_plan takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "base_version"}


class AcceptForm(forms.Form):
    """Agree to a plan."""

    note = note(_("Note to the site"), required=False)


class RejectForm(forms.Form):
    """Send a plan back."""

    reason = note(_("What has to change"), _("The site reads this. Say which part is not enough and why."))


class NewPlanForm(forms.Form):
    """Ask for another plan."""

    reason = note(_("Why another plan is needed"), _("The agreed plan becomes a draft again."))


class FinishForm(forms.Form):
    """Say that the action is done."""

    note = note(
        _("What was done"),
        _("Say what was done and how it can be checked. Add photos, records or invoices as files before."),
        required=False,
    )


class VerifyForm(forms.Form):
    """Confirm that it is mended."""

    how = forms.ChoiceField(label=_("How was it checked?"), choices=Verification.choices, widget=forms.RadioSelect)
    note = note(_("What you saw"), required=False)


class SendBackForm(forms.Form):
    """Say what is still missing."""

    reason = note(_("What is still missing"), _("The site reads this and goes on with the action."))


class CommentForm(forms.Form):
    """Say something to the other side."""

    text = note(_("Comment"), _("Both sides read this."))


class FileForm(forms.Form):
    """A word about the files that are uploaded with it."""

    note = forms.CharField(label=_("What the file shows"), max_length=300, required=False)


class ExtensionForm(forms.Form):
    """A wish for a later date."""

    due = forms.ChoiceField(label=_("Which date?"))
    wanted_on = forms.DateField(label=_("Until when?"), widget=DayInput())
    reason = note(_("Why is more time needed?"), _("Say what keeps you and what you do until then."))

    def __init__(self, *args: Any, dues: list[Due], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].choices = [(due.value, due.label) for due in dues]  # type: ignore[attr-defined]


class DecideExtensionForm(forms.Form):
    """Grant or refuse a later date."""

    note = note(_("Note"), _("A refusal needs a reason."), required=False, rows=2)


class WorkbookForm(forms.Form):
    """A plan that was filled in offline."""

    file = forms.FileField(label=_("Excel file"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
