"""One subject per file, no models."""
