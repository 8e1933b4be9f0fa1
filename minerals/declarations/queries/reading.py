"""What was read from an edition, as its page shows it: facts, answers in a table, smelters, what to mend."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from minerals.declarations.enums import DeclarationState as State
from minerals.declarations.models import Declaration, DeclarationChange, DeclaredAnswer, DeclaredSmelter, Edition
from minerals.declarations.queries.editions import declared_of, issues_of, missing_of
from minerals.declarations.queries.wording import POLICIES, QUESTIONS
from minerals.declarations.queries.words import say_kept
from minerals.declarations.risks import RED_GRADES
from minerals.templates_io.document import Declared, Issue
from minerals.templates_io.enums import Grade, Template, Word
from minerals.templates_io.queries import mineral_name

GRADE_TONES = {Grade.ERROR: "priority", Grade.FLAG: "major", Grade.WARNING: "minor", Grade.INFO: "plain"}
GRADE_ORDER = list(GRADE_TONES)


@dataclass(frozen=True)
class Line:
    """One thing to mend: its sentence, where it stands in the file, how bad it is."""

    text: str
    place: str
    grade: Grade
    label: str
    tone: str
    key: str

    @property
    def is_worth(self) -> bool:
        """Whether a supplier is asked to mend it where the buyer does not say otherwise."""
        return self.grade != Grade.INFO


@dataclass(frozen=True)
class AnswerRow:
    """One question with an answer per mineral; `comments` are what was written beside them."""

    number: str
    text: str
    cells: tuple[str, ...]
    comments: tuple[tuple[str, str], ...] = ()
    minerals: tuple[str, ...] = ()

    @property
    def answers(self) -> list[tuple[str, str]]:
        """The answers, each with its mineral."""
        return list(zip(self.minerals, self.cells, strict=True))


@dataclass(frozen=True)
class Reading:
    """Everything the page of an edition shows."""

    edition: Edition
    declared: Declared
    minerals: tuple[str, ...]
    answers: tuple[AnswerRow, ...]
    company: tuple[AnswerRow, ...]
    missing: tuple[Line, ...]
    issues: tuple[Line, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is missing and nothing looks wrong."""
        return not self.missing and not self.issues

    @property
    def effective_on(self) -> date | None:
        """The effective date, None where what is written is no date."""
        try:
            return date.fromisoformat(self.declared.effective_date)
        except ValueError:
            return None

    @property
    def milder(self) -> tuple[Line, ...]:
        """What looks wrong and is no red flag."""
        return tuple(line for line in self.issues if line.grade not in RED_GRADES)

    @property
    def counts_differ(self) -> bool:
        """Whether RMI's own count, cached in the file, is another than ours."""
        return self.edition.checker_count is not None and self.edition.checker_count != len(self.missing)


def reading_of(edition: Edition) -> Reading:
    """Return an edition as its page shows it; one query for the answers."""
    declared = declared_of(edition)
    given: dict[tuple[str, str], DeclaredAnswer] = {(row.question, row.mineral): row for row in edition.answers.all()}
    minerals = minerals_in(declared, given)
    issues = sorted((line_of(issue) for issue in issues_of(edition)), key=lambda line: GRADE_ORDER.index(line.grade))
    return Reading(
        edition,
        declared,
        tuple(mineral_name(mineral) for mineral in minerals),
        answer_rows(declared, given, minerals),
        company_rows(declared, given),
        tuple(line_of(issue, Grade.ERROR) for issue in missing_of(edition)),
        tuple(issues),
    )


def minerals_in(declared: Declared, given: Iterable[tuple[str, str]]) -> list[str]:
    """Return the minerals of an edition in the order of its template."""
    named = {mineral for question, mineral in given if mineral and question.isdecimal()}
    first = [mineral for mineral in declared.minerals if mineral in named or not named]
    return [*first, *sorted(named - set(first))]


def answer_rows(
    declared: Declared, given: dict[tuple[str, str], DeclaredAnswer], minerals: Sequence[str]
) -> tuple[AnswerRow, ...]:
    """Return the numbered questions with an answer per mineral; one that nobody answered stands there, empty."""
    if not minerals:
        return ()
    words = QUESTIONS.get(asked_kind(declared.template), {})
    numbers = sorted({*words, *(question for question, _mineral in given if question.isdecimal())}, key=int)
    return tuple(
        AnswerRow(
            number,
            str(words.get(number, "")),
            tuple(answer_word(given.get((number, mineral))) for mineral in minerals),
            comments_on(declared, number),
            tuple(mineral_name(mineral) for mineral in minerals),
        )
        for number in numbers
    )


