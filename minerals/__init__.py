"""What is in it: mineral declarations, smelters and their roll-up."""
