"""What a person says of a new token."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.api.enums import Scope

DAYS = [
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("One year")),
]


class TokenForm(forms.Form):
    """Name, scopes and life of a token."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Which program will use it, for example “ERP, nightly”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "It sees the rows you see, and of those only what you tick here. It writes nothing unless you tick it."
        ),
        error_messages={"required": gettext_lazy("Tick at least one.")},
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it works"), choices=DAYS, coerce=int, initial=90, empty_value=None
    )

    def clean_name(self) -> Any:
        """Refuse control characters: the name is shown in lists and in the trail."""
        name: str = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError(_("Write the name in plain letters, on one line."))
        return name
