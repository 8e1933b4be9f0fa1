"""Audits in a worker. Importing the services registers the runners of this room's jobs."""
