"""Input for a finding that a buyer writes down."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.findings.enums import ENTERED_SOURCES, Severity
from assessments.findings.queries import provision_choices


class EnterForm(forms.Form):
    """What is wrong, which provision it breaks and how it became known."""

    source = forms.ChoiceField(
        label=_("Where it comes from"),
        choices=[(source.value, source.label) for source in ENTERED_SOURCES],
        widget=forms.RadioSelect,
    )
    provision = forms.ChoiceField(label=_("Provision"))
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What is wrong"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Facts the site can check: what, where, since when. The site reads this text as you write it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose")), *provision_choices(get_language() or "en")]
        self.fields["provision"].choices = choices  # type: ignore[attr-defined]

    def clean_provision(self) -> tuple[str, str]:
        """Return (code of conduct, provision)."""
        code, _slash, provision = self.cleaned_data["provision"].partition("/")
        return code, provision