def comments_on(declared: Declared, number: str) -> tuple[tuple[str, str], ...]:
    """Return the comments beside the answers of a question; older templates number differently, so only if equal."""
    if declared.template == Template.CMRT and not declared.version.startswith("6"):
        return ()
    rows = declared.answers.get(number, {})
    return tuple((mineral_name(mineral), answer.comment) for mineral, answer in rows.items() if answer.comment)


def asked_kind(template: str) -> str:
    """Return the template whose questions an edition answers, in its newest form."""
    return {Template.PRT: Template.AMRT, Template.CRT: Template.EMRT}.get(Template(template), Template(template))


def company_rows(declared: Declared, given: dict[tuple[str, str], DeclaredAnswer]) -> tuple[AnswerRow, ...]:
    """Return the questions about the company with their answers and comments."""
    letters = sorted({question for question, mineral in given if not mineral and not question.isdecimal()})
    return tuple(
        AnswerRow(
            letter, str(POLICIES.get(letter, "")), (answer_word(given[letter, ""]),), comment_on(declared, letter)
        )
        for letter in letters
    )


def comment_on(declared: Declared, letter: str) -> tuple[tuple[str, str], ...]:
    """Return the comment beside an answer about the company."""
    row = declared.company_questions.get(letter)
    return (("", row.comment),) if row and row.comment else ()


def answer_word(answer: DeclaredAnswer | None) -> str:
    """Return an answer in the reader's language; what fits no word as it was written, and nothing as nothing."""
    if answer is None:
        return ""
    if answer.word == Word.OTHER:
        return answer.text
    return str(Word(answer.word).label)


def line_of(issue: Issue, grade: Grade | None = None) -> Line:
    """Return an issue as a line, in the active language."""
    worst = Grade(grade or issue.grade)
    return Line(say_kept(issue), issue.place, worst, str(worst.label), GRADE_TONES[worst], key_of(issue))


def key_of(issue: Issue) -> str:
    """Return what an issue is ticked by in a form."""
    facts = ",".join(f"{name}={value}" for name, value in sorted(issue.params.items()))
    return f"{issue.code}@{issue.place}@{facts}"


# Smelters ------------------------------------------------------------------------------------------
def smelter_rows(edition: Edition) -> QuerySet[DeclaredSmelter]:
    """Return the rows of the smelter list in the order of the file, with what they mean."""
    return edition.smelters.select_related("smelter", "case").order_by("row", "pk")


@dataclass(frozen=True)
class Match:
    """What a row of the smelter list was matched with, in a word and a tone."""

    label: str
    tone: str


def match_of(row: DeclaredSmelter) -> Match:
    """Return how a row stands to the registry; its status in the audit programme is the buyer's own knowledge."""
    if not row.identified:
        return Match(_("Not identified yet"), "major")
    if row.smelter_id:
        return Match(_("Known smelter"), "good")
    return Match(_("Not in the registry yet"), "minor")


def metals_of(edition: Edition) -> dict[str, int]:
    """Return how many rows of the smelter list speak of each metal."""
    counts: dict[str, int] = defaultdict(int)
    for metal in edition.smelters.values_list("metal", flat=True):
        counts[metal] += 1
    return dict(counts)


# History -------------------------------------------------------------------------------------------
def last_return(declaration: Declaration) -> DeclarationChange | None:
    """Return the return that the supplier has to answer now; None where nothing was returned."""
    if declaration.state != State.RETURNED:
        return None
    return declaration.changes.filter(target=State.RETURNED).order_by("-pk").first()


def returned_lines(change: DeclarationChange) -> list[Line]:
    """Return the issues that went along with a return, in the active language."""
    return [line_of(issue) for issue in msgspec.convert(change.issues, list[Issue])]


def earlier_uses(edition: Edition) -> QuerySet[Edition]:
    """Return editions of the same supplier's other declarations that hold the same file."""
    supplier_id = edition.declaration.relationship.supplier_id
    same = Edition.objects.filter(sha256=edition.sha256, declaration__relationship__supplier_id=supplier_id)
    return same.exclude(declaration_id=edition.declaration_id).select_related("declaration").order_by("-pk")
