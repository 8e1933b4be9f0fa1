"""WHO: organisations, sites, relationships and memberships."""
