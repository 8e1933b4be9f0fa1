"""Pages of questionnaires for buyers: which there are, and what a supplier sees."""
