"""Input for handing in and reviewing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minerals.declarations.queries.reading import Line
from minerals.declarations.queries.returning import Letter

ACCEPTED = ".xlsx,.xls"


class UploadForm(forms.Form):
    """The filled template."""

    file = forms.FileField(
        label=_("The filled template"),
        help_text=_(".xlsx or .xls, up to 10 MB, in any version and language of the template."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class EnterForm(UploadForm):
    """A file a supplier sent by other means, and the year it is for."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=2011,
        max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    field_order = ("file", "year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": timezone.localdate().year})
        super().__init__(*args, **kwargs)


class ReturnForm(forms.Form):
    """The mail of a return, and what goes along with it."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text of the mail"), max_length=6000, widget=forms.Textarea(attrs={"rows": 11}))
    points = forms.MultipleChoiceField(
        label=_("Points that go along"),
        help_text=_("They follow the text as a numbered list, in the language of the supplier."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, letter: Letter, lines: Sequence[Line], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"subject": letter.subject, "body": letter.body})
        kwargs["initial"].setdefault("points", [line.key for line in lines if line.is_worth])
        super().__init__(*args, **kwargs)
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = letter.language
        choices = [(line.key, f"{line.place}: {line.text}" if line.place else line.text) for line in lines]
        self.fields["points"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["points"]


class CancelForm(forms.Form):
    """Why a request is called off."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The supplier reads it."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AcceptForm(forms.Form):
    """Whether a declaration is accepted although a later one stands."""

    despite_later = forms.BooleanField(
        label=_("Accept it although a declaration with a later effective date is accepted"), required=False
    )
