"""Pages of findings and corrective actions, split by subject."""
