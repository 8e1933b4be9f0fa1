"""The table of clocks of a buyer's own programme, row by row."""

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.audits.document import Programme
from assessments.findings.clocks import Clock
from assessments.findings.enums import Anchor
from portal.lib.texts import pick_text

MOST_DAYS = 3660
BLANK_ROWS = 3
MOST_ROWS = 40


def days_field(label: Any) -> forms.IntegerField:
    """Return a field for a span of days; empty: there is no such date."""
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_DAYS, required=False)


class ClockForm(forms.Form):
    """One row: for a severity and perhaps a topic, spans of days after an anchor. Without a severity it is no row."""

    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    anchor = forms.ChoiceField(label=gettext_lazy("Counted from"), choices=Anchor.choices)
    plan = days_field(gettext_lazy("Days to the plan"))
    approval = days_field(gettext_lazy("Days to its approval"))
    done = days_field(gettext_lazy("Days until done"))

    def __init__(self, *args: Any, base: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [(str(grade.severity), pick_text(grade.title)[0]) for grade in base.grades]
        topics = [(topic.code, pick_text(topic.title)[0]) for topic in base.topics]
        self.fields["severity"].choices = [("", _("No row")), *grades]  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", _("Every topic")), *topics]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs |= {"class": "control", "aria-label": str(field.label)}

    def clean(self) -> dict[str, Any]:
        """Days do not run backwards."""
        super().clean()
        last = 0
        for name in ("plan", "approval", "done"):
            days = self.cleaned_data.get(name)
            if days is not None and days < last:
                self.add_error(name, _("Not before the date to its left: %(days)s days or more.") % {"days": last})
            last = max(last, days or 0)
        return self.cleaned_data

    def build(self) -> Clock:
        """Return the row entered; read it after is_valid()."""
        given = self.cleaned_data
        return Clock(
            severity=given["severity"],
            anchor=Anchor(given["anchor"]),
            topic=given["topic"] or None,
            plan=given["plan"],
            approval=given["approval"],
            done=given["done"],
        )


class BaseClockFormSet(forms.BaseFormSet):  # type: ignore[type-arg] # no subscript at run time
    """The table: every severity has a row for every topic, and no pair stands twice."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, base: Programme) -> None:
        self.base = base
        rows = [{**msgspec.structs.asdict(clock), "topic": clock.topic or ""} for clock in base.clocks]
        super().__init__(data, initial=rows, prefix="clock", form_kwargs={"base": base})

    @property
    def rows(self) -> list[Any]:
        """The rows that name a severity; read it after the forms were cleaned."""
        return [form for form in self.forms if form.cleaned_data.get("severity")]

    def clean(self) -> None:
        """Refuse twins and severities without a row, once every row is clear by itself."""
        if any(form.errors for form in self.forms):
            return
        seen: set[tuple[str, str]] = set()
        for form in self.rows:
            pair = (form.cleaned_data["severity"], form.cleaned_data["topic"])
            if pair in seen:
                message = _("This severity and topic have a row already. Choose “No row” in one of the two.")
                form.add_error("severity", message)
            seen.add(pair)
        bare = [grade for grade in self.base.grades if (str(grade.severity), "") not in seen]
        if bare:
            names = ", ".join(pick_text(grade.title)[0] for grade in bare)
            message = _("%(grades)s: add a row for every topic. Leave its days empty where nothing is due.")
            raise forms.ValidationError(message % {"grades": names})

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every error with the id of its field, for the list above the form."""
        found = [{"id": "clocks", "text": str(error)} for error in self.non_form_errors()]
        for number, form in enumerate(self.forms, start=1):
            for name, errors in form.errors.items():
                place = _("Row %(number)s, %(field)s") % {"number": number, "field": form.fields[name].label}
                found += [{"id": form[name].id_for_label, "text": f"{place}: {error}"} for error in errors]
        return found

    def build(self) -> tuple[Clock, ...]:
        """Return the rows entered; read it after is_valid()."""
        return tuple(form.build() for form in self.rows)


ClockFormSet = cast(
    type[BaseClockFormSet],
    forms.formset_factory(
        ClockForm, formset=BaseClockFormSet, extra=BLANK_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    ),
)
