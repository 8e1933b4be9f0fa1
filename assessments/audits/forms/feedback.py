"""Forms: what the site says about the draft, and the auditors' answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.audits.document import Programme
from assessments.audits.services.feedback import LONGEST
from portal.lib.texts import pick_text


class FeedbackForm(forms.Form):
    """A remark of the site on one checkpoint, or on all of the draft."""

    checkpoint = forms.ChoiceField(label=_("What it is about"), required=False)
    text = forms.CharField(
        label=_("What you want to say"),
        help_text=_("The auditors read it, answer it and change the draft where you are right."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = [(point.code, f"{point.code} {pick_text(point.title)[0]}") for point in programme.points]
        self.fields["checkpoint"].choices = [("", _("The draft as a whole")), *points]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The auditors' answer to one remark."""

    reply = forms.CharField(label=_("Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))
    incorporated = forms.TypedChoiceField(
        label=_("Was the draft changed?"),
        choices=[("yes", _("Yes, the draft was changed")), ("no", _("No, the draft stays as it is"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
