"""Input of an answer: which blank is filled; and a blank itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from minerals.customers.models import BlankTemplate


class BlankField(forms.ModelChoiceField):  # type: ignore[type-arg] # no subscript at run time
    """A blank by its version and language."""

    def label_from_instance(self, obj: BlankTemplate) -> str:
        """Return what the list shows."""
        return ", ".join(filter(None, [str(obj), obj.language]))


class AnswerForm(forms.Form):
    """The blank to fill; the one that fits is chosen already."""

    blank = BlankField(queryset=BlankTemplate.objects.none(), label=gettext_lazy("Blank template"), empty_label=None)

    def __init__(self, *args: Any, blanks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["blank"].queryset = blanks  # type: ignore[attr-defined]


class BlankForm(forms.Form):
    """A blank template as it was downloaded."""

    file = forms.FileField(
        label=gettext_lazy("Blank template"),
        help_text=gettext_lazy(
            "The .xlsx as it was downloaded, not filled in: a CMRT from 6.01 on, an EMRT or an AMRT."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
