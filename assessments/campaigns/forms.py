"""Input of the four steps and of an invitation, turned into clean values."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from assessments.campaigns.enums import DEFAULT_REMINDER_DAYS, CampaignKind, OwnSites
from assessments.campaigns.models import Campaign
from assessments.campaigns.selection import Selection, split_codes
from assessments.campaigns.services.previewing import language_name
from assessments.questionnaires.models import QuestionnaireVersion
from assessments.questionnaires.queries import document_of, sendable_versions
from minerals.declarations.document.asking import AMRT_MINERALS, EMRT_MINERALS
from minerals.templates_io.enums import Template
from minerals.templates_io.queries import MINERALS
from portal.lib.errors import DomainError
from portal.lib.formats import figure
from portal.lib.texts import in_language
from suppliers.organisations.enums import Sector
from suppliers.organisations.models import Organisation

DEFAULT_DAYS = 45
MOST_WORKERS = 10_000_000
COMMON = ("name", "year", "due_on", "languages")
NUMBERS = re.compile(r"\d+")


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg] # no subscript at run time
    """A questionnaire by its title in the reader's language and its version."""

    def label_from_instance(self, obj: QuestionnaireVersion) -> str:
        """Return what the list shows."""
        return _("%(title)s, version %(version)s") % {"title": in_language(obj.title), "version": obj.version}


