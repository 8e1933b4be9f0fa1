"""Reads of audits, split by subject."""

from assessments.audits.queries.audits import programme_of, visible_audits

__all__ = ["programme_of", "visible_audits"]
