"""What people enter about themselves and about whom they hand an invitation on to."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User


class LanguageForm(forms.Form):
    """One of the languages of the interface."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ProfileForm(forms.Form):
    """Name and languages of a person."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    second_language = forms.ChoiceField(
        label=gettext_lazy("Second language"),
        required=False,
        choices=[("", gettext_lazy("None")), *settings.LANGUAGES],
        help_text=gettext_lazy("Questions are shown in it too, beside the first."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse the same language twice."""
        cleaned = super().clean() or {}
        if cleaned.get("language") == cleaned.get("second_language"):
            self.add_error("second_language", _("Choose a second language that differs from the first, or none."))
        return cleaned


class AcceptForm(forms.Form):
    """Who comes by an invitation, and how they will sign in."""

    name = forms.CharField(
        label=gettext_lazy("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        error_messages={"required": gettext_lazy("Choose a password, or tick the box below to sign in by code.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    by_code = forms.BooleanField(
        label=gettext_lazy("I want no password: send me a code by e-mail each time I sign in"), required=False
    )

    use_required_attribute = False  # the browser cannot know that the box below makes the password unnecessary

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].required = not self.data.get("by_code")
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        """Want a good password, unless the person signs in by code."""
        cleaned = super().clean() or {}
        if cleaned.get("by_code"):
            cleaned["password"] = None
        elif cleaned.get("password"):
            self.check_password(cleaned["password"], str(cleaned.get("name", "")))
        return cleaned

    def check_password(self, password: str, name: str) -> None:
        """Add what is wrong with a password."""
        try:
            validate_password(password, User(email=self.email, name=name))
        except ValidationError as error:
            self.add_error("password", error)


class HandOnForm(forms.Form):
    """The colleague who should have got the invitation."""

    name = forms.CharField(label=gettext_lazy("Your colleague's name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("Your colleague's e-mail address"))
