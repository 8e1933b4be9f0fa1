"""Workbooks to begin with: the settings filled in, an example to write over, and the codes one can refer to."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from assessments.questionnaires.document import Document, Question, parse_document, parse_extension
from assessments.questionnaires.models import Questionnaire, QuestionnaireVersion
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.services.workbooks import write_document
from portal.lib.workbook import Sheet
from suppliers.organisations.models import Organisation

FIRST_VERSION: Final = "1.0"
CODES_WIDTHS: Final = (26, 10, 16, 80, 40, 12)
START: Final[dict[str, Any]] = {
    "code_of_conduct": "rba-8.0",
    "languages": ["en", "ja", "zh-hans", "th"],
    "default_language": "en",
    "bands": [{"code": "high", "below": 60}, {"code": "medium", "below": 85}, {"code": "low"}],
}


def start_extension(version: QuestionnaireVersion, *, owner: Organisation) -> bytes:
    """Write the workbook in which a company adds questions to a version; its last sheet lists the codes of that."""
    base = document_of(version)
    section = example_section(base.languages, base.default_language, free_section(base), first_provision(base))
    own = {
        "code": free_code(f"{base.code}-own", owner),
        "version": FIRST_VERSION,
        "title": {code: own_title(base.pick(base.title, code)[0], code) for code in base.languages},
        "sections": [section],
    }
    return write_document(parse_extension(base, own), base=base, more=[codes_sheet(base)])


def start_questionnaire(*, owner: Organisation) -> bytes:
    """Write the workbook of a questionnaire from the start: the settings, and one section with an example."""
    languages = tuple(START["languages"])
    source = {
        **START,
        "code": free_code("my-questionnaire", owner),
        "version": FIRST_VERSION,
        "title": in_languages(languages, lambda: _("My questionnaire")),
        "sections": [example_section(languages, START["default_language"], "A1", "A1")],
    }
    return write_document(parse_document(source))


def free_code(wanted: str, owner: Organisation) -> str:
    """Return a code that neither a questionnaire of the company nor a standard one has."""
    known = Questionnaire.objects.filter(Q(owner=owner) | Q(owner=None))
    taken = set(known.values_list("code", flat=True))
    number, code = 1, wanted
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


def free_section(base: Document) -> str:
    """Return a code for the first own section."""
    taken = {section.code for section in base.sections}
    number, code = 1, "OWN"
    while code in taken:
        number += 1
        code = f"OWN{number}"
    return code


def own_title(title: str, language: str) -> str:
    """Return the title of an extension, to be written over."""
    with translation.override(language):
        return _("%(title)s, with our questions") % {"title": title}


def in_languages(languages: tuple[str, ...], say: Callable[[], str]) -> dict[str, str]:
    """Return a sentence of the interface in each language."""
    texts = {}
    for language in languages:
        with translation.override(language):
            texts[language] = say()
    return texts


def first_provision(base: Document) -> str | None:
    """Return a provision that the code of conduct of a base has for certain."""
    return next((question.provision for question in base.questions if question.provision), None)


def example_section(languages: tuple[str, ...], default: str, code: str, provision: str | None) -> dict[str, Any]:
    """Return a section with one scored question of yes and no, to be written over.

    The question is in the default language alone: what is not written over elsewhere shall be missing, not an example.
    """
    only = (default,)
    question = {
        "code": f"{code}-EXAMPLE",
        "kind": "yes_no",
        "text": in_languages(only, lambda: _("Example: write your question here.")),
        "guidance": in_languages(only, lambda: _("Say what is meant, and what counts as evidence.")),
        "why": in_languages(only, lambda: _("Say why you ask.")),
        "weight": 1,
        "score": {"yes": 1, "no": 0},
        "provision": provision,
    }
    return {"code": code, "title": in_languages(languages, lambda: _("Our own questions")), "questions": [question]}


def codes_sheet(base: Document) -> Sheet:
    """List the questions of a base, so that conditions and flags can name them."""
    heads = [_("Code"), _("Section"), _("Kind of answer"), _("Question"), _("Choices"), _("Provision")]
    rows = [code_row(base, section.code, question) for section in base.sections for question in section.questions]
    return Sheet(_("Codes of %(code)s") % {"code": base.code}, heads, rows, widths=CODES_WIDTHS, wrap=True)


def code_row(base: Document, section: str, question: Question) -> list[str]:
    """Return the row of one question."""
    words = words_of(base, question)
    return [question.code, section, question.kind.value, words, choices_of(question), question.provision or ""]


def words_of(base: Document, question: Question) -> str:
    """Return a question in the reader's language."""
    return base.pick(question.text, translation.get_language() or base.default_language)[0]


def choices_of(question: Question) -> str:
    """Return the codes an answer may hold; of a table its rows and columns."""
    if question.rows:
        return f"{', '.join(one.code for one in question.rows)} × {', '.join(one.code for one in question.columns)}"
    return ", ".join(question.choice_codes)
