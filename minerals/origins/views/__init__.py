"""Pages of lists of risky areas."""
