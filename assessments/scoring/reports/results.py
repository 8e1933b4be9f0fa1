"""Facts of a result: what a site scored and why; read by the result page, the review page and the PDF."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.findings.queries import title_of
from assessments.questionnaires.document import Document, Question, Section
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import fill_text, shown_value
from assessments.responses.models import Response, Submission
from assessments.scoring.enums import State
from assessments.scoring.models import Flag, Score
from assessments.scoring.queries import peer_median, score_of
from portal.lib.formats import band_word
from portal.lib.workbook import Sheet

RELATED = ("site__organisation", "relationship__buyer", "version__questionnaire", "previous__version")
NO_PART: tuple[Any, ...] = (str(State.UNSCORED), 0, 0, 0, 0, False)
SEVERITY_ORDER = {"priority": 0, "major": 1, "minor": 2}


@dataclass(frozen=True)
class QuestionLine:
    """One question of a frozen submission and what it did to the score; gains and losses are points of 100."""

    code: str
    section: str
    provision: str
    text: str
    answer: str
    cells: tuple[tuple[str, str, str], ...]
    reason: str
    comment: str
    evidence: tuple[dict[str, Any], ...]
    state: str
    earned: float
    weight: float
    gain: float
    lost: float
    missing_evidence: bool


@dataclass(frozen=True)
class SectionLine:
    """A section's score, 0 to 100 (None when nothing in it counts), last time's, and its questions."""

    code: str
    title: str
    score: float | None
    before: float | None
    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class FlagLine:
    """A rule that fired, in the reader's language."""

    rule: str
    provision: str
    title: str
    severity: str
    text: str
    advice: str
    questions: tuple[str, ...]
    finding_id: int | None


@dataclass(frozen=True)
class Comparison:
    """One other figure to hold the score against; `sites` is how many stand behind it."""

    kind: str
    value: float
    difference: float
    sites: int
    label: str


@dataclass(frozen=True)
class ResultFacts:
    """Everything a result page or PDF says."""

    response: Response
    submission: Submission
    score: Score
    previous: Score | None
    total: float | None
    band: str
    band_from: float
    band_below: float | None
    comparisons: tuple[Comparison, ...]
    sections: tuple[SectionLine, ...]
    flags: tuple[FlagLine, ...]
    losses: tuple[QuestionLine, ...]
    missing_evidence: tuple[QuestionLine, ...]
    language: str


@dataclass(frozen=True)
class Reading:
    """What the lines of one result are read from."""

    document: Document
    answers: Mapping[str, Any]
    detail: Mapping[str, Any]
    before: Mapping[str, Any]
    language: str


def result_facts(response: Response) -> ResultFacts | None:
    """Return the facts of the latest scored submission in the active language; None while it waits."""
    score = score_of(response)
    if score is None:
        return None
    document = document_of(response.version)
    language = translation.get_language() or document.default_language
    snapshot = json.loads(score.submission.snapshot)
    before = previous_score(response)
    reading = Reading(document, snapshot["answers"], score.detail, before.detail if before else {}, language)
    sections = tuple(section_line(reading, section) for section in document.sections)
    lines = [line for section in sections for line in section.questions]
    low, high = band_limits(document, score.band)
    return ResultFacts(
        response=response,
        submission=score.submission,
        score=score,
        previous=before,
        total=as_float(score.total),
        band=score.band,
        band_from=low,
        band_below=high,
        comparisons=tuple(comparisons(response, score, before)),
        sections=sections,
        flags=flag_lines(document, Flag.objects.filter(score=score), language),
        losses=tuple(sorted((x for x in lines if x.lost > 0), key=lambda x: -x.lost)[:10]),
        missing_evidence=tuple(line for line in lines if line.missing_evidence),
        language=language,
    )


def as_float(value: Decimal | float | None) -> float | None:
    """Return a score as a float, None as None."""
    return None if value is None else float(value)


def previous_score(response: Response) -> Score | None:
    """Return the score of the response this one was carried over from."""
    return score_of(response.previous) if response.previous else None


def section_line(reading: Reading, section: Section) -> SectionLine:
    """Return one section with its questions, hidden ones left out."""
    lines = [question_line(reading, section, question) for question in section.questions]
    now = reading.detail["sections"].get(section.code) or {}
    then = reading.before.get("sections", {}).get(section.code) or {}
    return SectionLine(
        section.code,
        reading.document.pick(section.title, reading.language)[0],
        now.get("score"),
        then.get("score"),
        tuple(line for line in lines if line.state != State.HIDDEN),
    )


