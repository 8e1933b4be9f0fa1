"""Scores and flags: a snapshot and a document in, contributions out."""
