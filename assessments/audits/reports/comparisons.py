"""Comparisons in words: one audit beside the self-assessment, and the sheets of how far answers can be believed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments.audits.comparison import Reliability
from assessments.audits.enums import NONCONFORM, Conclusion, SelfWord
from assessments.audits.models import Audit, AuditConclusion, Comparison
from assessments.audits.queries import programme_of
from assessments.audits.queries.comparisons import QuestionRow, comparisons_of
from assessments.findings.queries import title_of
from assessments.questionnaires.queries import document_of
from assessments.questionnaires.reports import shown_value
from assessments.responses.models import Submission
from portal.lib.formats import figure
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet
from suppliers.organisations.models import Site


@dataclass(frozen=True)
class AnswerLine:
    """One question the site answered with full points, in the reader's language."""

    code: str
    text: str
    answer: str


@dataclass(frozen=True)
class ProvisionLine:
    """One provision: what the site said and answered, what the auditors found and wrote."""

    row: Comparison
    title: str
    found: str
    answers: Sequence[AnswerLine]
    notes: Sequence[AuditConclusion]

    @property
    def is_finding(self) -> bool:
        """Whether the auditors did not call it conform."""
        return self.row.found in NONCONFORM

    @property
    def is_mismatch(self) -> bool:
        """Whether the site called conform what the auditors did not."""
        return self.row.said == SelfWord.CONFORM and self.is_finding

    @property
    def is_agreed(self) -> bool:
        """Whether both called it conform."""
        return self.row.said == self.row.found == Conclusion.CONFORM


@dataclass(frozen=True)
class CompareFacts:
    """Everything the page of a comparison says."""

    submission: Submission
    figure: Reliability
    sentence: str
    differing: Sequence[ProvisionLine]
    others: Sequence[ProvisionLine]


def compare_facts(audit: Audit) -> CompareFacts | None:
    """Return one audit beside the self-assessment; None where there was none to compare it with."""
    rows = list(comparisons_of(audit))
    if not rows:
        return None
    programme = programme_of(audit.programme)
    notes: dict[str, list[AuditConclusion]] = {}
    for note in audit.conclusions.filter(conclusion__in=NONCONFORM).order_by("pk"):
        notes.setdefault(programme.by_code[note.checkpoint].provision, []).append(note)
    answers = answer_lines(audit, rows[0].submission)
    language = get_language() or "en"
    lines = [
        ProvisionLine(
            row=row,
            title=title_of(programme.code_of_conduct, row.provision, language),
            found=found_word(audit, row.found),
            answers=answers.get(row.provision, []),
            notes=notes.get(row.provision, []),
        )
        for row in rows
    ]
    return CompareFacts(
        submission=rows[0].submission,
        figure=Reliability(audit.claimed, audit.confirmed),
        sentence=sentence_of(Reliability(audit.claimed, audit.confirmed)),
        differing=sorted((line for line in lines if line.is_mismatch), key=worst_first),
        others=[line for line in lines if not line.is_mismatch],
    )


def worst_first(line: ProvisionLine) -> int:
    """Return how bad it is that the auditors found otherwise, 0 the worst."""
    return NONCONFORM.index(Conclusion(line.row.found))


def found_word(audit: Audit, found: str) -> str:
    """Return a conclusion as the audit's programme calls it."""
    if found in NONCONFORM:
        return pick_text(programme_of(audit.programme).grade(found).title)[0]
    return str(Conclusion(found).label)


def answer_lines(audit: Audit, submission: Submission) -> dict[str, list[AnswerLine]]:
    """Return by provision the questions that were answered with full points, with the answers as they were frozen."""
    document = document_of(submission.response.version)
    frozen = json.loads(submission.snapshot)["answers"]
    language = get_language() or document.default_language
    found: dict[str, list[AnswerLine]] = {}
    for check in audit.question_checks.order_by("pk"):
        question = document.question(check.question)
        value = (frozen.get(check.question) or {}).get("value")
        text = document.pick(question.text, language)[0]
        line = AnswerLine(check.question, text, shown_value(document, question, value))
        found.setdefault(check.provision, []).append(line)
    return found


def sentence_of(figures: Reliability) -> str:
    """Return how far the auditors agreed, with numerator and denominator."""
    if not figures.claimed:
        return _("The auditors looked at no provision that the site had called conform.")
    sentence = ngettext(
        "Of %(claimed)s provision the site called conform, the auditors agreed on %(confirmed)s (%(share)s %%).",
        "Of %(claimed)s provisions the site called conform, the auditors agreed on %(confirmed)s (%(share)s %%).",
        figures.claimed,
    )
    share = figure(figures.share, 0)
    return sentence % {"claimed": figure(figures.claimed), "confirmed": figure(figures.confirmed), "share": share}


# Sheets --------------------------------------------------------------------------------------------
def site_sheet(sites: Iterable[Site]) -> Sheet:
    """Return one line per site with its figure."""
    headers = [
        _("Site"), _("Supplier"), _("Country"), _("Called conform and audited"), _("Auditors agreed"),
        _("Auditors found otherwise"), _("Share agreed, %"), _("At least, %"), _("Last audit released"),
    ]  # fmt: skip
    lines = (site_line(site) for site in sites)
    return Sheet(_("By site"), headers, lines, widths=(30, 32, 16, 16, 14, 16, 12, 12, 14), notes=[method()])


def site_line(site: Site) -> list[object]:
    """Return the cells of one site, whose figures are annotated by queries.comparisons.reliable_sites."""
    figures = figures_of(site)
    return [site.name, site.organisation.name, site.country.name, *cells_of(figures), site.last_on]  # type: ignore[attr-defined]


def figures_of(site: Site) -> Reliability:
    """Return the figures annotated on a site."""
    return Reliability(site.claimed, site.confirmed)  # type: ignore[attr-defined]


def question_sheet(rows: Iterable[QuestionRow]) -> Sheet:
    """Return one line per question with its figure."""
    headers = [
        _("Question"), _("Text"), _("Answered as conform and audited"), _("Auditors agreed"),
        _("Auditors found otherwise"), _("Share agreed, %"), _("At least, %"),
    ]  # fmt: skip
    lines = ([row.code, pick_text(row.text)[0], *cells_of(row.figure)] for row in rows)
    return Sheet(_("By question"), headers, lines, widths=(22, 60, 16, 14, 16, 12, 12), notes=[method()])


def cells_of(figures: Reliability) -> list[object]:
    """Return the cells of a figure; the last is empty where there is too little to judge."""
    shares = [None if share is None else round(share, 1) for share in (figures.share, figures.at_least)]
    return [figures.claimed, figures.confirmed, figures.claimed - figures.confirmed, *shares]


def method() -> str:
    """Return how the figures are made, for whoever reads a sheet without the page."""
    return _(
        "Share agreed: of what sites called conform and auditors looked at, what auditors called conform. "
        "At least: the lower end of its Wilson interval of 95 per cent, empty below 5."
    )
