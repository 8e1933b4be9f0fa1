"""Pages of the registry of smelters."""
