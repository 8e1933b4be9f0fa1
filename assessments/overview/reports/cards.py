"""Facts of the supplier card."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import get_language

from assessments.audits.enums import RELEASED_STATES
from assessments.audits.models import Audit
from assessments.audits.queries.naming import AuditWords, words_of
from assessments.findings.enums import Severity
from assessments.findings.models import Finding
from assessments.findings.queries import title_of
from assessments.findings.queries.plans import Progress, action_of, progress_of
from assessments.findings.queries.schemes import UNGROUPED
from assessments.findings.queries.sights import is_handed_in
from assessments.overview.queries import cards
from assessments.overview.queries.grouping import findings_by_item
from assessments.overview.queries.minerals import declarations_of
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.models import Response
from suppliers.organisations.models import Relationship

SHOWN_FINDINGS = 12


def card_facts(relationship: Relationship, group: str = UNGROUPED) -> dict[str, Any]:
    """Return everything the supplier card says, its findings by the items of a scheme if one is named."""
    responses = cards.responses_of(relationship)
    lines = cards.site_lines(relationship, responses)
    years = cards.years_of(responses)
    counted = {s: sum(line.findings.get(s, 0) for line in lines) for s in Severity.values}
    findings = cards.open_findings_of(relationship)
    grouped = findings_by_item(findings, group)
    scored = [line for line in lines if line.newest and line.newest.score is not None]
    return {
        "relationship": relationship,
        "lines": lines,
        "lowest": scored[0] if scored else None,
        "years": years,
        "latest": years[-1] if years else None,
        "change": round(years[-1]["score"] - years[-2]["score"], 1) if len(years) > 1 else None,
        "findings": [] if grouped.name else list(findings[:SHOWN_FINDINGS]),
        "grouped": grouped,
        "counted": counted,
        "finding_total": sum(counted.values()),
        "actions": [action_line(finding) for finding in cards.actions_of(relationship)],
        "action_counts": cards.count_actions(relationship),
        "plan_query": plan_query(relationship, lines),
        "audits": audit_lines(cards.audits_of(relationship)),
        "declarations": declarations_of(relationship),
        "finding_sites": sum(1 for line in lines if line.findings),
        "sections": titled_sections(lines),
        "responses": responses[:20],
        "handed_in": sum(1 for line in lines if line.newest and not line.waiting),
        "trend": {
            "type": "line",
            "categories": [year["period"] for year in years],
            "series": [{"name": "", "values": [year["score"] for year in years], "tone": "accent"}],
            "show_values": True,
            "axis": True,
        },
    }


def titled_sections(lines: list[cards.SiteLine]) -> list[dict[str, Any]]:
    """Return the means by section with titles in the reader's language, in the order of the newest document."""
    newest = next((line.newest for line in lines if line.newest), None)
    if newest is None:
        return []
    means = {line.code: line.score for line in cards.section_means(lines)}
    document = document_with(newest)
    language = get_language() or document.default_language
    return [
        {"title": document.pick(section.title, language)[0], "score": means[section.code]}
        for section in document.sections
        if section.code in means
    ]


def document_with(response: Response) -> Document:
    """Return the document a response answers."""
    return document_of(response.version)


def plan_query(relationship: Relationship, lines: list[cards.SiteLine]) -> str:
    """Return what to add to the address that asks for an audit: the one open site, or a search for them."""
    sites = [line.site.pk for line in lines if line.site.closed_on is None]
    return urlencode({"site": sites[0]} if len(sites) == 1 else {"q": relationship.vendor_code})


@dataclass(frozen=True)
class ActionLine:
    """One corrective action: what is done, and how far it is."""

    finding: Finding
    title: str
    progress: Progress


@dataclass(frozen=True)
class AuditLine:
    """One audit on the time line: `is_out` once its report is released."""

    audit: Audit
    words: AuditWords
    day: date
    is_out: bool
    is_over: bool


def action_line(finding: Finding) -> ActionLine:
    """Return a corrective action by the first line of its plan, by its provision while none is handed in."""
    action = action_of(finding)
    plan = (action.corrective or action.containment) if action and is_handed_in(action) else ""
    said = plan.strip().partition("\n")[0]
    title = title_of(finding.code_of_conduct, finding.provision, get_language() or "en")
    return ActionLine(finding, said or f"{finding.provision} {title}", progress_of(finding))


def audit_lines(audits: list[Audit]) -> list[AuditLine]:
    """Return the audits with their words; one query for all programmes."""
    words, today = words_of(audits), timezone.localdate()
    return [
        AuditLine(
            audit=audit,
            words=words[audit.pk],
            day=audit.day,  # type: ignore[attr-defined]
            is_out=audit.state in RELEASED_STATES,
            is_over=audit.valid_until is not None and audit.valid_until < today,
        )
        for audit in audits
    ]
