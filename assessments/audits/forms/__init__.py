"""Input for audits, split by subject."""
