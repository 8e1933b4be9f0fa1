"""Deeds on audits, split by subject; import them from their modules."""
