"""Stored uploads and generated files."""
