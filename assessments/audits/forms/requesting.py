"""Input of the life of an audit: who, when, why; an answer, a team, a declaration."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from assessments.audits.document import Programme
from assessments.audits.enums import Payer
from assessments.audits.models import AuditAssignment
from portal.accounts.models import User
from portal.lib.texts import pick_text
from suppliers.organisations.forms.sites import DayInput, OrganisationForm
from suppliers.organisations.models import Organisation

LONGEST = 4000
NO, YES = "no", "yes"


def text_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a field for a few sentences."""
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, widget=area, max_length=LONGEST, required=required, help_text=help_text)


class ReasonForm(forms.Form):
    """A reason that the other side reads."""

    reason = text_field(gettext_lazy("Reason"), help_text=gettext_lazy("The other side reads it."))


class AnswerForm(forms.Form):
    """Yes, or no with a reason; the two buttons say which."""

    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")], widget=forms.HiddenInput, required=False)
    reason = text_field(gettext_lazy("Reason, if you decline"), required=False)


class DaysForm(forms.Form):
    """The days on site."""

    starts_on = forms.DateField(label=gettext_lazy("First day on site"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day on site"), widget=DayInput())


class FirmField(forms.ModelChoiceField):  # type: ignore[type-arg] # no subscript at run time
    """An audit firm by its name and country."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return what the list shows."""
        return f"{obj.name}, {obj.country.name}"


class FirmForm(forms.Form):
    """One of the firms that work for the buyer."""

    firm = FirmField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("Audit firm"),
        empty_label=gettext_lazy("Choose a firm"),
    )

    def __init__(self, *args: Any, firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = firms  # type: ignore[attr-defined]


class TeamForm(forms.Form):
    """Who of the firm goes, and who leads."""

    auditors = forms.MultipleChoiceField(label=gettext_lazy("Auditors"), widget=forms.CheckboxSelectMultiple)
    lead = forms.ChoiceField(label=gettext_lazy("Lead auditor"))

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in people}
        choices = [(pk, str(user)) for pk, user in self.people.items()]
        self.fields["auditors"].choices = choices  # type: ignore[attr-defined]
        self.fields["lead"].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def values_of(team: Sequence[AuditAssignment]) -> dict[str, Any]:
        """Return what the form shows of a team that stands."""
        lead = next((str(row.user_id) for row in team if row.is_lead), None)
        return {"auditors": [str(row.user_id) for row in team], "lead": lead}

    @property
    def chosen(self) -> dict[str, Any]:
        """The people chosen, as the service takes them."""
        users = [self.people[pk] for pk in self.cleaned_data["auditors"]]
        return {"users": users, "lead": self.people[self.cleaned_data["lead"]]}


class DeclareForm(forms.Form):
    """An auditor's own word on conflicts of interest."""

    has_conflict = forms.ChoiceField(
        label=gettext_lazy("Have you worked for this site or its owners, or do you depend on them in any other way?"),
        choices=[(NO, gettext_lazy("No, I have no conflict of interest")), (YES, gettext_lazy("Yes, I have"))],
        widget=forms.RadioSelect,
    )
    statement = text_field(
        gettext_lazy("What it is"),
        required=False,
        help_text=gettext_lazy("With a conflict you are off this audit. The firm's manager reads this."),
    )


class ConflictForm(forms.Form):
    """A conflict of interest that came up after the declaration."""

    statement = text_field(
        gettext_lazy("What the conflict of interest is"),
        help_text=gettext_lazy("You are off the audit at once. The firm's manager reads this."),
    )


class NameForm(forms.Form):
    """A typed name that stands for a signature."""

    name = forms.CharField(
        label=gettext_lazy("Your full name"),
        max_length=150,
        help_text=gettext_lazy("You confirm that you have seen the findings, not that you agree with each."),
    )


class UnsignedForm(forms.Form):
    """Why a site did not acknowledge what was found."""

    reason = text_field(
        gettext_lazy("Why the site did not sign"),
        help_text=gettext_lazy("Say who was asked, when, and what they answered. The site and the buyer read it."),
    )


class ClosureForm(forms.Form):
    """The audit that checks what was done about the findings of an earlier one."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    preferred_on = forms.DateField(label=gettext_lazy("Preferred date"), widget=DayInput(), required=False)
    reason = text_field(gettext_lazy("Why this audit"), required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices(programme, follows=True)  # type: ignore[attr-defined]


def kind_choices(programme: Programme, *, follows: bool) -> list[tuple[str, str]]:
    """Return the kinds of a programme that check an earlier audit, or those that do not."""
    return [(kind.code, pick_text(kind.title)[0]) for kind in programme.kinds if kind.follows is follows]


def programme_kinds(programmes: Sequence[Programme]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds of first audits as "programme:kind", grouped by programme."""
    return [
        (pick_text(programme.title)[0], [(f"{programme.code}:{code}", title) for code, title in kinds])
        for programme in programmes
        if (kinds := kind_choices(programme, follows=False))
    ]


class RequestForm(forms.Form):
    """A new audit of one site: under which programme, by whom, why, when, at whose cost."""

    programme_kind = forms.ChoiceField(label=gettext_lazy("Programme and kind"))
    preferred_on = forms.DateField(label=gettext_lazy("Preferred date"), widget=DayInput(), required=False)
    firm = FirmField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("Audit firm"),
        required=False,
        empty_label=gettext_lazy("To be chosen later"),
    )
    payer = forms.ChoiceField(label=gettext_lazy("Who pays"), choices=Payer.choices)
    scope = text_field(
        gettext_lazy("Scope"),
        required=False,
        help_text=gettext_lazy("Buildings, shifts, dormitories, contractors. Leave it empty for the whole site."),
    )
    reason = text_field(gettext_lazy("Why this audit"), required=False)

    def __init__(self, *args: Any, programmes: Sequence[Programme], firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme_kind"].choices = programme_kinds(programmes)  # type: ignore[attr-defined]
        if firms is None:  # a site asks: the buyer chooses the firm
            del self.fields["firm"]
        else:
            self.fields["firm"].queryset = firms  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """The input as the service takes it."""
        values = dict(self.cleaned_data)
        code, _colon, kind = values.pop("programme_kind").rpartition(":")
        return {"programme_code": code, "kind": kind, **values}


class EngageForm(OrganisationForm):
    """A new audit firm and its first manager."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail of its manager"),
        help_text=gettext_lazy("They get a link, assign the auditors and invite colleagues."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES)
