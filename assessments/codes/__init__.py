"""Codes of conduct as data: provisions, titles, crosswalks between versions."""
