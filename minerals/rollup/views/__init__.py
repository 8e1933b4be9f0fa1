"""Pages of the roll-up."""
