"""The summary of one audit: its facts for the PDF, and every conclusion as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from assessments.audits.document import Programme
from assessments.audits.enums import NONCONFORM, RELEASED_STATES, Conclusion, WorkerGroup
from assessments.audits.models import Audit, AuditConclusion
from assessments.audits.queries import programme_of, unsigned_reason
from assessments.audits.queries.naming import AuditWords, audit_words
from assessments.audits.queries.writing import sections_of
from assessments.findings.models import Finding
from portal.lib.texts import pick_text
from portal.lib.workbook import Sheet


@dataclass(frozen=True)
class WorkerLine:
    """Heads of one group of workers, and how many of them were interviewed."""

    group: str
    women: int
    men: int
    interviewed: int

    @property
    def total(self) -> int:
        """All heads of the group."""
        return self.women + self.men


@dataclass(frozen=True)
class PointLine:
    """One checkpoint and what was concluded on it; an empty conclusion is not written yet."""

    code: str
    title: str
    conclusion: str
    word: str


@dataclass(frozen=True)
class SectionLines:
    """The checkpoints of one section."""

    title: str
    points: Sequence[PointLine]


@dataclass(frozen=True)
class FoundLine:
    """One thing that was found wrong: what the auditors wrote, and by when it is to be mended."""

    severity: str
    grade: str
    code: str
    title: str
    description: str
    law: str
    evidence: str
    root_cause: str
    plan_due_on: date | None
    done_due_on: date | None
    state: str


@dataclass(frozen=True)
class Summary:
    """Everything the summary of an audit says."""

    site: str
    supplier: str
    place: str
    buyer: str
    words: AuditWords
    note: str
    firm: str
    auditors: Sequence[str]
    starts_on: date | None
    ends_on: date | None
    state: str
    is_released: bool
    released_on: date | None
    valid_until: date | None
    scope: str
    workers: Sequence[WorkerLine]
    score: float | None
    formula: str
    conform: int
    applicable: int
    counts: Sequence[tuple[str, str, int]]
    sections: Sequence[SectionLines]
    findings: Sequence[FoundLine]
    acknowledged_name: str
    acknowledged_at: datetime | None
    unsigned_reason: str

    @property
    def heads(self) -> int:
        """All workers of the profile."""
        return sum(line.total for line in self.workers)

    @property
    def interviewed(self) -> int:
        """All interviews of the profile."""
        return sum(line.interviewed for line in self.workers)


def summarise(audit: Audit) -> Summary:
    """Return the facts of an audit in the reader's language; select site, relationship, firm and programme."""
    programme = programme_of(audit.programme)
    written = {row.checkpoint: row for row in audit.conclusions.select_related("finding")}
    site = audit.site
    place = ", ".join(filter(None, (site.address, site.city, site.country.name)))
    return Summary(
        site=site.name,
        supplier=site.organisation.name,
        place=place,
        buyer=audit.relationship.buyer.name,
        words=audit_words(audit, programme),
        note=pick_text(programme.note)[0],
        firm=audit.firm.name if audit.firm else "",
        auditors=auditors_of(audit),
        starts_on=audit.starts_on,
        ends_on=audit.ends_on,
        state=audit.get_state_display(),
        is_released=audit.state in RELEASED_STATES,
        released_on=audit.released_on,
        valid_until=audit.valid_until,
        scope=audit.scope,
        workers=worker_lines(audit),
        score=None if audit.score is None else float(audit.score),
        formula=pick_text(programme.score.note)[0] if programme.score else "",
        conform=audit.conform,
        applicable=audit.applicable,
        counts=count_lines(audit, programme),
        sections=section_lines(programme, written),
        findings=found_lines(programme, written),
        acknowledged_name=audit.acknowledged_name,
        acknowledged_at=audit.acknowledged_at,
        unsigned_reason=unsigned_reason(audit.changes.all()),
    )


def auditors_of(audit: Audit) -> list[str]:
    """Return the names of the auditors without a declared conflict, the one who leads first."""
    rows = audit.assignments.exclude(has_conflict=True).select_related("user").order_by("-is_lead", "user__name")
    return [str(row.user) for row in rows]


def worker_lines(audit: Audit) -> list[WorkerLine]:
    """Return the worker profile in the order of its groups."""
    rows = {row.group: row for row in audit.worker_counts.all()}
    return [
        WorkerLine(str(group.label), rows[group].women, rows[group].men, rows[group].interviewed)
        for group in WorkerGroup
        if group in rows
    ]


