"""The table somebody uploads, and how its columns and words are matched with ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.audits.reports.template import column_label
from assessments.audits.workbook.columns import READ_COLUMNS, REQUIRED
from assessments.audits.workbook.reading import SKIP

ENDINGS = (".xlsx", ".csv")
LAST_ROW = 1_048_576  # of a sheet of Excel


class TableForm(forms.Form):
    """An XLSX or CSV with conclusions."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("XLSX or CSV, up to 20 MB and 2,000 rows: our template or your own sheet."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": gettext_lazy("The file is empty. Save your table again and choose the new copy.")},
    )

    def clean_file(self) -> Any:
        """Refuse other kinds by their name; the content is checked when it is stored."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if not str(file.name).lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose an .xlsx or .csv file. In Excel: Save as, Excel workbook (.xlsx)."))
        return file


class PlaceForm(forms.Form):
    """The sheet and the row in which the headers stand."""

    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header_row = forms.IntegerField(
        label=gettext_lazy("Row of the headers"),
        min_value=1,
        max_value=LAST_ROW,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        if len(sheets) == 1:
            self.fields["sheet"].widget = forms.HiddenInput()
            self.fields["sheet"].required = False


class MatchForm(forms.Form):
    """For each of our columns one of theirs, and for each of their words one of our conclusions."""

    words_of = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        headers: Sequence[str],
        words: Sequence[str],
        conclusions: Mapping[str, str],
        has_topics: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = list(words)
        offered = [(header, header) for header in headers if header]
        for column in READ_COLUMNS:
            if column == "topic" and not has_topics:
                continue
            needed = column in REQUIRED
            first = _("Choose a column") if needed else _("Not in this sheet")
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=column_label(column), choices=[("", first), *offered], required=needed
            )
        means = [("", _("Choose")), *conclusions.items(), (SKIP, _("Pass over these rows"))]
        for number, word in enumerate(words):
            self.fields[f"word_{number}"] = forms.ChoiceField(label=word, choices=means)

    def clean(self) -> dict[str, Any]:
        """Refuse one column of theirs for two of ours."""
        chosen: dict[str, str] = {}
        for column, header in self.columns().items():
            if header in chosen:
                message = _("“%(header)s” is chosen already for “%(column)s”. Choose another column.")
                params = {"header": header, "column": column_label(chosen[header])}
                self.add_error(f"column_{column}", message % params)
            chosen.setdefault(header, column)
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        """Return {our column: their header}."""
        found = {name.removeprefix("column_"): value for name, value in self.cleaned_data.items()}
        return {column: found[column] for column in READ_COLUMNS if found.get(column)}

    def meanings(self) -> dict[str, str]:
        """Return {their word: our conclusion}."""
        return {word: self.cleaned_data[f"word_{number}"] for number, word in enumerate(self.words)}

    def column_fields(self) -> list[forms.BoundField]:
        """Return the fields of the columns."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def word_fields(self) -> list[forms.BoundField]:
        """Return the fields of the words."""
        return [self[name] for name in self.fields if name.startswith("word_")]
