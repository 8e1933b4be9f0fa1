"""Reads of the overview, split by page."""
