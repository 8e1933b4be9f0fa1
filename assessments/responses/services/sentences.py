"""What is wrong with a value, said so that the reader can mend it."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.questionnaires.checks import MissingReason
from assessments.questionnaires.document import Document, Question, ValueCode, ValueProblem, validate_value
from assessments.questionnaires.enums import Kind
from portal.lib.errors import DomainError

GAPS: dict[MissingReason, Promise] = {
    MissingReason.UNANSWERED: gettext_lazy("Not answered yet"),
    MissingReason.NA_REASON: gettext_lazy("Say why this does not apply"),
}


def say_problem(document: Document, question: Question, problem: ValueProblem) -> str:
    """Return the sentence for a refused value in the reader's language."""
    params = dict(problem.params)
    language = get_language() or document.default_language
    if "choice" in params:
        texts = {choice.code: choice.text for choice in question.choices}
        params["choice"] = document.pick(texts.get(str(params["choice"]), {}), language)[0] or params["choice"]
    sentence = _(problem.code.sentence) % params
    cell = str(params.get("cell", ""))
    if cell and problem.code is not ValueCode.UNKNOWN_CELL:
        return _("%(cell)s: %(sentence)s") % {"cell": cell_label(document, question, cell), "sentence": sentence}
    return sentence


def cell_label(document: Document, question: Question, cell: str) -> str:
    """Return "Permanent, Men" for the cell permanent.male of a table."""
    row, _dot, column = cell.partition(".")
    language = get_language() or document.default_language
    axes = {axis.code: axis.text for axis in (*question.rows, *question.columns)}
    return ", ".join(document.pick(axes.get(code, {}), language)[0] or code for code in (row, column) if code)


def checked_value(document: Document, question: Question, value: object) -> object:
    """Return the value as it is stored; raises DomainError with the sentence when it cannot be one."""
    if question.kind is Kind.DOCUMENT and value in (None, "", [], {}):
        return None
    try:
        return validate_value(question, value)
    except ValueProblem as problem:
        sentence = say_problem(document, question, problem)
        raise DomainError(sentence, code=str(problem.code)) from problem