class DateInput(forms.DateInput):
    """The browser's own date field; it takes and gives ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BasicsForm(forms.Form):
    """Step 1: what every campaign has. `asked` names the fields that say what is asked for."""

    asked: tuple[str, ...] = ()
    is_ready = True
    name = forms.CharField(
        label=gettext_lazy("Name of the campaign"),
        max_length=200,
        help_text=gettext_lazy("Suppliers read it in every mail and above what they fill in."),
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        min_value=2000,
        max_value=2100,
        help_text=gettext_lazy("The year the answers are about. Years are compared with each other."),
    )
    due_on = forms.DateField(label=gettext_lazy("Due date"), widget=DateInput())
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Mails go out in the reader's language if it is ticked here, else in English."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, languages: Sequence[str], initial: Mapping[str, Any]
    ) -> None:
        today = timezone.localdate()
        first = {"year": today.year, "due_on": today + timedelta(days=DEFAULT_DAYS), "languages": languages}
        super().__init__(data, initial={**first, **initial})
        self.fields["languages"].choices = [(code, language_name(code)) for code in languages]  # type: ignore[attr-defined]

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        """The fields that say what is asked for."""
        return [self[name] for name in self.asked]

    @property
    def values(self) -> dict[str, Any]:
        """What the service is told; read it after is_valid()."""
        return self.cleaned_data

    def add_refusal(self, error: DomainError) -> None:
        """Put the sentence of a service beside its field."""
        self.add_error(error.code if error.code in self.fields else None, error.message)


class QuestionnaireForm(BasicsForm):
    """Step 1 of asking for a questionnaire."""

    asked = ("version",)
    version = VersionField(
        queryset=QuestionnaireVersion.objects.none(), label=gettext_lazy("Questionnaire"), empty_label=None
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, buyer: Organisation, initial: Mapping[str, Any] | None = None
    ) -> None:
        versions = list(sendable_versions(buyer))
        spoken = list(dict.fromkeys(code for version in versions for code in document_of(version).languages))
        super().__init__(data, languages=spoken, initial=initial or {})
        self.fields["version"].queryset = sendable_versions(buyer)  # type: ignore[attr-defined]
        self.is_ready = bool(versions)

    @staticmethod
    def values_of(campaign: Campaign) -> dict[str, Any]:
        """Return what a draft holds."""
        return {name: getattr(campaign, name) for name in ("version", *COMMON)}


class DeclarationForm(BasicsForm):
    """Step 1 of asking for declarations of minerals."""

    asked = ("template", "emrt_minerals", "amrt_minerals")
    template = forms.ChoiceField(
        label=gettext_lazy("Template"),
        choices=[
            (Template.CMRT, gettext_lazy("CMRT: tantalum, tin, gold and tungsten")),
            (Template.EMRT, gettext_lazy("EMRT: cobalt, mica and others")),
            (Template.AMRT, gettext_lazy("AMRT: minerals beyond these two")),
        ],
        initial=Template.CMRT,
        widget=forms.RadioSelect,
    )
    emrt_minerals = forms.MultipleChoiceField(
        label=gettext_lazy("Minerals of an EMRT"),
        required=False,
        choices=[(name, MINERALS[name.casefold()]) for name in EMRT_MINERALS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Used where an EMRT is asked for. Tick none to leave the choice to the supplier."),
    )
    amrt_minerals = forms.MultipleChoiceField(
        label=gettext_lazy("Minerals of an AMRT"),
        required=False,
        choices=[(name, MINERALS[name.casefold()]) for name in AMRT_MINERALS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Used where an AMRT is asked for. Tick none to leave the choice to the supplier."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, buyer: Organisation, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, languages=[code for code, _name in settings.LANGUAGES], initial=initial or {})

    @staticmethod
    def values_of(campaign: Campaign) -> dict[str, Any]:
        """Return what a draft holds."""
        own = {name: getattr(campaign, name) for name in ("template", *COMMON)}
        return {**own, "emrt_minerals": campaign.minerals, "amrt_minerals": campaign.minerals}

    @property
    def values(self) -> dict[str, Any]:
        """What the service is told: the minerals of the template that was chosen."""
        data = {name: self.cleaned_data[name] for name in ("template", *COMMON)}
        return {**data, "minerals": self.cleaned_data.get(f"{data['template'].lower()}_minerals", [])}


BASICS: dict[str, type[QuestionnaireForm] | type[DeclarationForm]] = {
    CampaignKind.QUESTIONNAIRE: QuestionnaireForm,
    CampaignKind.DECLARATION: DeclarationForm,
}


class SitesForm(forms.Form):
    """Step 2. Every filter left empty takes all."""

    own_sites = forms.ChoiceField(
        label=gettext_lazy("Whose sites"), choices=OwnSites.choices, widget=forms.RadioSelect, initial=OwnSites.WITHOUT
    )
    business_units = forms.MultipleChoiceField(label=gettext_lazy("Business unit"), required=False)
    regions = forms.MultipleChoiceField(label=gettext_lazy("Region"), required=False)
    countries = forms.MultipleChoiceField(label=gettext_lazy("Country"), required=False)
    categories = forms.MultipleChoiceField(label=gettext_lazy("Category"), required=False)
    tiers = forms.TypedMultipleChoiceField(label=gettext_lazy("Tier"), required=False, coerce=int)
    sectors = forms.MultipleChoiceField(label=gettext_lazy("Sector"), required=False)
    workers_from = forms.IntegerField(
        label=gettext_lazy("Workers at the site, from"),
        required=False,
        min_value=0,
        max_value=MOST_WORKERS,
        help_text=gettext_lazy("A site without a number of workers is asked only if both limits are left empty."),
    )
    workers_to = forms.IntegerField(
        label=gettext_lazy("Workers at the site, to"),
        required=False,
        min_value=0,
        max_value=MOST_WORKERS,
    )
    vendor_codes = forms.CharField(
        label=gettext_lazy("Vendor codes"),
        required=False,
        max_length=600_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Paste a column from a workbook, one code a line. With codes here exactly these suppliers are asked "
            "and the filters are not used."
        ),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        choices: Mapping[str, Sequence[Any]],
        meant_up_to: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        if meant_up_to is not None:
            hint = _("The questionnaire you chose is meant for sites of up to %(count)s people.")
            self.fields["workers_to"].help_text = hint % {"count": figure(meant_up_to)}
        plain = {"business_units": "business_unit", "regions": "region", "categories": "category", "tiers": "tier"}
        for field, name in plain.items():
            self.offer(field, [(value, str(value)) for value in choices[name]])
        names = [(code, str(countries.name(code)) or code) for code in choices["country"]]
        self.offer("countries", sorted(names, key=lambda pair: pair[1]))
        self.offer("sectors", [(value, str(Sector(value).label)) for value in choices["sector"]])

    def offer(self, field: str, choices: list[tuple[Any, str]]) -> None:
        """Give a filter its boxes; what a draft chose earlier and is gone now can be unticked."""
        chosen = self.initial.get(field) or []
        known = {value for value, _label in choices}
        gone = [(value, str(value)) for value in chosen if value not in known]
        self.fields[field].widget = forms.CheckboxSelectMultiple()
        self.fields[field].choices = [*choices, *gone]  # type: ignore[attr-defined]

    @staticmethod
    def values_of(selection: Selection) -> dict[str, Any]:
        """Return what a draft holds."""
        return {**selection.to_data(), "vendor_codes": "\n".join(selection.vendor_codes)}

    @property
    def filters(self) -> list[forms.BoundField]:
        """The filters that have anything to choose from."""
        names = ("business_units", "regions", "countries", "categories", "tiers", "sectors")
        return [self[name] for name in names if self.fields[name].choices]  # type: ignore[attr-defined]

    @property
    def sizes(self) -> list[forms.BoundField]:
        """The two limits of the number of workers."""
        return [self["workers_from"], self["workers_to"]]

    @property
    def shows_sizes(self) -> bool:
        """Whether the limits stand open: something is in them, or the questionnaire is meant for small sites."""
        return bool(self.fields["workers_to"].help_text) or any(
            field.errors or field.value() not in (None, "") for field in self.sizes
        )

    def clean_workers_to(self) -> int | None:
        """The upper limit, which cannot be below the lower one."""
        low, high = self.cleaned_data.get("workers_from"), self.cleaned_data["workers_to"]
        if low is not None and high is not None and high < low:
            raise forms.ValidationError(_("The upper limit must not be below the lower one."))
        return high  # type: ignore[no-any-return] # an IntegerField gives int or None

    @property
    def selection(self) -> Selection:
        """The selection entered; read it after is_valid()."""
        codes = split_codes(self.cleaned_data["vendor_codes"])
        return Selection.from_data({**self.cleaned_data, "vendor_codes": codes})


class MessageForm(forms.Form):
    """Step 3: one text per language, the ladder as days before and after."""

    before = forms.CharField(
        label=gettext_lazy("Remind this many days before the due date"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example: 14, 3. Leave it empty for none."),
    )
    after = forms.CharField(
        label=gettext_lazy("Remind this many days after the due date"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example: 1, 7. Only those who have not submitted are reminded."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.languages = list(languages)
        for code in self.languages:
            self.fields[f"message_{code}"] = forms.CharField(
                label=_("Message in %(language)s") % {"language": language_name(code)},
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 5, "lang": code}),
            )

    @staticmethod
    def values_of(campaign: Campaign) -> dict[str, Any]:
        """Return what a draft holds."""
        days = campaign.reminder_days
        texts = {f"message_{code}": text for code, text in campaign.message.items()}
        before = ", ".join(str(-day) for day in days if day < 0)
        return {"before": before, "after": ", ".join(str(day) for day in days if day >= 0), **texts}

    def clean_before(self) -> list[int]:
        """Days before the due date, as negative numbers."""
        return [-day for day in read_days(self.cleaned_data["before"]) if day]

    def clean_after(self) -> list[int]:
        """Days after the due date."""
        return read_days(self.cleaned_data["after"])

    @property
    def reminder_days(self) -> list[int]:
        """The ladder entered."""
        return [*self.cleaned_data["before"], *self.cleaned_data["after"]]

    @property
    def message(self) -> dict[str, str]:
        """The texts entered, by language."""
        return {code: self.cleaned_data[f"message_{code}"] for code in self.languages}

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of the texts, in the order of the languages."""
        return [self[f"message_{code}"] for code in self.languages]


def read_days(entered: str) -> list[int]:
    """Return the days of "14, 3"; raises a sentence for anything that is no day."""
    parts = [part for part in re.split(r"[\s,;、，]+", entered) if part]
    if any(not NUMBERS.fullmatch(part) for part in parts):
        example = ", ".join(str(abs(day)) for day in DEFAULT_REMINDER_DAYS[:2])
        raise forms.ValidationError(_("Enter whole numbers with commas between, for example: %s.") % example)
    return [int(part) for part in parts]


class ContactForm(forms.Form):
    """Whom else to ask."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES)
