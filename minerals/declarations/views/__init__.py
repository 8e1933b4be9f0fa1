"""Pages about declarations, split by subject."""
