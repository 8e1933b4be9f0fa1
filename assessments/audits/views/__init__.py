"""Pages of audits, split by subject."""
