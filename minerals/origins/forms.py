"""A list of risky areas as somebody enters it: what it is, and its table pasted or as a file."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from minerals.origins.enums import ListKind

ENDINGS = (".xlsx", ".csv")
LONGEST_PASTE = 500_000


class RiskListForm(forms.Form):
    """What the list is, and its rows."""

    name = forms.CharField(label=_("Name of the list"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ListKind.choices,
        help_text=_("Of each kind the newest list counts. Another kind counts beside it."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("Who wrote the list, or who in your company decided on it. Shown wherever the list counts."),
    )
    as_of = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The list counts from this day on."),
        error_messages={"invalid": _("Enter a date such as 2026-11-14.")},
    )
    table = forms.CharField(
        label=_("Table"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "Copy the rows in your sheet and paste them here: country, region, grade, note. Only the country is needed."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("XLSX or CSV with the same columns."),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"empty": _("The file is empty. Save your list again and choose the new copy.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["as_of"].initial = timezone.localdate

    def clean_as_of(self) -> Any:
        """A list that is not true yet would count for nothing today."""
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Enter a day that is not in the future."))
        return day

    def clean_file(self) -> Any:
        """Refuse other kinds by their name; the content is checked when it is read."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if file and not str(file.name).lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose an .xlsx or .csv file. In Excel: Save as, Excel workbook."))
        return file

    def clean(self) -> dict[str, Any]:
        """One of the two ways to give the rows is enough, both would contradict each other."""
        given: dict[str, Any] = super().clean() or {}
        has_table, has_file = bool(given.get("table", "").strip()), bool(given.get("file"))
        if "file" not in self.errors and has_table == has_file:
            text = (
                _("Paste the table or choose a file, not both.")
                if has_table
                else _("Paste the table or choose a file.")
            )
            self.add_error("table", text)
        return given

    def content(self) -> bytes:
        """Return the rows as they were given."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["table"]).encode()
