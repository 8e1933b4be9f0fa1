"""Reads of findings and corrective actions, split by subject."""

from assessments.findings.queries.findings import (
    count_open,
    count_severities,
    distinct_values,
    facets_of,
    followed_relationships,
    known_provisions,
    listed_findings,
    natural,
    title_of,
    visible_findings,
    wanted_findings,
    workspace_findings,
    workspace_rows,
)

__all__ = [
    "count_open",
    "count_severities",
    "distinct_values",
    "facets_of",
    "followed_relationships",
    "known_provisions",
    "listed_findings",
    "natural",
    "title_of",
    "visible_findings",
    "wanted_findings",
    "workspace_findings",
    "workspace_rows",
]
