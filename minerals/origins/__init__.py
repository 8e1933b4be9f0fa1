"""Countries of origin: which are covered, which are risky, what a text in a template says."""
