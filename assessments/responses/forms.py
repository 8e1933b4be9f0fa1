"""Input to clean values: a posted section, the attestation, a reason."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.questionnaires.document import Question, Section
from assessments.questionnaires.enums import Kind
from assessments.responses.services import Given


class AttestForm(forms.Form):
    """Who stands behind the answers."""

    attested_name = forms.CharField(
        label=_("Name of the person who confirms the answers"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    is_true = forms.BooleanField(
        label=_("I confirm that the answers are true and complete to the best of my knowledge.")
    )


class DeclineForm(forms.Form):
    """Why a request is declined."""

    reason = forms.CharField(
        label=_("Why do you decline?"),
        help_text=_("Your buyer will read this. The answers you have given stay."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WorkbookForm(forms.Form):
    """A filled-in workbook."""

    file = forms.FileField(label=_("Excel file"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))


def read_section(section: Section, posted: QueryDict) -> list[Given]:
    """Return what a posted section page holds; questions that were not on the page are left out."""
    return [read_question(question, posted) for question in section.questions if f"v-{question.code}" in posted]


def read_question(question: Question, posted: QueryDict) -> Given:
    """Return what was entered for one question."""
    code = question.code
    base = posted.get(f"v-{code}", "")
    return Given(
        code=code,
        value=read_value(question, posted),
        not_applicable=f"na-{code}" in posted,
        reason=posted.get(f"nareason-{code}", ""),
        comment=posted.get(f"comment-{code}"),
        base_version=int(base) if base.isascii() and base.isdigit() and len(base) < 10 else 0,  # noqa: PLR2004
        confirm=f"confirm-{code}" in posted,
    )


def read_value(question: Question, posted: QueryDict) -> Any:
    """Return the raw value in the shape the kind has; checking is the service's."""
    name = f"a-{question.code}"
    if question.kind is Kind.MULTIPLE:
        return posted.getlist(name) or None
    if question.kind is Kind.HEADCOUNT:
        cells = {cell: posted.get(f"{name}.{cell}", "").strip() for cell in question.cells}
        return {cell: text for cell, text in cells.items() if text} or None
    if question.kind is Kind.DOCUMENT:
        return None
    return posted.get(name, "") or None
