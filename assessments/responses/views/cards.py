"""View models of questions: what components/question.html shows, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.questionnaires.checks import warning_texts
from assessments.questionnaires.document import Axis, Document, Question, Section, Text, fill_text
from assessments.questionnaires.enums import Kind
from assessments.questionnaires.reports import period_label, unit_label
from assessments.responses.models import Answer, Evidence, Response, ReviewComment
from assessments.responses.progress import Standing
from assessments.responses.queries import (
    Mark,
    answers_with_people,
    evidence_by_code,
    measure_marks,
    read_marks,
    review_comments,
)
from assessments.responses.views.second import SecondCard, SecondTongue
from portal.accounts.models import User
from portal.files.enums import ScanState

LATELY = timedelta(minutes=15)
FILE_STATES = {ScanState.WAITING: "checking", ScanState.REFUSED: "refused"}


@dataclass(frozen=True)
class Option:
    """A choice, or a row or column of a table."""

    code: str
    text: str
    checked: bool = False
    exclusive: bool = False
    second: str = ""


@dataclass(frozen=True)
class FileCard:
    """One file behind an answer."""

    id: int
    name: str
    size: int
    state: str
    note: str
    url: str
    remove_url: str


@dataclass(frozen=True)
class WarnCard:
    """A note that shows while its condition holds."""

    when: Mapping[str, object]
    text: str
    shown: bool


@dataclass(frozen=True)
class QuestionCard:
    """Everything components/question.html needs of one question."""

    code: str
    number: int
    kind: str
    text: str
    language: str
    text_is_fallback: bool
    read_only: bool
    show: bool
    version: int = 0
    second: SecondCard | None = None
    guidance: str = ""
    why: str = ""
    choices: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    columns: tuple[Option, ...] = ()
    unit_label: str = ""
    period_label: str = ""
    value: Any = None
    cells: Mapping[str, Any] = field(default_factory=dict)
    na_reason: str | None = None
    comment: str = ""
    saved_label: str = ""
    origin: str = ""
    condition: Mapping[str, object] | None = None
    warn: WarnCard | None = None
    evidence: tuple[FileCard, ...] = ()
    evidence_text: str = ""
    evidence_required: bool = False
    upload_url: str = ""
    evidence_url: str = ""
    reuse_url: str = ""
    allow_na: bool = True
    error: str = ""
    review: ReviewComment | None = None


@dataclass(frozen=True)
class Typed:
    """What a refused form held, to be shown again."""

    value: Any
    na_reason: str | None
    comment: str
    error: str
    version: int


class CardDesk:
    """Makes the cards of one response for one reader; reads answers, files and comments once.

    With a `section` only its answers and files are read whole: of all others a page needs but the marks, so that it is
    as quick in a long questionnaire as in a short one.
    """

    def __init__(
        self,
        response: Response,
        document: Document,
        *,
        can_edit: bool,
        second: str = "",
        section: Section | None = None,
    ) -> None:
        self.response = response
        self.codes = [question.code for question in section.questions] if section else None
        self.document = document
        self.can_edit = can_edit
        self.tongue = SecondTongue(document, second)
        self.language = translation.get_language() or document.default_language
        self.today: date = timezone.localdate()

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The saved answers, of the section or all."""
        return answers_with_people(self.response, self.codes)

    @cached_property
    def files(self) -> dict[str, list[Evidence]]:
        """The files by question, of the section or all."""
        return evidence_by_code(self.response, self.codes)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """All answers as counting needs them."""
        return read_marks(self.response.pk)

    @cached_property
    def standing(self) -> Standing:
        """How far the answers are."""
        return measure_marks(self.document, self.marks, self.today)

    @cached_property
    def comments(self) -> dict[str, ReviewComment]:
        """What the buyer said, once something was submitted."""
        return review_comments(self.response) if self.response.submitted_at else {}

    @cached_property
    def warnings(self) -> dict[str, Text]:
        """The notes that hold now."""
        return warning_texts(self.document, self.plain, self.today)

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The answers in the form conditions read."""
        return {code: mark.answer for code, mark in self.marks.items()}

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values alone, as texts show them."""
        return {code: mark.value for code, mark in self.marks.items()}

    def pick(self, text: Text) -> str:
        """Return a text in the reader's language."""
        return self.document.pick(text, self.language)[0]

    def cards(self, section: Section, *, typed: Mapping[str, Typed] | None = None) -> list[QuestionCard]:
        """Return the cards of a section, with what a refused form held."""
        return [self.card(question, (typed or {}).get(question.code)) for question in section.questions]

    def card(self, question: Question, typed: Typed | None = None) -> QuestionCard:
        """Return the card of one question."""
        text, is_fallback = self.document.pick(question.text, self.language)
        card = QuestionCard(
            code=question.code,
            number=self.document.positions[question.code] + 1,
            kind=str(question.kind),
            text=text,
            language=self.document.default_language if is_fallback else "",
            text_is_fallback=is_fallback,
            read_only=not self.can_edit,
            show=question.code in self.standing.shown,
            second=self.tongue.card(question, self.values),
            guidance=self.pick(question.guidance),
            why=self.pick(question.why),
            rows=self._options(question.rows),
            columns=self._options(question.columns),
            unit_label=unit_label(question),
            period_label=period_label(question),
            condition=question.show_if,
            warn=self._warn(question),
            review=self.comments.get(question.code),
        )
        card = self._with_answer(card, question)
        card = self._with_files(card, question)
        if typed is not None:
            card = _with_typed(card, question, typed)
        return replace(card, choices=self._choices(question, card.value))

    def _options(self, axes: Iterable[Axis]) -> tuple[Option, ...]:
        return tuple(Option(axis.code, self.pick(axis.text), second=self.tongue.say(axis.text)) for axis in axes)

    def _choices(self, question: Question, value: Any) -> tuple[Option, ...]:
        chosen = value if isinstance(value, list) else [value]
        second = self.tongue.choices(question)
        if question.kind is Kind.YES_NO:
            words = (("yes", _("Yes")), ("no", _("No")))
            return tuple(Option(code, word, code in chosen, second=second.get(code, "")) for code, word in words)
        return tuple(
            Option(one.code, self.pick(one.text), one.code in chosen, one.exclusive, second.get(one.code, ""))
            for one in question.choices
        )

    def _with_answer(self, card: QuestionCard, question: Question) -> QuestionCard:
        answer = self.answers.get(question.code)
        if answer is None:
            return card
        return replace(
            card,
            version=answer.version,
            value=answer.value,
            cells=answer.value if isinstance(answer.value, dict) else {},
            na_reason=answer.reason if answer.not_applicable else None,
            comment=answer.comment,
            saved_label=saved_label(answer) if answer.confirmed else "",
            origin="" if answer.confirmed else _("From %(period)s") % {"period": answer.origin},
        )

    def _with_files(self, card: QuestionCard, question: Question) -> QuestionCard:
        rows = self.files.get(question.code, [])
        if not question.takes_files and not rows:
            return card
        slot = question.evidence
        place = [self.response.pk, question.code]
        return replace(
            card,
            evidence=tuple(self._file(row) for row in rows),
            evidence_text=self.pick(slot.text) if slot else "",
            evidence_required=bool(slot and slot.required) or (question.kind is Kind.DOCUMENT and question.required),
            upload_url=reverse("evidence_list", args=place) if self.can_edit else "",
            evidence_url=reverse("evidence_list", args=place),
            reuse_url=reverse("evidence_reuse", args=place) if self.can_edit else "",
        )

    def _file(self, row: Evidence) -> FileCard:
        place = [self.response.pk, row.code, row.pk]
        state = FILE_STATES.get(ScanState(row.file.scan_state), "ready")
        return FileCard(
            id=row.pk,
            name=row.file.name,
            size=row.file.size,
            state=state,
            note="",
            url=reverse("evidence_download", args=place) if state == "ready" else "",
            remove_url=reverse("evidence_remove", args=place) if self.can_edit else "",
        )

    def _warn(self, question: Question) -> WarnCard | None:
        rule = question.warn_if
        if rule is None:
            return None
        words = {"yes": _("Yes"), "no": _("No"), "none": "–", "separator": ", "}
        text = fill_text(self.document, rule.text, self.values, language=self.language, words=words)
        return WarnCard(rule.when, text, question.code in self.warnings)


