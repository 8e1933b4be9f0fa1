"""Many files at once: the year, and how many."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

YEARS_BACK = 5


class BatchForm(forms.Form):
    """For which year the files are entered."""

    year = forms.TypedChoiceField(
        label=_("Year"),
        coerce=int,
        help_text=_("The year the declarations count for. Open requests of that year are answered by them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today: date = timezone.localdate()
        years = [(year, str(year)) for year in range(today.year + 1, today.year - YEARS_BACK, -1)]
        field = self.fields["year"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 for the type checker
        field.choices = years
        field.initial = today.year
