"""Whom to invite, and what a member may do."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from suppliers.organisations.enums import Role

Choice = tuple[str, Any]


def role_choices(roles: Iterable[Role]) -> list[Choice]:
    """Return roles as choices, in the order of the enum."""
    wanted = set(roles)
    return [(role.value, role.label) for role in Role if role in wanted]


class InviteForm(forms.Form):
    """Whom to invite, as what, in which language."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class ScopeForm(forms.Form):
    """The regions and business units a buyer's member sees; none ticked means all."""

    regions = forms.MultipleChoiceField(
        label=_("Regions"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked means all.")
    )
    business_units = forms.MultipleChoiceField(
        label=_("Business units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked means all."),
    )

    def __init__(self, *args: Any, regions: list[str], business_units: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = [(value, value) for value in regions]  # type: ignore[attr-defined]
        self.fields["business_units"].choices = [(value, value) for value in business_units]  # type: ignore[attr-defined]


class DemandForm(forms.Form):
    """Whether everybody signs in with a second factor."""

    demanded = forms.BooleanField(label=_("Everybody signs in with a second factor"), required=False)
