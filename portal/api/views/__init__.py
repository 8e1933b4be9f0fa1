"""Pages of tokens, what the resources of every room share, and the schema."""
