"""Pages of customers' requests, split by subject."""
