"""Reads of findings and corrective actions, split by subject."""

from assessments.findings.queries.details import history_of, merge_targets, relatives_of, short_name
from assessments.findings.queries.findings import (
    AGE_EDGES,
    STANDINGS,
    age_clause,
    count_open,
    count_severities,
    distinct_values,
    facets_of,
    followed_relationships,
    known_provisions,
    listed_findings,
    natural,
    standing_clause,
    title_of,
    visible_findings,
    wanted_findings,
    workspace_findings,
    workspace_rows,
)
from assessments.findings.queries.places import find_places, place_of, provision_choices
from assessments.findings.queries.plans import plans_due

__all__ = [
    "AGE_EDGES",
    "STANDINGS",
    "age_clause",
    "count_open",
    "count_severities",
    "distinct_values",
    "facets_of",
    "find_places",
    "followed_relationships",
    "history_of",
    "known_provisions",
    "listed_findings",
    "merge_targets",
    "natural",
    "place_of",
    "plans_due",
    "provision_choices",
    "relatives_of",
    "short_name",
    "standing_clause",
    "title_of",
    "visible_findings",
    "wanted_findings",
    "workspace_findings",
    "workspace_rows",
]