def question_line(reading: Reading, section: Section, question: Question) -> QuestionLine:
    """Return one question: its answer in words and its part in the score."""
    document, language = reading.document, reading.language
    answer = reading.answers.get(question.code) or {}
    part = reading.detail["contributions"].get(question.code, NO_PART)
    state, earned, weight, gain, lost, missing = part
    return QuestionLine(
        code=question.code,
        section=section.code,
        provision=question.provision or "",
        text=document.pick(question.text, language)[0],
        answer=shown_value(document, question, answer.get("value")),
        cells=cells_of(document, question, answer.get("value"), language),
        reason=answer.get("na") or "",
        comment=answer.get("comment") or "",
        evidence=tuple(answer.get("evidence") or ()),
        state=state,
        earned=earned,
        weight=weight,
        gain=gain,
        lost=lost,
        missing_evidence=missing,
    )


def cells_of(document: Document, question: Question, value: Any, language: str) -> tuple[tuple[str, str, str], ...]:
    """Return (row, column, count) of a head-count table; empty for every other kind."""
    if not question.rows or not isinstance(value, dict):
        return ()
    return tuple(
        (
            document.pick(row.text, language)[0],
            document.pick(column.text, language)[0],
            str(value.get(f"{row.code}.{column.code}", "–")),
        )
        for row in question.rows
        for column in question.columns
    )


def flag_lines(document: Document, flags: Any, language: str) -> tuple[FlagLine, ...]:
    """Return the flags, worst first, with their words filled in."""
    lines = []
    for flag in sorted(flags, key=lambda flag: (SEVERITY_ORDER[flag.severity], flag.provision, flag.rule)):
        rule = document.flag(flag.rule)
        text = fill_text(document, {language: document.pick(rule.text, language)[0]}, flag.inputs)
        lines.append(
            FlagLine(
                rule=flag.rule,
                provision=flag.provision,
                title=title_of(document.code_of_conduct, flag.provision, language),
                severity=flag.severity,
                text=text[language],
                advice=document.pick(rule.advice, language)[0],
                questions=tuple(code for code in flag.inputs if code in document.positions),
                finding_id=flag.finding_id,
            )
        )
    return tuple(lines)


def band_limits(document: Document, band: str) -> tuple[float, float | None]:
    """Return (lowest score in the band, exclusive upper limit or None)."""
    low = 0.0
    for step in document.bands:
        if step.code == band:
            return low, step.below
        low = step.below or low
    return 0.0, None


def comparisons(response: Response, score: Score, before: Score | None) -> list[Comparison]:
    """Return what the score may be held against: last time, and peers where enough stand behind them."""
    if score.total is None:
        return []
    total = float(score.total)
    found = []
    if before and before.total is not None and response.previous:
        value = float(before.total)
        found.append(Comparison("before", value, round(total - value, 1), 1, response.previous.period))
    site = response.site
    for kind, same, label in (
        ("sector", {"site__sector": site.sector}, site.get_sector_display()),
        ("country", {"site__country": site.country.code}, site.country.name),
    ):
        peers = peer_median(response, same=same)
        if peers:
            found.append(Comparison(kind, peers[0], round(total - peers[0], 1), peers[1], str(label)))
    return found


def result_sheet(responses: Iterable[Response]) -> Sheet:
    """Return one line per handed-in response, in the reader's language."""
    heads = [
        _("Questionnaire"), _("Site"), _("Asked by"), _("Handed in"), _("Score"), _("Band"), _("Priority"),
        _("Major"), _("Minor"), _("State"),
    ]  # fmt: skip
    lines = (result_line(response) for response in responses)
    return Sheet(_("Results"), heads, lines, (40, 28, 28, 12, 8, 12, 9, 9, 9, 14))


def result_line(response: Response) -> list[object]:
    """Return the cells of one handed-in response."""
    return [
        response.title,
        response.site.name,
        response.relationship.buyer.name,
        timezone.localtime(response.submitted_at).date() if response.submitted_at else None,
        response.score,
        band_word(response.band),
        response.priority_flags,
        response.major_flags,
        response.minor_flags,
        response.get_state_display(),
    ]
