"""Deeds on findings and corrective actions, split by subject."""

from assessments.findings.services.following import close_finding, reopen_finding
from assessments.findings.services.raising import Key, Raised, raise_findings

__all__ = ["Key", "Raised", "close_finding", "raise_findings", "reopen_finding"]