def _with_typed(card: QuestionCard, question: Question, typed: Typed) -> QuestionCard:
    cells = typed.value if question.kind is Kind.HEADCOUNT and isinstance(typed.value, dict) else card.cells
    return replace(
        card,
        value=typed.value,
        cells=cells,
        na_reason=typed.na_reason,
        comment=typed.comment,
        error=typed.error,
        version=typed.version,
    )


def saved_label(answer: Answer) -> str:
    """Return "Saved 14:32 by Bob", with the day when it was not today."""
    local = timezone.localtime(answer.updated_at)
    when = f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%Y-%m-%d}"
    if answer.updated_by is None:
        return _("Saved %(when)s") % {"when": when}
    return _("Saved %(when)s by %(name)s") % {"when": when, "name": answer.updated_by}


@dataclass(frozen=True)
class Presence:
    """Somebody else who saved here a moment ago."""

    name: str
    code: str
    at: datetime


def people_here(answers: Iterable[Answer], reader: User) -> list[Presence]:
    """Return who else saved an answer in the last minutes, each person's latest."""
    since = timezone.now() - LATELY
    latest: dict[int, Presence] = {}
    for answer in answers:
        person = answer.updated_by
        if person is None or person.pk == reader.pk or answer.updated_at < since:
            continue
        known = latest.get(person.pk)
        if known is None or known.at < answer.updated_at:
            latest[person.pk] = Presence(str(person), answer.code, answer.updated_at)
    return sorted(latest.values(), key=lambda presence: presence.at, reverse=True)