def count_lines(audit: Audit, programme: Programme) -> list[tuple[str, str, int]]:
    """Return (severity, its grade in the programme's words, findings), worst first."""
    return [
        (str(grade.severity), pick_text(grade.title)[0], int(getattr(audit, grade.severity)))
        for grade in programme.grades
    ]


def grade_words(programme: Programme) -> dict[str, str]:
    """Return every conclusion in the programme's words."""
    words = {str(conclusion): str(conclusion.label) for conclusion in Conclusion}
    return words | {str(grade.severity): pick_text(grade.title)[0] for grade in programme.grades}


def section_lines(programme: Programme, written: dict[str, AuditConclusion]) -> list[SectionLines]:
    """Return every checkpoint with its conclusion by section."""
    words = grade_words(programme)

    def line(code: str, title: str) -> PointLine:
        conclusion = written[code].conclusion if code in written else ""
        return PointLine(code, title, conclusion, words.get(conclusion, ""))

    return [
        SectionLines(
            f"{section.code} {pick_text(section.title)[0]}",
            [line(point.code, pick_text(point.title)[0]) for point in section.points],
        )
        for section in sections_of(programme)
    ]


def found_lines(programme: Programme, written: dict[str, AuditConclusion]) -> list[FoundLine]:
    """Return what was found wrong, worst first, then in the order of the checkpoints."""
    words = grade_words(programme)
    codes = [point.code for point in programme.points]
    wrong = [written[code] for code in codes if code in written and written[code].conclusion in NONCONFORM]
    wrong.sort(key=lambda row: NONCONFORM.index(Conclusion(row.conclusion)))
    return [found_line(row, programme, words) for row in wrong]


def found_line(row: AuditConclusion, programme: Programme, words: dict[str, str]) -> FoundLine:
    """Return one conclusion that is not conform, with the dates of the finding it became."""
    finding: Finding | None = row.finding
    return FoundLine(
        severity=row.conclusion,
        grade=words[row.conclusion],
        code=row.checkpoint,
        title=pick_text(programme.by_code[row.checkpoint].title)[0],
        description=row.description,
        law=row.law,
        evidence=row.evidence,
        root_cause=row.root_cause,
        plan_due_on=finding.plan_due_on if finding else None,
        done_due_on=finding.done_due_on if finding else None,
        state=finding.get_state_display() if finding else "",
    )


def conclusion_sheets(audit: Audit) -> list[Sheet]:
    """Return the audit's head, every conclusion and the worker profile."""
    facts = summarise(audit)
    written = {row.checkpoint: row for row in audit.conclusions.all()}
    heads = [
        _("Section"), _("Checkpoint"), _("Title"), _("Conclusion"), _("Data points"), _("Description"), _("Law"),
        _("Evidence"), _("Root cause"),
    ]  # fmt: skip
    lines = [
        [section.title, point.code, point.title, point.word, *written_cells(written.get(point.code))]
        for section in facts.sections
        for point in section.points
    ]
    groups = [_("Group"), _("Women"), _("Men"), _("All"), _("Interviewed")]
    workers = [[line.group, line.women, line.men, line.total, line.interviewed] for line in facts.workers]
    return [
        Sheet(_("Audit"), [_("Fact"), _("Value")], head_lines(facts), (28, 60)),
        Sheet(_("Conclusions"), heads, lines, (24, 12, 40, 16, 60, 60, 40, 40, 40)),
        Sheet(_("Workers"), groups, workers, (32, 10, 10, 10, 14)),
    ]


def written_cells(row: AuditConclusion | None) -> list[object]:
    """Return what the auditors wrote on one checkpoint."""
    if row is None:
        return [""] * 5
    return ["\n".join(row.data_points), row.description, row.law, row.evidence, row.root_cause]


def head_lines(facts: Summary) -> list[list[object]]:
    """Return the facts of an audit, one a line."""
    return [
        [_("Site"), facts.site],
        [_("Supplier"), facts.supplier],
        [_("Place"), facts.place],
        [_("Buyer"), facts.buyer],
        [_("Programme"), facts.words.programme],
        [_("Kind"), facts.words.kind],
        [_("Audit firm"), facts.firm],
        [_("Auditors"), ", ".join(facts.auditors)],
        [_("First day on site"), facts.starts_on],
        [_("Last day on site"), facts.ends_on],
        [_("State"), facts.state],
        [_("Released on"), facts.released_on],
        [_("Valid until"), facts.valid_until],
        [_("Score"), facts.score],
        [_("Formula"), facts.formula],
        [_("Recognition"), facts.words.recognition],
        *([grade, count] for _severity, grade, count in facts.counts),
    ]
