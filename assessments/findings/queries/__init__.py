"""Reads of findings and corrective actions, split by subject."""

from assessments.findings.queries.findings import (
    AGE_EDGES,
    age_clause,
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
    "AGE_EDGES",
    "age_clause",
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
