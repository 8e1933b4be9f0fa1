"""What people enter about an organisation, its sites and the end of a relationship."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from suppliers.organisations.enums import EndReason
from suppliers.organisations.models import Organisation, Site

CONTACT_FIELDS = ["contact_name", "contact_email", "contact_language"]
PLACE_FIELDS = ["name", "country", "city", "address", "sector", "workers"]


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A site that exists; its code stays, imports find it by that."""

    class Meta:
        model = Site
        fields = PLACE_FIELDS + CONTACT_FIELDS
        help_texts = {
            "workers": _("Everybody who works there, people from agencies too."),
            "contact_name": _("Who is asked when a buyer sends a questionnaire."),
        }


class NewSiteForm(SiteForm):
    """A new site."""

    class Meta(SiteForm.Meta):
        fields = ["code", *PLACE_FIELDS, *CONTACT_FIELDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].initial = ""
        self.fields["code"].help_text = _("Your own number of the site. Empty gives it the next number.")


class DayInput(forms.DateInput):
    """A day picked from the browser's calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CloseForm(forms.Form):
    """When a site was closed."""

    closed_on = forms.DateField(label=_("Closed on"), initial=timezone.localdate, widget=DayInput())


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name and country of an organisation."""

    class Meta:
        model = Organisation
        fields = ["name", "country"]


class EndForm(forms.Form):
    """When and why buying ended."""

    ended_on = forms.DateField(label=_("Ended on"), initial=timezone.localdate, widget=DayInput())
    reason = forms.ChoiceField(label=_("Reason of the end"), choices=EndReason.choices, widget=forms.RadioSelect)
