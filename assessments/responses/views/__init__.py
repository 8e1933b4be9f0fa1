"""Pages of answering, split by subject."""
