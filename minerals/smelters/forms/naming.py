"""Decisions about a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minerals.smelters.enums import Rejection


class KeepForm(forms.Form):
    """Keep a name as an unknown smelter."""

    reason = forms.CharField(label=_("Note"), required=False, max_length=300)


class RejectForm(forms.Form):
    """Say why a name is no smelter."""

    rejection = forms.ChoiceField(label=_("Why it is no smelter"), choices=Rejection.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("In a few words"), required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        """Another reason than those offered must be written down."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("rejection") == Rejection.OTHER and not given.get("reason", "").strip():
            self.add_error("reason", _("Write the reason in a few words."))
        return given
