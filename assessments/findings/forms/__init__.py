"""Input for findings and corrective actions, split by subject."""
