"""A programme in words, for whoever is audited by it or chooses it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.audits.document import Programme, Severity, Text
from assessments.findings.clocks import Clock
from assessments.findings.enums import ActionManager, Anchor
from portal.lib.formats import figure
from portal.lib.texts import pick_text


@dataclass(frozen=True)
class GradeLine:
    """One severity: its name here, what a finding of it takes off, who manages what is done about it."""

    severity: str
    title: str
    deduction: float
    manager: str


@dataclass(frozen=True)
class LevelLine:
    """One level of recognition: from which score, and what must be settled."""

    title: str
    score: float
    settled: str


@dataclass(frozen=True)
class ClockLine:
    """One row of the table of clocks, each date in words."""

    severity: str
    title: str
    topic: str
    plan: str
    approval: str
    done: str


def words(text: Text) -> str:
    """Return a text in the reader's language."""
    return pick_text(text)[0]


def kind_lines(programme: Programme) -> list[tuple[str, str]]:
    """Return every kind of audit with what it is for."""
    return [(words(kind.title), kind_words(kind.validity_months, follows=kind.follows)) for kind in programme.kinds]


def kind_words(months: int | None, *, follows: bool) -> str:
    """Return how long an audit of a kind is valid, or what it checks."""
    valid = ngettext("valid for %(months)d month", "valid for %(months)d months", months or 0) % {"months": months or 0}
    if follows:
        checks = _("checks what an earlier audit found")
        return f"{checks}, {valid}" if months else checks
    return valid if months else _("without an end of validity")


def grade_lines(programme: Programme) -> list[GradeLine]:
    """Return the severities by their names in the programme, worst first."""
    return [
        GradeLine(
            severity=str(severity),
            title=words(programme.grade(severity).title),
            deduction=programme.grade(severity).deduction,
            manager=str(ActionManager(programme.manager_of(severity)).label),
        )
        for severity in Severity
    ]


def level_lines(programme: Programme) -> list[LevelLine]:
    """Return the levels of recognition, the highest first."""
    return [
        LevelLine(words(level.title), level.score, grade_names(programme, level.settled))
        for level in programme.recognition
    ]


def grade_names(programme: Programme, severities: tuple[Severity, ...]) -> str:
    """Return the names of severities in a line."""
    return ", ".join(words(programme.grade(severity).title) for severity in severities)


def formula(programme: Programme) -> str:
    """Return the score as a formula in words, empty where there is none."""
    if programme.score is None:
        return ""
    parts = [_("%(top)s × conform ÷ applicable") % {"top": figure(programme.score.top)}]
    for line in grade_lines(programme):
        if line.deduction:
            parts.append(_("%(points)s for each %(grade)s") % {"points": figure(line.deduction), "grade": line.title})
    return " − ".join(parts)


def clock_lines(programme: Programme) -> list[ClockLine]:
    """Return the table of clocks in words, worst first; a topic's own row stands before the one for every other."""
    order = {str(severity): rank for rank, severity in enumerate(Severity)}
    rows = sorted(programme.clocks, key=lambda clock: (order[clock.severity], clock.topic is None))
    return [clock_line(programme, clock) for clock in rows]


def clock_line(programme: Programme, clock: Clock) -> ClockLine:
    """Return one row in words."""
    topics = {topic.code: words(topic.title) for topic in programme.topics}
    others = any(one.topic for one in programme.clocks if one.severity == clock.severity)
    every = _("Every other topic") if others else _("Every topic")
    return ClockLine(
        severity=clock.severity,
        title=words(programme.grade(clock.severity).title),
        topic=topics[clock.topic] if clock.topic else every,
        plan=span_words(clock.plan, clock.anchor),
        approval=span_words(clock.approval, clock.anchor),
        done=span_words(clock.done, clock.anchor),
    )


def span_words(days: int | None, anchor: Anchor) -> str:
    """Return a span of days with the day it runs from."""
    if days is None:
        return _("no date")
    if anchor is Anchor.DISCOVERY:
        return ngettext("within %(days)d day of discovery", "within %(days)d days of discovery", days) % {"days": days}
    return ngettext("within %(days)d day of the report", "within %(days)d days of the report", days) % {"days": days}


def topic_lines(programme: Programme) -> list[tuple[str, str]]:
    """Return the topics that have clocks of their own, with the provisions that belong to them."""
    chosen = _("chosen by the auditor")
    return [(words(topic.title), ", ".join(topic.provisions) or chosen) for topic in programme.topics]


def point_lines(programme: Programme) -> list[tuple[str, str, str]]:
    """Return code, title and provision of every checkpoint."""
    return [(point.code, words(point.title), point.provision) for point in programme.points]
