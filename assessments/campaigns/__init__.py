"""Asking many sites at once."""
