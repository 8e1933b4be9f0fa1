"""How answers, units, bands and problems are said in the reader's language; facts for pages, PDFs and workbooks."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.questionnaires.conditions.evaluating import cell_number
from assessments.questionnaires.core import Problem, word_problem
from assessments.questionnaires.document import Document, Question, Text
from assessments.questionnaires.document.translations import Phrase
from assessments.questionnaires.enums import Kind, Period, Unit
from portal.lib.formats import shown_date

UNITS: dict[Unit, Promise] = {
    Unit.HOURS_PER_WEEK: gettext_lazy("hours per week"),
    Unit.HOURS: gettext_lazy("hours"),
    Unit.DAYS: gettext_lazy("days"),
    Unit.DAYS_PER_YEAR: gettext_lazy("days per year"),
    Unit.TIMES_PER_YEAR: gettext_lazy("times per year"),
    Unit.PEOPLE: gettext_lazy("people"),
    Unit.SITES: gettext_lazy("sites"),
    Unit.COMPANIES: gettext_lazy("companies"),
    Unit.YEARS: gettext_lazy("years"),
    Unit.PERCENT: gettext_lazy("%"),
    Unit.CURRENCY_USD: gettext_lazy("US dollars"),
    Unit.CASES: gettext_lazy("cases"),
    Unit.CASES_PER_MILLION_HOURS: gettext_lazy("cases per million hours"),
    Unit.KWH: gettext_lazy("kWh"),
    Unit.M3: gettext_lazy("m³"),
    Unit.TONNES: gettext_lazy("tonnes"),
    Unit.TONNES_CO2E: gettext_lazy("t CO₂e"),
    Unit.MONTHS: gettext_lazy("months"),
    Unit.MINUTES: gettext_lazy("minutes"),
}
PERIODS: dict[Period, Promise] = {
    Period.LAST_12_MONTHS: gettext_lazy("Last 12 months"),
    Period.LAST_MONTH: gettext_lazy("Last month"),
    Period.ON_DATE: gettext_lazy("On the last day of the 12 months"),
    Period.TYPICAL_MONTH: gettext_lazy("A typical month"),
}
BANDS: dict[str, Promise] = {
    "high": gettext_lazy("High risk"),
    "medium": gettext_lazy("Medium risk"),
    "low": gettext_lazy("Low risk"),
}
PLACEHOLDER = re.compile(r"\{([A-Z0-9-]+)(?:\.([a-z0-9_.*]+))?\}")


def unit_label(question: Question) -> str:
    """Return the unit of a number as it stands beside the field; "" when there is none."""
    if question.kind is Kind.PERCENTAGE:
        return "%"
    return str(UNITS[question.unit]) if question.unit else ""


def period_label(question: Question) -> str:
    """Return the time a figure speaks of; "" when there is none."""
    return str(PERIODS[question.period]) if question.period else ""


def band_label(code: str) -> str:
    """Return the name of a band; a band the interface does not know shows its code."""
    return str(BANDS.get(code, code))


def shown_number(value: float, decimals: int = 0) -> str:
    """Return a number with the reader's separators: 1,240 or 61.0."""
    return formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def shown_value(document: Document, question: Question, value: Any) -> str:
    """Return an answer in words of the active language, with its unit; "" for none."""
    if value is None or value in ("", [], {}):
        return ""
    show = SHOWN.get(question.kind)
    return show(document, question, value) if show else str(value)


def shown_answer(_document: Document, _question: Question, value: str) -> str:
    """Return yes or no as a word."""
    return _("Yes") if value == "yes" else _("No")


def shown_quantity(_document: Document, question: Question, value: float) -> str:
    """Return a number with its unit."""
    return f"{shown_number(value, question.decimals)} {unit_label(question)}".strip()


def shown_day(_document: Document, _question: Question, value: str) -> str:
    """Return a date in the reader's form."""
    return shown_date(date.fromisoformat(value))


def shown_heads(_document: Document, _question: Question, value: Mapping[str, int]) -> str:
    """Return the sum of a head-count table."""
    total = sum(value.values())
    return ngettext("%(shown)s person", "%(shown)s people", total) % {"shown": shown_number(total)}


def shown_choices(document: Document, question: Question, value: str | list[str]) -> str:
    """Return the labels of the chosen codes, in the active language."""
    codes = [value] if isinstance(value, str) else value
    language = translation.get_language() or document.default_language
    labels = {choice.code: document.pick(choice.text, language)[0] for choice in question.choices}
    return ", ".join(labels.get(code, code) for code in codes)


SHOWN: dict[Kind, Callable[[Document, Question, Any], str]] = {
    Kind.YES_NO: shown_answer,
    Kind.SINGLE: shown_choices,
    Kind.MULTIPLE: shown_choices,
    Kind.NUMBER: shown_quantity,
    Kind.PERCENTAGE: shown_quantity,
    Kind.DATE: shown_day,
    Kind.HEADCOUNT: shown_heads,
}


def fill_text(document: Document, text: Text, inputs: Mapping[str, Any]) -> Text:
    """Return the text of a rule in each language, its {CODE} places filled with the answers."""
    filled: Text = {}
    for language, words in text.items():
        with translation.override(language):
            filled[language] = PLACEHOLDER.sub(lambda match: fill_place(document, match, inputs), words)
    return filled


def fill_place(document: Document, match: re.Match[str], inputs: Mapping[str, Any]) -> str:
    """Return what stands for one place: a number bare, since the sentence names its unit."""
    code, cell = match.groups()
    value = inputs.get(code)
    if value is None or code not in document.positions:
        return "–"
    question = document.question(code)
    if question.kind is Kind.HEADCOUNT:
        count = cell_number(value, cell or "total")
        return "–" if count is None else shown_number(count)
    if question.kind in (Kind.NUMBER, Kind.PERCENTAGE):
        return shown_number(value, question.decimals)
    return shown_value(document, question, value)


def say_problem(problem: Problem) -> str:
    """Return what is wrong with a questionnaire and how to mend it, in the reader's language."""
    return word_problem(problem, _)


def list_problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as the detail of an error: where, the code, and the sentence."""
    return [{"place": one.place, "code": str(one.code), "message": say_problem(one)} for one in problems]


TEXT_PARTS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "intro": gettext_lazy("Introduction"),
    "text": gettext_lazy("Text"),
    "guidance": gettext_lazy("What is meant"),
    "why": gettext_lazy("Why we ask"),
    "choice": gettext_lazy("Choice"),
    "row": gettext_lazy("Row"),
    "column": gettext_lazy("Column"),
    "warn": gettext_lazy("Note"),
    "evidence": gettext_lazy("Evidence asked for"),
    "advice": gettext_lazy("Advice"),
}


def part_words(phrase: Phrase) -> str:
    """Return which part of a question, flag or section a text is: "Choice worker"."""
    return f"{TEXT_PARTS[phrase.place.part]} {phrase.place.item}".strip()


def place_words(document: Document, phrase: Phrase) -> str:
    """Return where a text stands: the section, the question or flag, the part."""
    if not phrase.section:
        return _("Title of the questionnaire")
    section = document.section(phrase.section)
    where = f"{section.code} {section.title.get(document.default_language, '')}"
    owner = "" if phrase.place.owner == section.code else phrase.place.owner
    return " · ".join(filter(None, (where, owner, part_words(phrase))))
