"""A contact with a smelter."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minerals.smelters.enums import OutreachKind


class OutreachForm(forms.Form):
    """What happened, when, and in a few words."""

    kind = forms.ChoiceField(label=_("What happened"), choices=OutreachKind.choices)
    on = forms.DateField(
        label=_("Day"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date such as 2026-11-14.")},
    )
    text = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_kind(self) -> OutreachKind:
        """Return the kind as what it is."""
        return OutreachKind(self.cleaned_data["kind"])

    @staticmethod
    def field_of(code: str) -> str:
        """Return the field that a refusal speaks of."""
        return "on" if code == "future" else "text"
