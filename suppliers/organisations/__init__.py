"""Organisations, sites, relationships and memberships."""
