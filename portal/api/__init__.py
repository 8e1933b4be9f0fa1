"""REST tokens, errors, pagination and schema."""
