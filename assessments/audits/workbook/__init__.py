"""A table of conclusions: lines of text in, contents of checkpoints or cell problems out. No Django, no database."""
