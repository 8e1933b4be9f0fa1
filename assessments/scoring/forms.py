"""Input for a review."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReturnForm(forms.Form):
    """What the buyer says about questions when the answers go back: one field per question."""

    def __init__(self, *args: object, codes: list[str], **kwargs: object) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)  # type: ignore[misc,arg-type]
        for code in codes:
            self.fields[f"c-{code}"] = forms.CharField(required=False, max_length=2000, label=code)

    def clean(self) -> dict[str, str]:
        """Return {code: text}; at least one question needs a comment, else nobody knows what to mend."""
        texts = {name.removeprefix("c-"): text.strip() for name, text in self.cleaned_data.items() if text.strip()}
        if not texts and not self.errors:
            raise forms.ValidationError(_("Write at least one comment, so that the site knows what to mend."))
        return texts
