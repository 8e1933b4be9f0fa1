"""Input for findings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.findings.enums import CloseReason


class CloseForm(forms.Form):
    """Why a finding is closed."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(choice.value, choice.label) for choice in (CloseReason.MENDED, CloseReason.NOT_CONFIRMED)],
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you checked, and where the proof is. The supplier sees this note."),
    )


class ReopenForm(forms.Form):
    """Why a finding is opened again."""

    note = forms.CharField(label=_("Why it is open again"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
