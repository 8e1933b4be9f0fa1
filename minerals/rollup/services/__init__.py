"""Deeds of the roll-up: count declarations, group products, keep the company's own answers, compose its declaration."""

from minerals.rollup.services.refreshing import refresh_owner, refresh_rollup

__all__ = ["refresh_owner", "refresh_rollup"]
