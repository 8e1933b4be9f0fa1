"""Input for groups of products and for the company's own answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minerals.declarations.document.asking import DISCLOSURES, FORMATS, LETTERS, WHEN_VALIDATED, is_per_mineral
from minerals.declarations.queries.wording import HINTS, LABELS, POLICIES, WEBSITE, option_label
from minerals.rollup.models import CompanyProfile, ProductGroup
from minerals.templates_io.document import Company
from minerals.templates_io.enums import Template
from minerals.templates_io.queries import mineral_name
from suppliers.organisations.models import Organisation, Relationship

LONGEST_COMMENT = 255
YES_NO = ("Yes", "No")
EMRT_MINERALS = ("Cobalt", "Copper", "Graphite", "Lithium", "Mica", "Nickel")
ANSWERED_TEMPLATES = (Template.CMRT, Template.EMRT)


class GroupForm(forms.Form):
    """The name and code of a group; both stand in the declaration for it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Your own product number or code. Customers read it in the list of products."),
    )

    def __init__(self, *args: Any, group: ProductGroup | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if group:
            self.initial = {"name": group.name, "code": group.code}


class ItemForm(forms.Form):
    """One supplier, and one of its product numbers or all of them."""

    vendor_code = forms.CharField(label=gettext_lazy("Vendor code"), max_length=40)
    number = forms.CharField(
        label=gettext_lazy("Product number"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("The supplier's number. Leave it empty for everything this supplier delivers."),
    )

    def __init__(self, *args: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner = owner

    def clean_vendor_code(self) -> str:
        """Find the supplier."""
        code: str = self.cleaned_data["vendor_code"]
        self.relationship = Relationship.objects.filter(buyer=self.owner, vendor_code=code).first()
        if self.relationship is None:
            raise forms.ValidationError(_("No supplier has this vendor code."))
        return code


class ItemFileForm(forms.Form):
    """A table of items."""

    file = forms.FileField(
        label=gettext_lazy("Table (XLSX or CSV)"),
        help_text=gettext_lazy("Columns: Vendor code, Product number. It replaces all items of this group."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@dataclass(frozen=True)
class Section:
    """A part of the form on the company's own answers: a head and lines of fields that belong together."""

    title: str
    lines: list[list[forms.BoundField]]


class ProfileForm(forms.Form):
    """The company block and the answers A to H of every template that has them. Field names are paths with dots."""

    def __init__(self, *args: Any, profile: CompanyProfile | None, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = {"name": owner.name, **(profile.company if profile else {})}
        self.answers: Mapping[str, Any] = profile.answers if profile else {}
        for name in Company.__struct_fields__:
            self.fields[f"company.{name}"] = company_field(name, company.get(name, ""))
        for template in ANSWERED_TEMPLATES:
            for letter in LETTERS[template]:
                self.add_answer(template, letter, self.answers.get(template, {}).get(letter, {}))

    def add_answer(self, template: str, letter: str, given: Mapping[str, Any]) -> None:
        """Add the fields of one question about the company."""
        label = f"{letter}. {POLICIES[letter]}"
        options = options_of(template, letter)
        if is_per_mineral(template, letter):
            for mineral in EMRT_MINERALS:
                said = given.get("minerals", {}).get(mineral, {}).get("value", "")
                name = f"{template}.{letter}.{mineral}"
                self.fields[name] = choice_field(f"{label} {mineral_name(mineral)}", options, said)
        else:
            self.fields[f"{template}.{letter}"] = choice_field(label, options, given.get("answer", ""))
        self.fields[f"{template}.{letter}.comment"] = forms.CharField(
            label=WEBSITE if letter == "B" else _("Comment on %(letter)s") % {"letter": letter},
            max_length=LONGEST_COMMENT,
            required=False,
            initial=given.get("comment", ""),
        )

    def sections(self) -> Iterator[Section]:
        """Return the fields as the page shows them."""
        yield Section(_("The company"), [[self[f"company.{name}"]] for name in Company.__struct_fields__])
        for template in ANSWERED_TEMPLATES:
            lines = [
                [self[name] for name in self.fields if name.startswith(f"{template}.{letter}")]
                for letter in LETTERS[template]
            ]
            yield Section(_("Answers in the %(template)s") % {"template": template}, lines)

    def company(self) -> dict[str, str]:
        """Return the company block entered; read it after is_valid()."""
        return {name: self.cleaned_data[f"company.{name}"] for name in Company.__struct_fields__}

    def given_answers(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the answers entered as {template: {letter: answer}}; read it after is_valid()."""
        return {
            template.value: {letter: self.given_answer(template, letter) for letter in LETTERS[template]}
            for template in ANSWERED_TEMPLATES
        }

    def given_answer(self, template: str, letter: str) -> dict[str, Any]:
        """Return one answer as a CompanyAnswer in plain data."""
        comment = self.cleaned_data[f"{template}.{letter}.comment"]
        if not is_per_mineral(template, letter):
            return {"answer": self.cleaned_data[f"{template}.{letter}"], "comment": comment}
        said = {mineral: self.cleaned_data[f"{template}.{letter}.{mineral}"] for mineral in EMRT_MINERALS}
        return {"comment": comment, "minerals": {mineral: {"value": value} for mineral, value in said.items() if value}}


def company_field(name: str, initial: str) -> forms.CharField:
    """Return one field of the company block."""
    kind = forms.EmailField if name.endswith("_email") else forms.CharField
    path = f"company.{name}"
    return kind(
        label=LABELS[path], help_text=HINTS.get(path, ""), initial=initial, required=name == "name", max_length=250
    )


def options_of(template: str, letter: str) -> tuple[str, ...]:
    """Return the options of a question about the company as the template writes them."""
    if is_per_mineral(template, letter):
        return WHEN_VALIDATED
    special = {"E": FORMATS[Template(template)], "H": DISCLOSURES}
    return special.get(letter, YES_NO)


def choice_field(label: str, options: tuple[str, ...], initial: str) -> forms.ChoiceField:
    """Return a choice of the options, in the reader's language; it may stay open."""
    choices = [("", _("Not answered yet")), *((option, option_label(option)) for option in options)]
    return forms.ChoiceField(label=label, choices=choices, initial=initial, required=False)
