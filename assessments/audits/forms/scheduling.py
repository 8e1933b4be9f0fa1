"""Input of a schedule."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessments.audits.document import Programme
from assessments.audits.forms.requesting import FirmField, programme_kinds
from assessments.audits.models import AuditSchedule
from portal.lib.formats import BAND_WORDS
from suppliers.organisations.models import Organisation


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg] # no subscript at run time
    """When a site is due, what is asked for then, and how many a month."""

    programme_kind = forms.ChoiceField(label=gettext_lazy("Programme and kind"))
    bands = forms.MultipleChoiceField(
        label=gettext_lazy("Risk bands of the newest score"),
        choices=list(BAND_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None ticked means any, also sites without a score."),
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months since the last audit"),
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("Sites that were never audited are due as well. A site that says no rests as long."),
    )
    least_spend = forms.IntegerField(
        label=gettext_lazy("Yearly spend from"),
        min_value=0,
        max_value=10**15,
        required=False,
        help_text=gettext_lazy("In your own currency, as imported. Empty means any."),
    )
    firm = FirmField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("Audit firm"),
        required=False,
        empty_label=gettext_lazy("To be chosen later"),
    )
    lead_days = forms.IntegerField(
        label=gettext_lazy("Days from the request to the audit"), min_value=0, max_value=730, initial=60
    )
    most_a_month = forms.IntegerField(label=gettext_lazy("At most per month"), min_value=1, max_value=1000, initial=20)
    is_active = forms.BooleanField(label=gettext_lazy("Active: ask for what is due, every hour"), required=False)

    class Meta:
        model = AuditSchedule
        fields = ["name", "months", "least_spend", "bands", "firm", "payer", "lead_days", "most_a_month", "is_active"]

    field_order = ["name", "programme_kind", "months", "bands", "least_spend"]

    def __init__(self, *args: Any, programmes: Sequence[Programme], firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = programme_kinds(programmes)
        self.fields["firm"].queryset = firms  # type: ignore[attr-defined]
        if self.instance.programme_code:
            standing = f"{self.instance.programme_code}:{self.instance.kind}"
            self.initial["programme_kind"] = standing
            if not any(standing == value for _title, kinds in choices for value, _word in kinds):
                choices.append((self.instance.programme_code, [(standing, self.instance.kind)]))  # withdrawn since
        self.fields["programme_kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take the programme and its kind apart."""
        values: dict[str, Any] = super().clean() or {}
        code, _colon, kind = values.get("programme_kind", "").rpartition(":")
        self.instance.programme_code, self.instance.kind = code, kind
        return values
