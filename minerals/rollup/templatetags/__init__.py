"""Template filters of the roll-up."""
