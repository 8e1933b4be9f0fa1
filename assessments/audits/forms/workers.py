"""The worker profile as a table: a row for each group, heads and interviews as numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.audits.enums import WorkerGroup
from assessments.audits.services.profiling import Heads

MOST_HEADS = 10_000_000
COLUMNS = ("women", "men", "interviewed")
LABELS = {"women": _("Women"), "men": _("Men"), "interviewed": _("Interviewed")}


@dataclass(frozen=True)
class GroupRow:
    """One row of the table: a group and its three fields."""

    group: str
    label: str
    cells: list[tuple[str, forms.BoundField]]
    total: int


class WorkersForm(forms.Form):
    """Heads by group; an empty field counts as nobody."""

    def __init__(self, *args: Any, standing: dict[str, Heads] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing or {}
        for group in WorkerGroup:
            heads = self.standing.get(group)
            for column in COLUMNS:
                self.fields[f"{group}-{column}"] = heads_field(
                    f"{group.label}, {LABELS[column]}", getattr(heads, column) if heads else None
                )

    def rows(self) -> Iterable[GroupRow]:
        """Yield the rows of the table in the order of the groups."""
        for group in WorkerGroup:
            heads = self.standing.get(group, Heads())
            cells = [(str(LABELS[column]), self[f"{group}-{column}"]) for column in COLUMNS]
            yield GroupRow(str(group), str(group.label), cells, heads.people)

    def heads(self) -> dict[str, Heads]:
        """Return what was entered, by group."""
        data = self.cleaned_data
        return {str(group): Heads(*(data[f"{group}-{column}"] or 0 for column in COLUMNS)) for group in WorkerGroup}


def heads_field(label: str, initial: int | None) -> forms.IntegerField:
    """Return one cell of the table."""
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        min_value=0,
        max_value=MOST_HEADS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "aria-label": label}),
    )
