"""Facts of the supplier card."""

from typing import Any

from django.utils.translation import get_language

from assessments.findings.enums import Severity
from assessments.overview.queries import cards
from assessments.questionnaires.document import Document
from assessments.questionnaires.queries import document_of
from assessments.responses.models import Response
from suppliers.organisations.models import Relationship


def card_facts(relationship: Relationship) -> dict[str, Any]:
    """Return everything the supplier card says."""
    responses = cards.responses_of(relationship)
    lines = cards.site_lines(relationship, responses)
    years = cards.years_of(responses)
    counted = {s: sum(line.findings.get(s, 0) for line in lines) for s in Severity.values}
    scored = [line for line in lines if line.newest and line.newest.score is not None]
    return {
        "relationship": relationship,
        "lines": lines,
        "lowest": scored[0] if scored else None,
        "years": years,
        "latest": years[-1] if years else None,
        "change": round(years[-1]["score"] - years[-2]["score"], 1) if len(years) > 1 else None,
        "findings": cards.open_findings_of(relationship),
        "counted": counted,
        "finding_total": sum(counted.values()),
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
