"""Reads of audits, split by subject."""

from assessments.audits.queries.audits import programme_of, unsigned_reason, visible_audits

__all__ = ["programme_of", "unsigned_reason", "visible_audits"]
