"""Input of authoring: a workbook."""

from typing import Final

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.files.services.contents import ALLOWED, check_content
from portal.lib.errors import DomainError

LARGEST: Final = 5_000_000
"""Two hundred questions in four languages are a tenth of it."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(forms.Form):
    """A questionnaire as a workbook; its content decides what it is, not its name."""

    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        help_text=gettext_lazy("The .xlsx as you saved it. If a cell is wrong you see which, and nothing is kept."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> "File[bytes]":
        """Refuse what is no workbook, is too large, or unpacks to more than anybody could have written."""
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            message = _("The workbook is larger than %(limit)d MB. Remove pictures and sheets that are not needed.")
            raise forms.ValidationError(message % {"limit": LARGEST // 1_000_000})
        try:
            kind = check_content(file, file.name or "")
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        if kind != XLSX:
            raise forms.ValidationError(_("This is no Excel workbook (.%(ending)s).") % {"ending": ALLOWED[XLSX][0]})
        file.seek(0)
        return file
