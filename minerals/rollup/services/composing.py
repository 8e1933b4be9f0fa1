"""The company's own declaration, composed from the roll-up: what goes into the template of a customer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from django.utils import timezone

from minerals.declarations.document.asking import SCOPE_TEXTS, VALUES
from minerals.rollup.enums import NOT_ASKED, OPEN
from minerals.rollup.models import CompanyProfile, ProductGroup
from minerals.rollup.queries.consolidated import consolidated_mines, consolidated_rows
from minerals.rollup.queries.figures import Figures, read_figures
from minerals.templates_io.document import Answer, Company, CompanyAnswer, Declared, Product, SmelterRow
from minerals.templates_io.document.upgrade import NEWEST_LETTERS
from minerals.templates_io.enums import Template, Word
from suppliers.organisations.models import Organisation

NEWEST: dict[str, str] = {Template.CMRT: "6.5", Template.EMRT: "2.1", Template.AMRT: "1.3"}
FIRST_ROW, LAST_ROW, FIRST_PRODUCT = 5, 2504, 6


@dataclass(frozen=True)
class Gap:
    """What the composed declaration cannot say by itself: an open question, a block nobody filled, rows too many."""

    code: str  # open | profile | letter | full
    question: str = ""
    mineral: str = ""


@dataclass(frozen=True)
class Composition:
    """A composed declaration and what is missing in it."""

    declared: Declared
    gaps: tuple[Gap, ...]


def compose_declared(
    owner: Organisation,
    template: str,
    *,
    group: ProductGroup | None = None,
    minerals: Collection[str] = (),
    as_of: date | None = None,
) -> Declared:
    """Return the company's declaration as it stands, for the whole company or a group; see `compose`."""
    return compose(owner, template, group=group, minerals=minerals, as_of=as_of).declared


def compose(
    owner: Organisation,
    template: str,
    *,
    group: ProductGroup | None = None,
    minerals: Collection[str] = (),
    as_of: date | None = None,
) -> Composition:
    """Return the company's declaration in the newest version of a template, with what is missing in it.

    `minerals` narrows a template that lets one choose. Every answer carries its provenance as comment. A question
    that cannot be answered yet is "Unknown" where the template has that option, else empty; both are gaps.
    """
    figures = read_figures(owner, template, group)
    shown = tuple(mineral for mineral in figures.minerals if fits(template, mineral, minerals))
    answers, gaps = answer_questions(figures, shown)
    company, questions, own_gaps = own_answers(owner, template, shown)
    smelters = number_rows(consolidated_rows(figures.rollup, shown))
    mines = consolidated_mines(figures.rollup, shown)
    full = [Gap("full")] if len(smelters) > LAST_ROW - FIRST_ROW + 1 else []
    letter = "B" if group else "A"
    declared = Declared(
        template=Template(template),
        version=NEWEST[template],
        language="English",
        company=company,
        scope=letter,
        scope_text=SCOPE_TEXTS[letter],
        scope_description=group.name if group else "",
        effective_date=(as_of or timezone.localdate()).isoformat(),
        minerals=shown,
        answers=answers,
        company_questions=questions,
        smelters=smelters[: LAST_ROW - FIRST_ROW + 1],
        mines=mines,
        products=(Product(row=FIRST_PRODUCT, number=group.code, name=group.name),) if group else (),
    )
    return Composition(declared, (*own_gaps, *gaps, *full))


def fits(template: str, mineral: str, wanted: Collection[str]) -> bool:
    """Whether a mineral belongs into the declaration; a CMRT always has its four."""
    return template == Template.CMRT or not wanted or mineral in wanted


def answer_questions(figures: Figures, minerals: Sequence[str]) -> tuple[dict[str, dict[str, Answer]], list[Gap]]:
    """Return the answers in the options of the template with their provenance, and what stays open."""
    answers: dict[str, dict[str, Answer]] = {}
    gaps: list[Gap] = []
    for question in figures.questions:
        for mineral in minerals:
            figure = figures.table[question, mineral]
            if figure.word == NOT_ASKED:
                continue
            value = VALUES.get(Word(figure.word), "") if figure.word != OPEN else ""
            if figure.word == OPEN:
                gaps.append(Gap("open", question, mineral))
                value = "" if figures.template == Template.CMRT else VALUES[Word.UNKNOWN]
            comment = figures.provenance((question, mineral))
            answers.setdefault(question, {})[mineral] = Answer(value, comment)
    return answers, gaps


def own_answers(
    owner: Organisation, template: str, minerals: Sequence[str]
) -> tuple[Company, dict[str, CompanyAnswer], list[Gap]]:
    """Return the company block and the company's own answers, never rolled up; and what nobody filled in yet."""
    profile = CompanyProfile.objects.filter(owner=owner).first()
    if profile is None:
        letters = [Gap("letter", letter) for letter in NEWEST_LETTERS.get(template, ())]
        return Company(name=owner.name), {}, [Gap("profile"), *letters]
    company = msgspec.convert({"name": owner.name, **profile.company}, Company)
    given = msgspec.convert(profile.answers.get(template, {}), dict[str, CompanyAnswer])
    answers = {letter: only_minerals(answer, minerals) for letter, answer in given.items()}
    gaps = [
        Gap("letter", letter)
        for letter in NEWEST_LETTERS.get(template, ())
        if letter not in answers or not (answers[letter].answer or answers[letter].minerals)
    ]
    return company, answers, gaps


def only_minerals(answer: CompanyAnswer, minerals: Sequence[str]) -> CompanyAnswer:
    """Return a company's answer without the minerals that are not declared."""
    kept = {mineral: given for mineral, given in answer.minerals.items() if mineral in minerals}
    return msgspec.structs.replace(answer, minerals=kept)


def number_rows(rows: Sequence[SmelterRow]) -> tuple[SmelterRow, ...]:
    """Give the rows their places in the sheet."""
    return tuple(msgspec.structs.replace(row, row=FIRST_ROW + place) for place, row in enumerate(rows))
