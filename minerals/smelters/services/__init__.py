"""Deeds in the registry of smelters."""
