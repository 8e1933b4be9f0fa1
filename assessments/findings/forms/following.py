"""Input for what is decided about a finding."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.findings.enums import CloseReason
from assessments.findings.models import Finding
from assessments.findings.queries import short_name

LONGEST = 2000


def note_field(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field for the words that go with a decision."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, help_text=help_text)


class CloseForm(forms.Form):
    """Why a finding is closed."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(choice.value, choice.label) for choice in (CloseReason.MENDED, CloseReason.NOT_CONFIRMED)],
    )
    note = note_field(_("Note"), _("What you checked, and where the proof is. The supplier sees this note."))


class ReopenForm(forms.Form):
    """Why a finding is opened again."""

    note = note_field(_("Why it is open again"))


class DismissForm(forms.Form):
    """Why what a rule found is no finding."""

    note = note_field(_("Why it is not a finding"), _("The supplier sees this note."))


class MergeForm(forms.Form):
    """Into which finding of the same site, and why."""

    into = forms.TypedChoiceField(label=_("Finding that goes on"), coerce=int)
    note = note_field(_("Why they are the same"))

    def __init__(self, *args: Any, targets: Iterable[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = {finding.pk: finding for finding in targets}
        choices = [("", _("Choose")), *((pk, short_name(finding)) for pk, finding in self.targets.items())]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]

    def clean_into(self) -> Finding:
        """Return the finding itself."""
        return self.targets[self.cleaned_data["into"]]


class DisputeForm(forms.Form):
    """Why a site says that a finding is wrong."""

    note = note_field(_("What is wrong with it"), _("Say what the facts are and where they can be seen."))


class SettleDisputeForm(forms.Form):
    """Who is right."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("no", _("The finding stands")), ("yes", _("The site is right: close the finding"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = note_field(_("Reason"), _("The site sees it."))


class CollaborateForm(forms.Form):
    """Why a site cannot mend it alone."""

    note = note_field(_("Who has to do what"), _("The due dates stop. Buyer and site follow it together."))
