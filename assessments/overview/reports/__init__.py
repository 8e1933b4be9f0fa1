"""Facts of the overview, split by page."""
