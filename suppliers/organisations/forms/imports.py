"""The table somebody uploads."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile

ENDINGS = (".xlsx", ".csv")
KINDS = frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"})


class ImportForm(forms.Form):
    """An XLSX or CSV with suppliers and sites."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("XLSX or CSV, up to 20 MB and 30,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("The file is empty. Save your table again and choose the new copy.")},
    )

    def clean_file(self) -> Any:
        """Refuse other kinds by their name; the content is checked when it is stored."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose an .xlsx or .csv file. In Excel: Save as, Excel workbook (.xlsx)."))
        return file


def is_table(stored: StoredFile) -> bool:
    """Whether a stored file is of a kind that can be imported."""
    return stored.content_type in KINDS
