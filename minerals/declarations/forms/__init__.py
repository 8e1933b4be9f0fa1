"""Input about declarations, split by subject."""
