"""A list of smelters that somebody uploads."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minerals.smelters.services.reading import METALS
from minerals.templates_io.queries import MINERALS

ENDINGS = (".xlsx", ".csv", ".xml")


class ListForm(forms.Form):
    """The file, what it is called, as of which day it holds, and whether it is complete."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("XLSX, CSV or the XML of an export page, up to 20 MB. Each row has a metal, a CID and a name."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"empty": _("The file is empty. Save your list again and choose the new copy.")},
    )
    name = forms.CharField(
        label=_("Name of the list"),
        max_length=120,
        required=False,
        help_text=_("Shown as the source of every status. Empty: the name of the file."),
    )
    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The day on which the list was true."),
        error_messages={"invalid": _("Enter a date such as 2026-11-14.")},
    )
    metal = forms.ChoiceField(
        label=_("Metal"),
        required=False,
        help_text=_("Only for a list without a column for the metal."),
        choices=[("", _("As the list says")), *((metal, MINERALS[metal.casefold()]) for metal in METALS)],
    )
    complete = forms.BooleanField(
        label=_("The list is complete for its metals"),
        required=False,
        help_text=_("Smelters of these metals that are not on the list count as removed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_of"].initial = timezone.localdate

    def clean_file(self) -> Any:
        """Refuse other kinds by their name; the content is checked when it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose an .xlsx, .csv or .xml file. In Excel: Save as, Excel workbook."))
        return file

    def clean_as_of(self) -> Any:
        """A list cannot be true on a day to come."""
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Enter a day that is not in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        """Name the list after its file where nobody named it."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("name") and given.get("file"):
            given["name"] = PurePath(str(given["file"].name)).stem[:120]
        return given
